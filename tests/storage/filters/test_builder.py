"""Filters of chunks: what is there is never denied, what is not there mostly is, in few bytes."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.batch import Batch
from storage.filters import FilterBuilder, GramKeys, PartFilters
from storage.filters.kernels import fold_slots, mark_grams, set_in_all
from storage.labels import Labels
from tests.storage.entries import Entry, batch_of

WEB = Labels({"app": "web"})


@pytest.fixture(autouse=True, scope="module")
def loaded() -> None:
    for each in (mark_grams, fold_slots, set_in_all):
        each.load()


def filters_of(*chunks: Batch, share: float = 1e6) -> PartFilters:
    builder = FilterBuilder(share)
    for chunk in chunks:
        builder.add(chunk)
    return PartFilters(builder.to_bytes())


def chunk_of(*lines: str, **metadata: str) -> Batch:
    return batch_of([Entry(WEB, ts, line, frozenset(metadata.items())) for ts, line in enumerate(lines)])


def holders(filters: PartFilters, text: str) -> list[bool]:
    return [bool(each) for each in filters.may_hold(GramKeys.of(text.encode()))]


def ids(seed: int, count: int) -> list[str]:
    random = Random(seed)
    return [random.randbytes(8).hex() for _ in range(count)]


@settings(max_examples=30)
@given(
    st.lists(st.lists(st.text(max_size=30), min_size=1, max_size=3), min_size=1, max_size=3),
    st.sampled_from([0.0, 0.01, 0.5, 1e6]),
    st.data(),
)
def test_a_text_that_is_there_is_never_denied(lines: list[list[str]], share: float, data: st.DataObject) -> None:
    filters = filters_of(*(chunk_of(*each) for each in lines), share=share)
    number = data.draw(st.integers(0, len(lines) - 1))
    line = data.draw(st.sampled_from(lines[number]))
    start = data.draw(st.integers(0, len(line)))
    assert holders(filters, line[start : start + 12])[number]


def test_texts_are_found_in_their_chunks_only() -> None:
    filters = filters_of(chunk_of("out of memory"), chunk_of("all is well", trace="9f3c2e1a77aa01bd"), chunk_of("x"))
    assert holders(filters, "of mem") == [True, False, False]
    assert holders(filters, "3C2E1A77") == [False, True, False]
    assert holders(filters, "x1") == [True, True, True]  # too short to be kept


def test_values_that_only_other_chunks_have_are_not_kept() -> None:
    whole = batch_of([Entry(WEB, n, "l", frozenset({("pod", name)})) for n, name in enumerate(("alpha", "gamma"))])
    first = Batch(whole.streams, whole.stream, whole.ts, whole.line, {"pod": whole.metadata["pod"]}).take(whole.ts == 0)
    assert [holders(filters_of(first), name) for name in ("alpha", "gamma")] == [[True], [False]]


def test_few_ids_are_taken_for_those_of_a_chunk() -> None:
    lines = [f"level=info request_id={each} took=17ms" for each in ids(1, 20_000)]
    filters = filters_of(chunk_of(*lines), share=0.2)
    rate = sum(holders(filters, each)[0] for each in ids(2, 1000)) / 1000
    assert rate < 0.02
    assert filters.size_bytes < 0.2 * 20_000 * 10  # an id is 8 bytes, and the rest of a line compresses to 2


def test_without_room_there_is_no_filter_and_everything_is_possible() -> None:
    filters = filters_of(chunk_of(*ids(1, 500)), share=0.0001)
    assert all(holders(filters, each)[0] for each in ids(2, 20))
    assert filters.size_bytes < 100


def test_lines_that_hide_text_are_told_by_chunk() -> None:
    assert filters_of(chunk_of("x"), chunk_of("y", r'{"a":"\u0061"}')).hides_text.tolist() == [False, True]
