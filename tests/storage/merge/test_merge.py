"""A merged part holds the rows of its inputs, in order, whatever they were."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from storage.batch import Batch
from storage.errors import CorruptData
from storage.labels import Labels
from storage.merge import Merge, MergeHooks
from storage.part import Part, write_part
from storage.settings import StorageSettings
from storage.source import Source
from storage.stores import DiskStore
from tests.storage.entries import Entry, batch_of, entries_of_sources
from tests.storage.strategies import entry_lists

FEW = settings(max_examples=30, deadline=None)  # each writes files
SMALL = StorageSettings(chunk_bytes=50)
PUSHES = st.lists(entry_lists(min_size=1), min_size=1, max_size=5)
PLAIN = MergeHooks()
STREAM = Labels({"app": "web"})


def written(root: Path, pushes: Sequence[Sequence[Entry]], sizes: StorageSettings = SMALL) -> list[Part]:
    store = DiskStore(root)
    return [
        Part(store, write_part(store, "fake", batch_of(entries), number, sizes))
        for number, entries in enumerate(pushes)
    ]


def merged(inputs: Sequence[Part], hooks: MergeHooks = PLAIN, sizes: StorageSettings = SMALL) -> Part:
    return Part(inputs[0].store, Merge(inputs, sizes, hooks).write((), lambda: None))


def in_order(pushes: Sequence[Sequence[Entry]]) -> list[Entry]:
    rows = [entry for entries in pushes for entry in entries]
    return sorted(rows, key=lambda entry: (entry.labels.text, entry.ts))


def numbered(first: int, rows: int, **metadata: str) -> list[Entry]:
    return [Entry(STREAM, ts, f"line {ts}", frozenset(metadata.items())) for ts in range(first, first + rows)]


@FEW
@given(PUSHES, st.integers(1, 200), st.integers(1, 400))
def test_a_merge_has_the_rows_of_its_inputs_sorted_and_ties_as_they_came(
    pushes: list[list[Entry]], chunk_bytes: int, window_bytes: int
) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr("storage.merge.ordered._WINDOW_BYTES", window_bytes)
        sizes = StorageSettings(chunk_bytes=chunk_bytes)
        inputs = written(Path(folder), pushes)
        part = merged(inputs, sizes=sizes)
        assert entries_of_sources(part.chunks) == in_order(pushes)
        assert part.index.replaces == tuple(each.index.key for each in inputs)
        again = Part.load(part.store, part.keys[1])
        assert entries_of_sources(again.chunks) == in_order(pushes)
        newest = {labels: max(e.ts for e in in_order(pushes) if e.labels == labels) for labels in part.index.streams}
        assert dict(zip(part.index.streams, part.index.newest_ts.tolist(), strict=True)) == newest


@FEW
@given(PUSHES)
def test_merging_in_steps_makes_the_same_rows_as_merging_at_once(pushes: list[list[Entry]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        inputs = written(Path(folder), pushes)
        while len(inputs) > 1:
            inputs = [merged(inputs[:2]), *inputs[2:]]
        assert entries_of_sources(inputs[0].chunks) == in_order(pushes)


@FEW
@given(PUSHES, st.randoms(use_true_random=False), st.integers(1, 400))
def test_rows_that_are_not_kept_leave_nothing_behind(
    pushes: list[list[Entry]], random: object, window_bytes: int
) -> None:
    dropped: set[str] = set()

    def keep(source: Source) -> NDArray[np.bool_] | None:
        mask = np.array([random.random() < 0.5 for _ in range(len(source))])  # type: ignore[attr-defined]
        for row in np.flatnonzero(~mask):
            dropped.add(source.line()[int(row)].as_py())
        masks.append(mask)
        return mask

    masks: list[NDArray[np.bool_]] = []
    unique = [[e._replace(line=f"{p}-{r}-{e.line}") for r, e in enumerate(rows)] for p, rows in enumerate(pushes)]
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr("storage.merge.ordered._WINDOW_BYTES", window_bytes)
        inputs = written(Path(folder), unique)
        merge = Merge(inputs, SMALL, MergeHooks(keep=keep))
        expected = [entry for entry in in_order(unique) if entry.line not in dropped]
        if not expected:
            assert merge.key is None
            return
        part = Part(inputs[0].store, merge.write((), lambda: None))
        assert entries_of_sources(part.chunks) == expected
        assert set(part.index.streams) == {entry.labels for entry in expected}
        assert set(part.index.metadata_names) == {name for entry in expected for name, _ in entry.metadata}
        for name, column in {n: c for chunk in part.chunks for n, c in chunk.metadata().items()}.items():
            texts = {text for entry in expected for key, text in entry.metadata if key == name}
            assert set(column.values.to_pylist()) <= texts


def test_the_name_follows_from_the_inputs_and_from_what_is_left_out(tmp_path: Path) -> None:
    inputs = written(tmp_path, [numbered(0, 5), numbered(5, 5)])
    first_only = MergeHooks(keep=lambda source: source.ts() == source.min_ts)
    keys = [Merge(chosen, SMALL, hooks).key for chosen in (inputs, inputs[:1]) for hooks in (MergeHooks(), first_only)]
    assert len({*keys, *(part.index.key for part in inputs)}) == 6
    assert keys[0] == Merge(inputs, SMALL, MergeHooks()).key


@pytest.mark.parametrize("rows", [3, 300])
def test_texts_that_most_rows_have_to_themselves_get_no_dictionary(tmp_path: Path, rows: int) -> None:
    pushes = [[e for n in range(rows) for e in numbered(first + n, 1, id=f"{first + n}", level="info")]
              for first in (0, 1000, 2000)]  # fmt: skip
    part = merged(written(tmp_path, pushes))
    types = {name: part.read(0, [name]).column(name).type for name in ("metadata.id", "metadata.level")}
    assert pa.types.is_dictionary(types["metadata.level"])
    assert pa.types.is_dictionary(types["metadata.id"]) == (3 * rows <= 16)
    assert entries_of_sources(part.chunks) == in_order(pushes)


def test_the_lines_of_few_chunks_are_in_memory_at_once_however_many_inputs_there_are(tmp_path: Path) -> None:
    lines = [f"{n:05}" * 20_000 for n in range(10)]  # 100 kB each
    pushes = [[Entry(STREAM, 100 * n + p, line) for n, line in enumerate(lines * 2)] for p in range(16)]
    settings = StorageSettings(chunk_bytes=2 << 20, merge_compression_level=1)
    inputs = written(tmp_path, pushes, settings)
    held: list[int] = []
    before = pa.total_allocated_bytes()
    Merge(inputs, settings, PLAIN).write((), lambda: held.append(pa.total_allocated_bytes() - before))
    assert len(held) == 16
    assert max(held) < 20 << 20  # a chunk of each would be 32 MB


def test_rows_that_were_damaged_since_somebody_read_them_are_not_sealed_in_a_merged_part(tmp_path: Path) -> None:
    rows = [Entry(STREAM, 0, "a text that stands nowhere else"), *numbered(1, 50)]
    inputs = written(tmp_path, [rows, numbered(20, 50)], StorageSettings())
    assert entries_of_sources(inputs[0].chunks) == rows
    path = tmp_path / inputs[0].keys[0]
    path.write_bytes(path.read_bytes().replace(b"a text that", b"a test that"))
    assert inputs[0].chunks[0].line()[0].as_py() == "a test that stands nowhere else"  # no query looks twice
    with pytest.raises(CorruptData, match="checksum mismatch in chunk 0"):
        merged(inputs)


def test_columns_of_others_are_beside_those_of_the_rows(tmp_path: Path) -> None:
    seen: list[int] = []

    def plan(inputs: Sequence[Part]) -> object:
        def columns_for(chunk: Batch) -> dict[str, pa.Array]:
            seen.append(len(chunk))
            return {"dense.length": pa.array([len(line) for line in chunk.line.to_pylist()], pa.int64())}

        return columns_for

    pushes = [numbered(0, 50), numbered(20, 50)]
    part = merged(written(tmp_path, pushes), MergeHooks(plan_columns=plan))  # type: ignore[arg-type]
    assert len(seen) == len(part.chunks) > 1
    lengths = [n for chunk in range(len(seen)) for n in part.read(chunk, ["dense.length"]).column(0).to_pylist()]
    assert lengths == [len(entry.line) for entry in in_order(pushes)]
    assert entries_of_sources(part.chunks) == in_order(pushes)
    assert entries_of_sources(merged([part]).chunks) == in_order(pushes)
