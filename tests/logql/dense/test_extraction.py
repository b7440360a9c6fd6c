"""A query over a part with dense columns answers as one over lines: the twin is the same query without columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from logql.scan.frame import Frame
from logql.stages.pipeline import Pipeline
from storage.batch import Batch
from storage.deletes import HiddenSource
from storage.labels import Labels
from storage.part import Part, write_part
from storage.settings import StorageSettings
from storage.source import BatchSource, Source
from storage.stores import DiskStore
from tests.logql.dense.parts import with_columns
from tests.logql.differential.datasets import dataset
from tests.logql.frames import stages_of
from tests.storage.entries import Entry, batch_of, entries_of_sources

NAMES = (
    "level",
    "status",
    "dur",
    "user",
    "msg",
    "req_took",
    "app",
    "env",
    "trace",
    "none",
    "level_extracted",
    "__error__",
)
TAILS = (
    "| json",
    "| logfmt",
    "| json | logfmt",
    '|= "level" | json',
    '!= "level" | logfmt',
    '|= "level=" or "status" | logfmt',
    '|= "\\"level\\":" != "user" | json',
    '| label_format level="L" | json',
    "| drop level | json | logfmt",
    "| json | level != ``",
    "| logfmt --strict",
    "| logfmt --keep-empty",
    '| json level="level"',
    '| logfmt level="status"',
    "| line_format `level=x` | logfmt",
    "| decolorize | logfmt",
    "| line_format `{{.app}}` | json",
)
entries_of_one_shape = st.builds(
    lambda seed, rows: one_stream(made(Random(seed), rows)), st.integers(0, 1 << 32), st.integers(1, 60)
)


def one_stream(lines: Sequence[str]) -> list[Entry]:
    return [Entry(Labels({"app": "a"}), n, line) for n, line in enumerate(lines)]


def made(random: Random, rows: int) -> list[str]:
    """Mostly records with the same keys; some are broken or of other kinds."""

    def level() -> str:
        return random.choice(("info", "warn"))

    shapes: tuple[Callable[[], str], ...] = (
        lambda: f'{{"level":"{level()}","status":{random.randint(1, 9)},"dur":"{random.random():.3f}"}}',
        lambda: f"level={level()} status={random.randint(1, 3)} dur={random.random():.2f}ms",
        lambda: f'{{"user":"u","req":{{"took":{random.randint(-5, 10**10)}}},"level":null}}',
        lambda: random.choice(("", "x", " {}", "{", '{"level":"a","level":"b"}', '{"a":1', "level", 'level="a b" =x')),
        lambda: '{"level":"first","x":{"y":}, "status":"5"}',
        lambda: 'level=\ufffd user="a\\nb" status=',
    )
    weights = [random.choice((0, 1, 10)) for _ in shapes]
    return [random.choices(shapes, weights if any(weights) else None)[0]() for _ in range(rows)]


def dense_part(folder: str, batch: Batch, chunk_bytes: int) -> Part:
    store = DiskStore(Path(folder) / "parts")
    index = write_part(store, "t", batch, 1, StorageSettings(chunk_bytes=chunk_bytes))
    return with_columns(store, Part(store, index))


def seen(source: Source, tail: str, needed: frozenset[str], rows: NDArray[np.int64]) -> list[tuple[object, ...]]:
    frame = Pipeline(stages_of(tail), needed)(Frame(source, rows))
    if not len(frame):
        return []
    state = frame.labels(needed)
    columns = [state.lookup(name) for name in sorted(needed)]
    errors = [state.errors.get(name) for name in ("__error__", "__error_details__")]
    return [
        (int(row), *(column.text(n) for column in columns), *(each and each.text(n) for each in errors))
        for n, row in enumerate(frame.rows.tolist())
    ]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.one_of(
        st.builds(lambda seed: dataset(Random(seed)), st.integers(0, 1 << 32)),
        entries_of_one_shape,
    ),
    st.lists(st.tuples(st.sampled_from(TAILS), st.sets(st.sampled_from(NAMES), max_size=3)), min_size=8, max_size=8),
    st.sampled_from((1 << 20, 500)),
    st.integers(1, 3),
)
def test_columns_answer_as_lines_do(
    entries: Sequence[Entry], questions: list[tuple[str, set[str]]], chunk_bytes: int, step: int
) -> None:
    with TemporaryDirectory() as folder:
        part = dense_part(folder, batch_of(entries), chunk_bytes)
        assert sorted(entries_of_sources(part.chunks)) == sorted(entries)
        chunks: list[Source] = list(part.chunks)
        for source in chunks + [without_every_third(chunk) for chunk in chunks if len(chunk) > 1]:
            plain = in_memory(source)
            rows = np.arange(0, len(source), step)
            for tail, needed in questions:
                assert seen(source, tail, frozenset(needed), rows) == seen(plain, tail, frozenset(needed), rows), tail


def in_memory(source: Source) -> BatchSource:
    return BatchSource(Batch(tuple(source.streams), source.stream(), source.ts(), source.line(), source.metadata()))


def without_every_third(source: Source) -> HiddenSource:
    """As if deletes had hidden them."""
    return HiddenSource(source, [lambda whole: np.arange(len(whole)) % 3 == 0])


class Unread:
    """A source whose lines nobody may read."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def __getattr__(self, name: str) -> object:
        if name == "line":
            raise AssertionError("a line was read")
        return getattr(self._source, name)

    def __len__(self) -> int:
        return len(self._source)


