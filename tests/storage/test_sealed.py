"""Sealed documents come back as they were, or not at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.errors import CorruptData
from storage.sealed import seal, unseal

LINES = st.binary(max_size=60).map(lambda data: data.replace(b"\n", b" "))


@given(LINES)
def test_a_document_comes_back(document: bytes) -> None:
    assert unseal(seal(document), "x") == document


@given(LINES, st.data())
def test_one_that_was_changed_cut_or_continued_does_not(document: bytes, data: st.DataObject) -> None:
    sealed = bytearray(seal(document))
    at = data.draw(st.integers(0, len(sealed) - 1))
    sealed[at] ^= data.draw(st.integers(1, 255))
    for damaged in (bytes(sealed), seal(document)[:at], seal(document) + b"\n", document):
        with pytest.raises(CorruptData, match="some/name"):
            unseal(damaged, "some/name")
