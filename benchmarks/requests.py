"""Turns a workload into finished push bodies, so that pushing measures the server and not this program."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.formats import FORMATS
from benchmarks.protobuf import encode_entry, encode_push, encode_stream, label_text
from benchmarks.workload import Block, Workload

__all__ = ["Load", "bodies_of", "prepare"]

FRAME_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Load:
    """Everything that will be sent, and what is known about it.

    frames   the lines, newline-separated, in pieces of 1 MB: what the floors compress
    counts   lines by format name; ``error``: lines that contain that word; ``first stream``: lines of stream 0
    """

    bodies: Sequence[bytes]
    frames: Sequence[bytes]
    line_bytes: int
    counts: dict[str, int]


def prepare(workload: Workload) -> Load:
    """Generate, count and encode; about 4 s for a million lines."""
    label_texts = [label_text(labels) for labels in workload.labels]
    counts = dict.fromkeys([*FORMATS, "error", "first stream"], 0)
    bodies: list[bytes] = []
    texts: list[bytes] = []
    for block in workload.blocks():
        _count(block, counts)
        bodies.extend(_bodies(block, label_texts, workload.request_lines))
        texts.append(b"\n".join(block.lines.cast(pa.binary()).to_pylist()) + b"\n")
    joined = b"".join(texts)
    frames = [joined[at : at + FRAME_BYTES] for at in range(0, len(joined), FRAME_BYTES)]
    return Load(bodies, frames, len(joined) - workload.lines, counts)


def bodies_of(workload: Workload) -> Iterator[bytes]:
    """The bodies alone, for who pushes more than fits into memory as lines."""
    label_texts = [label_text(labels) for labels in workload.labels]
    for block in workload.blocks():
        yield from _bodies(block, label_texts, workload.request_lines)


def _count(block: Block, counts: dict[str, int]) -> None:
    for name, number in zip(FORMATS, np.bincount(block.kind), strict=False):
        counts[name] += int(number)
    counts["error"] += int(pc.sum(pc.match_substring(block.lines, "error")).as_py())
    counts["first stream"] += int((block.stream == 0).sum())


def _bodies(block: Block, label_texts: Sequence[str], request_lines: int) -> Iterator[bytes]:
    lines = block.lines.cast(pa.binary()).to_pylist()
    streams, times = block.stream.tolist(), block.ts.tolist()
    for first in range(0, len(lines), request_lines):
        entries: dict[int, list[bytes]] = {}
        for row in range(first, min(first + request_lines, len(lines))):
            entries.setdefault(streams[row], []).append(encode_entry(times[row], lines[row]))
        yield encode_push(encode_stream(label_texts[stream], rows) for stream, rows in entries.items())