JSON = [f'{{"level":"{"ab"[n % 2]}","took_ms":{n % 7}.250,"id":"{n * 7919:x}"}}' for n in range(64)]
TEXT = ["[TRT] a line of text", "", "GET /level HTTP/1.1"]
LOGFMT = [f"severity={'xy'[n % 2]} wait={n % 5}ms caller=c.cc:{n}" for n in range(64)]


@pytest.mark.parametrize(
    ("tail", "needed", "lines"),
    [
        ("| json", {"level"}, JSON),
        ("| json", {"level", "took_ms"}, JSON + TEXT),
        ("| json", {"nothing has it"}, JSON),
        ("| json | level=`a`", {"took_ms"}, JSON),
        ("| json | level=`a` | drop __error__", set(), JSON + TEXT),
        ("|= `took_ms` | json", {"level"}, JSON + TEXT + LOGFMT),
        ('|= `"took_ms":` | json', {"level"}, JSON + TEXT + LOGFMT),
        ("|= `id` | json", {"level"}, JSON + LOGFMT),
        ("|= `caller=` | logfmt", {"wait"}, JSON + TEXT + LOGFMT),
        ("!= `wait` | json", {"level"}, JSON + LOGFMT),
        ("| logfmt", {"wait", "severity"}, JSON + TEXT + LOGFMT),
    ],
)
def test_no_line_is_read_where_columns_tell(tmp_path: Path, tail: str, needed: set[str], lines: list[str]) -> None:
    entries = one_stream(lines)
    (chunk,) = dense_part(str(tmp_path), batch_of(entries), 1 << 20).chunks
    rows = np.arange(len(chunk))
    without: Source = Unread(chunk)  # type: ignore[assignment]
    assert seen(without, tail, frozenset(needed), rows) == seen(
        BatchSource(batch_of(entries)), tail, frozenset(needed), rows
    )


@pytest.mark.parametrize(
    ("tail", "needed", "lines"),
    [
        ("| json", {"id"}, JSON),  # texts that hardly repeat are no columns
        ("| json", {"level"}, [*JSON, '{"level":"a"']),
        ("|= `level` | json", {"level"}, JSON + TEXT),  # another line has the word, too
        ("|= `leve` | json", {"level"}, [*JSON, "leverage"]),
        ("| logfmt --strict", {"wait"}, LOGFMT),
    ],
)
def test_lines_are_read_where_columns_do_not_tell(
    tmp_path: Path, tail: str, needed: set[str], lines: list[str]
) -> None:
    entries = one_stream(lines)
    (chunk,) = dense_part(str(tmp_path), batch_of(entries), 1 << 20).chunks
    rows = np.arange(len(chunk))
    without: Source = Unread(chunk)  # type: ignore[assignment]
    with pytest.raises(AssertionError, match="a line was read"):
        seen(without, tail, frozenset(needed), rows)
    assert seen(chunk, tail, frozenset(needed), rows) == seen(
        BatchSource(batch_of(entries)), tail, frozenset(needed), rows
    )
