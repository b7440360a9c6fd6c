"""Kernels and their twins answer the same, and what was marked is found again."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from storage.batch import string_buffers
from storage.filters.escapes import hides_text
from storage.filters.grams import KINDS, SLOT_BITS, GramKeys
from storage.filters.kernels import fold_slots, mark_grams, set_in_all

BYTES_OF_MARKS = (1 << SLOT_BITS) // 8
PIECES = [*"aZ09._- é", "error", "9f3c2e1a", "10.0.0.1", r"\u0061", r"\u0022", r"\u00", r"\u007", r"\u0020", r"\u00zz"]
LINES = st.lists(st.lists(st.sampled_from(PIECES), max_size=6).map("".join), max_size=4)


@pytest.fixture(autouse=True, scope="module")
def loaded() -> None:
    for each in (mark_grams, fold_slots, set_in_all):
        each.load()


def no_marks() -> list[np.ndarray]:
    return [np.zeros(BYTES_OF_MARKS, np.uint8) for _ in range(KINDS)]


@given(LINES)
@example(["ab", "c", "abc12", "1.2.3", "1234567"])
@example(["\\", "\\u", r"x\u006", r"\u0061", r"\u005C", r"\u002d"])
def test_kernel_and_twin_mark_the_same(lines: list[str]) -> None:
    buffers = string_buffers(pa.array(lines, pa.string()))
    by_kernel, by_twin = no_marks(), no_marks()
    hides = mark_grams(*buffers, *by_kernel)
    assert hides == mark_grams.twin(*buffers, *by_twin) == any(hides_text(line.encode()) for line in lines)
    assert all(map(np.array_equal, by_kernel, by_twin))


def test_only_the_rows_of_a_slice_are_marked() -> None:
    marks, wanted = no_marks(), no_marks()
    mark_grams(*string_buffers(pa.array(["first", "second", "third"]).slice(1, 1)), *marks)
    mark_grams(*string_buffers(pa.array(["second"])), *wanted)
    assert all(map(np.array_equal, marks, wanted))


def test_no_gram_spans_two_lines() -> None:
    marks = no_marks()
    mark_grams(*string_buffers(pa.array(["ab", "cd", "12", "34", "56"])), *marks)
    assert not any(mark.any() for mark in marks)


@pytest.mark.parametrize("slots", [1, 7, 8, 100, 12_345, 1 << SLOT_BITS])
def test_kernel_and_twin_fold_the_same(slots: int) -> None:
    marks = np.zeros(BYTES_OF_MARKS, np.uint8)
    marks[[0, 5, 777, BYTES_OF_MARKS - 1]] = [1, 0x81, 0xFF, 0x80]
    folded = fold_slots(marks, slots)
    assert folded.tolist() == fold_slots.twin(marks, slots).tolist()
    assert len(folded) == -(-slots // 8)


KEYS = st.lists(st.integers(0, (1 << SLOT_BITS) - 1), max_size=5)


@given(
    sizes=st.lists(st.sampled_from([0, 1, 9, 64, 200]), min_size=1, max_size=4),
    keys=KEYS,
    random=st.randoms(use_true_random=False),
)
def test_kernel_and_twin_ask_the_same(sizes: list[int], keys: list[int], random: object) -> None:
    slots = np.array(sizes, np.int64)
    lengths = (slots + 7) // 8
    bitmaps = np.frombuffer(random.randbytes(int(lengths.sum())), np.uint8)  # type: ignore[attr-defined]
    arguments = (bitmaps, np.cumsum(lengths) - lengths, slots, np.array(keys, np.int64))
    answers = set_in_all(*arguments)
    assert answers.tolist() == set_in_all.twin(*arguments).tolist()
    assert all(answers[slots == 0])


@given(text=st.lists(st.sampled_from(PIECES), max_size=6).map("".join), before=st.text("ab1", max_size=3))
def test_the_keys_of_a_text_are_marked_wherever_it_stands_in_any_case(text: str, before: str) -> None:
    marks = no_marks()
    mark_grams(*string_buffers(pa.array([f"{before}{text.upper().replace('É', 'é')}{before}"])), *marks)
    for kind, keys in enumerate(GramKeys.of(text.encode()).slots):
        assert all(marks[kind][keys >> 3] >> (keys & 7).astype(np.uint8) & 1)
