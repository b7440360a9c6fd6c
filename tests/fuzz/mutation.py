"""Inputs that are nearly good: where no coverage guides the search, changes of the bytes that fuzzing begins from."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

__all__ = ["MAX_BYTES", "mutated"]

MAX_BYTES = 64 << 10
_BYTES = (0, 1, 0x7F, 0x80, 0xFF, *b'"{}[]\\,:.0-|=~()` \n')
_MAX_CHANGES = 8


def mutated(random: Random, seeds: Sequence[bytes]) -> bytes:
    """One of the seeds, or two of them joined, with a few changes."""
    data = bytearray(random.choice(seeds))
    for _ in range(random.randint(1, _MAX_CHANGES)):
        _change(random, data, seeds)
    return bytes(data[:MAX_BYTES])


def _change(random: Random, data: bytearray, seeds: Sequence[bytes]) -> None:
    at = random.randint(0, len(data))
    end = min(len(data), at + random.choice((1, 2, 4, 16, 64)))
    match random.randrange(6):
        case 0:
            data[at:end] = random.randbytes(random.randint(0, 4))
        case 1:
            data[at:at] = bytes([random.choice(_BYTES)]) * random.choice((1, 1, 1, 2, 50))
        case 2:
            del data[at:end]
        case 3:
            data[at:at] = data[at:end] * random.choice((1, 2, 30))
        case 4:
            other = random.choice(seeds)
            start = random.randint(0, len(other))
            data[at:end] = other[start : start + random.randint(1, 40)]
        case _ if at < len(data):
            data[at] ^= 1 << random.randrange(8)
