"""Entries and batches as Hypothesis draws them: few values of each kind, so that they meet, and some odd ones."""

from __future__ import annotations

from hypothesis import strategies as st

from storage.batch import Batch
from storage.labels import Labels
from tests.storage.entries import Entry, batch_of

__all__ = ["TIMES", "batches", "entries", "entry_lists"]

_INT64 = 1 << 63
_WORDS = st.sampled_from(["", "a", "b", "é", "\U0001f525 fire", 'quote " and \\', "line\nbreak", "nul \0 inside"])
TEXTS = _WORDS | st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
TIMES = (
    st.integers(0, 3)
    | st.sampled_from([-1, -(10**18), 1_700_000_000_000_000_000, _INT64 - 1, -_INT64])
    | st.integers(-_INT64, _INT64 - 1)
)
LABELS = st.dictionaries(st.sampled_from(["app", "env", "a.b", "é"]), TEXTS, max_size=2).map(Labels)
_STREAMS = st.lists(LABELS, min_size=1, max_size=3, unique=True)
_NAMES = st.sampled_from(["level", "trace_id", "", "metadata", "metadata.x"])
METADATA = st.dictionaries(_NAMES, TEXTS, max_size=3).map(lambda pairs: frozenset(pairs.items()))


def entries(labels: st.SearchStrategy[Labels] = LABELS) -> st.SearchStrategy[Entry]:
    return st.builds(Entry, labels, TIMES, TEXTS, METADATA)


@st.composite
def entry_lists(draw: st.DrawFn, min_size: int = 0, max_size: int = 12) -> list[Entry]:
    """Entries of few streams; some of them many keys wide, some with a value of its own in each row."""
    streams = draw(_STREAMS)
    drawn = draw(st.lists(entries(st.sampled_from(streams)), min_size=min_size, max_size=max_size))
    if draw(st.booleans()):
        drawn = [_with(entry, {"unique": f"id-{row}"}) for row, entry in enumerate(drawn * 3)]
    if drawn and draw(st.integers(0, 9)) == 0:
        keys = draw(st.integers(60, 70))
        drawn[0] = _with(drawn[0], {f"key{number}": "x" for number in range(keys)})
        drawn[-1] = _with(drawn[-1], {f"key{number}": "y" for number in range(0, keys, 2)})
    return drawn


def batches(min_size: int = 0, max_size: int = 12) -> st.SearchStrategy[Batch]:
    return entry_lists(min_size, max_size).map(batch_of)


def _with(entry: Entry, metadata: dict[str, str]) -> Entry:
    return entry._replace(metadata=frozenset((dict(entry.metadata) | metadata).items()))
