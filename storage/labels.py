"""Label sets: the identity of a stream."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, total_ordering

import xxhash

from storage.text import go_quote

__all__ = ["Labels"]

_PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")


@total_ordering
class Labels(Mapping[str, str]):
    """An immutable label set, sorted by name.

    ``text`` is Loki's canonical form ``{app="web", env="prod"}``: error texts quote it and log results are sorted by
    it. Labels compare pair by pair (name, then value), which is the order of metric results.
    """

    __slots__ = ("__dict__", "_by_name", "_hash", "pairs")

    def __init__(self, pairs: Mapping[str, str] | Iterable[tuple[str, str]] = ()) -> None:
        self.pairs: tuple[tuple[str, str], ...] = tuple(sorted(dict(pairs).items()))
        self._by_name = dict(self.pairs)
        self._hash = hash(self.pairs)  # asked for many times in each push

    def __getitem__(self, name: str) -> str:
        return self._by_name[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_name)

    def __len__(self) -> int:
        return len(self.pairs)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return self.pairs == other.pairs if isinstance(other, Labels) else NotImplemented

    def __lt__(self, other: Labels) -> bool:
        return self.pairs < other.pairs

    def __repr__(self) -> str:
        return f"Labels({self.text})"

    @cached_property
    def text(self) -> str:
        """The canonical text, names that are not plain identifiers quoted: ``{app="web", "é"="x"}``."""
        return "{" + ", ".join(f"{_name(name)}={go_quote(value)}" for name, value in self.pairs) + "}"

    @cached_property
    def hash64(self) -> int:
        """XXH64 over ``name 0xFF value 0xFF``: orders entries of different streams at one nanosecond, as in Loki."""
        parts = b"".join(name.encode() + b"\xff" + value.encode() + b"\xff" for name, value in self.pairs)
        return xxhash.xxh64_intdigest(parts)

    def merged(self, other: Mapping[str, str]) -> Labels:
        """These labels with those of ``other`` added or put in their place."""
        return Labels({**self._by_name, **other}) if other else self


def _name(name: str) -> str:
    return name if _PLAIN_NAME.match(name) else go_quote(name)
