"""Columns of label values against lists of texts, None where a row lacks the label."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from logql.labels.columns import absent, constant, covered, has_value, only, stream_column, stream_has
from storage.batch import MetadataColumn
from storage.labels import Labels

TEXTS = st.lists(st.none() | st.sampled_from(["", "a", "b"]), min_size=4, max_size=4)
MASKS = st.lists(st.booleans(), min_size=4, max_size=4)
STREAMS = (Labels({"app": "web"}), Labels({"app": ""}), Labels({"env": "prod"}))


def texts(column: MetadataColumn) -> list[str | None]:
    assert column.codes.dtype == np.int32
    assert len(column.values) > column.codes.max(initial=-1)
    return [column.text(row) for row in range(len(column.codes))]


@given(TEXTS, MASKS)
def test_a_masked_column_has_nothing_elsewhere(given_texts: list[str | None], mask: list[bool]) -> None:
    column = MetadataColumn.of(given_texts)
    assert texts(only(column, np.array(mask))) == [
        text if is_in else None for text, is_in in zip(given_texts, mask, strict=True)
    ]
    assert texts(column) == given_texts


@given(TEXTS, TEXTS)
def test_the_upper_column_covers_the_lower_where_it_has_a_value(
    below: list[str | None], above: list[str | None]
) -> None:
    wanted = [low if high is None else high for low, high in zip(below, above, strict=True)]
    assert texts(covered(MetadataColumn.of(below), MetadataColumn.of(above))) == wanted
    assert texts(covered(None, MetadataColumn.of(above))) == above


@given(TEXTS)
def test_an_empty_value_is_a_value(given_texts: list[str | None]) -> None:
    assert has_value(MetadataColumn.of(given_texts)).tolist() == [text is not None for text in given_texts]


@given(MASKS)
def test_a_constant_is_where_the_mask_is(mask: list[bool]) -> None:
    assert texts(constant("x", np.array(mask))) == ["x" if is_in else None for is_in in mask]
    assert texts(absent(len(mask))) == [None] * len(mask)


@given(st.lists(st.integers(0, 2), max_size=5), st.sampled_from(["app", "env", "nosuch"]))
def test_stream_labels_are_seen_row_by_row(stream: list[int], name: str) -> None:
    rows = np.array(stream, np.int32)
    assert texts(stream_column(STREAMS, rows, name)) == [STREAMS[number].get(name) for number in stream]
    assert stream_has(STREAMS, rows, name).tolist() == [name in STREAMS[number] for number in stream]
