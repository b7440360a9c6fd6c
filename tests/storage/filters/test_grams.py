"""Which short texts are kept of a text."""

from __future__ import annotations

import pytest

from storage.filters.grams import GramKeys, grams_of


@pytest.mark.parametrize(
    ("text", "grams"),
    [
        (b"", []),
        (b"ab", []),
        (b"Abc", [(0, b"abc")]),
        (b"a1b", []),
        (b"a b-c", [(0, b"a b"), (0, b" b-"), (0, b"b-c"), (1, b"a b-c")]),
        (b"abcdef", [(0, b"abc"), (0, b"bcd"), (0, b"cde"), (0, b"def"), (1, b"abcde"), (1, b"bcdef")]),
        (b"12345", []),
        (b"12345F7", [(2, b"12345f"), (2, b"2345f7")]),
        (b"10.0.0", [(2, b"10.0.0")]),
        (b"12-345-678", []),
        ("é9é".encode(), []),
        ("日".encode(), [(0, "日".encode())]),
    ],
)
def test_grams_are_words_without_digits_and_ids_with_one(text: bytes, grams: list[tuple[int, bytes]]) -> None:
    assert list(grams_of(text)) == grams


def test_case_makes_no_difference_and_the_number_of_keys_is_bounded() -> None:
    keys = GramKeys.of(b"CUDA error 9F3C2E1A")
    assert [each.tolist() for each in keys.slots] == [
        each.tolist() for each in GramKeys.of(b"cuda ERROR 9f3c2e1a").slots
    ]
    assert max(len(each) for each in GramKeys.of(bytes(range(58, 200))).slots) == 64
    assert not GramKeys.of(b"a1")
