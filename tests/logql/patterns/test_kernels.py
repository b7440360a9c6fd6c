"""The kernels that put lines under templates are held to their twins."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from logql.patterns.kernels import assign_templates, find_pieces, shape_hash
from logql.patterns.miner import PatternMiner
from logql.patterns.pieces import mined_piece, split_words
from storage.batch import string_buffers

TEXTS = st.lists(
    st.sampled_from(['"', "\\", ":", ",", " ", "\t", "\v", "{", "}", "[", "]", "<", ">", "<_>", "<a1>", "_", "é", "7"])
    | st.sampled_from(["msg", "message", "_msg", '"msg":"', '{"message": "', "user", "=", "x" * 600]),
    max_size=14,
).map("".join)
LINES = st.lists(TEXTS | TEXTS.map("{{{}}}".format), min_size=1, max_size=8)


@pytest.fixture(autouse=True, scope="module")
def _compiled() -> None:
    find_pieces.load()
    assign_templates.load()


@given(LINES, st.integers(0, 3))
def test_pieces_are_those_of_the_twin(lines: list[str], skipped: int) -> None:
    offsets, data = string_buffers(pa.array(["before", *lines], pa.string())[1:])
    rows = np.arange(min(skipped, len(lines) - 1), len(lines))
    assert find_pieces(offsets, data, rows).tolist() == find_pieces.twin(offsets, data, rows).tolist()


@given(LINES, LINES)
def test_templates_are_those_of_the_twin(learned: list[str], lines: list[str]) -> None:
    miner = PatternMiner()
    miner.add(pa.array(learned, pa.string()))
    offsets, data = string_buffers(pa.array([*learned, *lines], pa.string()))
    rows = np.arange(len(offsets) - 1)
    found = assign_templates(offsets, data, rows, *miner._table.arrays)  # type: ignore[arg-type]
    assert found.tolist() == assign_templates.twin(offsets, data, rows, *miner._table.arrays).tolist()  # type: ignore[arg-type]
    assert (found[: len(learned)] >= 0).all()


def test_shapes_of_equal_hashes_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = "a b", "a=b"
    kind, start, stop = mined_piece(second.encode())
    collision = shape_hash(kind, split_words(second.encode()[start:stop])[0])
    monkeypatch.setattr("logql.patterns.miner.shape_hash", lambda *shape: collision)
    miner = PatternMiner()
    miner.add(pa.array([first, "{", second], pa.string()))
    numbers = miner.add(pa.array([second, "a=c"], pa.string())).tolist()
    assert miner.patterns()[numbers[0]] == "=" + second
