"""Entries dealt out to sources of every kind: in memory, with deleted rows, in parts; and what is counted of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from hypothesis import strategies as st

from storage.deletes import HiddenSource
from storage.labels import Labels
from storage.part import Part, write_part
from storage.settings import StorageSettings
from storage.source import BatchSource, Source
from storage.stores import DiskStore
from tests.storage.entries import Entry, batch_of

__all__ = ["MS", "STREAMS", "entries", "stored_sources", "varied_sources"]

MS = 1_000_000
STREAMS = (
    Labels({"app": "web", "env": "prod"}),
    Labels({"app": "web", "env": "test"}),
    Labels({"app": "db", "env": "prod"}),
    Labels({"app": "cron"}),
)

entries = st.lists(
    st.builds(
        Entry,
        st.sampled_from(STREAMS),
        st.integers(0, 30).map(lambda ms: ms * MS),
        st.sampled_from(["", "a", "äö", "x" * 700, "y" * 3000]),
    ),
    min_size=1,
    max_size=24,
)


def varied_sources(found: Sequence[Entry], hidden: Sequence[Entry]) -> list[Source]:
    """``found`` in two sources; ``hidden`` are in the second one, too, and deleted."""
    middle = len(found) // 2
    sources: list[Source] = [BatchSource(batch_of(found[:middle]))] if middle else []
    behind = [*found[middle:], *hidden]
    mask = np.arange(len(behind)) >= len(found) - middle
    return [*sources, HiddenSource(BatchSource(batch_of(behind)), [lambda _: mask if mask.any() else None])]


def stored_sources(found: Sequence[Entry], chunk_bytes: int) -> tuple[TemporaryDirectory[str], list[Source]]:
    """``found`` as the chunks of a part in a folder that lives as long as the first value."""
    folder = TemporaryDirectory()
    store = DiskStore(Path(folder.name))
    index = write_part(store, "t", batch_of(found), 1, StorageSettings(chunk_bytes=chunk_bytes))
    return folder, list(Part(store, index).chunks)
