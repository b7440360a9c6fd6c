"""Sections of an index: what a part knows of itself beyond its plan, each read only by who needs it.

A builder sees the chunks of a part once, in their order, while the part is written or its index is made again. The
Arrow file's metadata names the sections, so that a rebuilt index has the same ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

import google_crc32c

from storage.batch import Batch
from storage.counts import COUNTS, CountsBuilder
from storage.errors import CorruptData
from storage.filters import FilterBuilder
from storage.patterns import PATTERNS, LineMiner, PatternsBuilder

__all__ = [
    "BUILDERS",
    "FILTERS",
    "Builders",
    "Section",
    "SectionBuilder",
    "builders_of",
    "builders_with",
    "place_sections",
]

FILTERS = "filters"


class SectionBuilder(Protocol):
    """Makes one section from all chunks of a part."""

    def add(self, chunk: Batch) -> None:
        """``chunk`` is over the stream table of the part, sorted by stream and time."""

    def to_bytes(self) -> bytes:
        """The section, once all chunks were added."""


Builders = Mapping[str, Callable[[], SectionBuilder]]

BUILDERS: dict[str, Callable[[], SectionBuilder]] = {COUNTS: CountsBuilder, FILTERS: FilterBuilder}


def builders_with(miner: Callable[[], LineMiner] | None) -> Builders:
    """Of all sections that a merged part can have; without a ``miner`` it has no patterns."""
    return BUILDERS if miner is None else {**BUILDERS, PATTERNS: lambda: PatternsBuilder(miner())}


def builders_of(names: Iterable[str], builders: Builders = BUILDERS) -> Builders:
    """Of these sections; one that nobody here can make is left out: no answer needs it."""
    return {name: builders[name] for name in names if name in builders}


@dataclass(frozen=True, slots=True)
class Section:
    """Where a section lies: ``offset`` counts from the end of the index's document."""

    offset: int
    stored_bytes: int
    crc32c: int

    def checked(self, data: bytes, path: str) -> bytes:
        """``data`` if it is what was written. Raises CorruptData."""
        if len(data) != self.stored_bytes or google_crc32c.value(data) != self.crc32c:
            raise CorruptData(path, self.offset, "checksum mismatch in a section of the index")
        return data


def place_sections(contents: Mapping[str, bytes]) -> dict[str, Section]:
    """Where each content lies when all of them are written in this order."""
    sections, offset = {}, 0
    for name, data in contents.items():
        sections[name] = Section(offset, len(data), google_crc32c.value(data))
        offset += len(data)
    return sections
