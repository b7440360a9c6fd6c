"""What is packed comes back, or is not packed."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.batch import MetadataColumn
from storage.dense.packed import Kind, column_type, pack, pack_nothing, unpack

decimals = st.builds(lambda whole, part: f"{whole}.{part:03}", st.integers(-2000, 2_000_000), st.integers(0, 999))
values = st.one_of(st.text(max_size=4), st.sampled_from(["a", "b", ""]), decimals, st.integers(-9, 1 << 33).map(str))


def texts_of(column: MetadataColumn) -> list[str | None]:
    return [column.text(row) for row in range(len(column.codes))]


@given(
    st.one_of(st.lists(st.one_of(st.none(), values)), st.lists(st.one_of(st.none(), decimals))),
    st.sampled_from(list(Kind)),
    st.integers(1, 5),
)
def test_a_packed_column_comes_back(texts: list[str | None], kind: Kind, more_rows: int) -> None:
    packed = pack(MetadataColumn.of(texts), kind)
    if packed is None:
        assert kind is Kind.NUMBERS
        return
    column = packed.to_arrow(len(texts) + more_rows)
    assert column.type == column_type(kind)
    assert len(column) == len(texts) + more_rows
    if any(text is not None for text in texts):
        assert texts_of(unpack(column, packed.scale, packed.suffix)) == texts


@pytest.mark.parametrize(
    ("texts", "scale", "suffix"),
    [
        (["1", "-20", "0"], 0, ""),
        (["0.50", "12.25", "-0.01"], 2, ""),
        (["12.250ms", "0.001ms"], 3, "ms"),
        (["5µs"], 0, "µs"),
        (["2147483647", "-2147483647"], 0, ""),
    ],
)
def test_texts_of_one_form_are_numbers(texts: list[str], scale: int, suffix: str) -> None:
    packed = pack(MetadataColumn.of(texts), Kind.NUMBERS)
    assert packed is not None
    assert (packed.scale, packed.suffix) == (scale, suffix)


@pytest.mark.parametrize(
    "texts",
    [
        ["1", "1.0"],
        ["1.5", "1.25"],
        ["01"],
        ["-0"],
        ["+1"],
        [".5"],
        ["5."],
        [""],
        ["1", "x"],
        ["1ms", "1s"],
        ["1e5", "2e5.1"],
        ["2147483648"],
        ["-2147483648"],
        ["99999999999999999999"],
        ["\u0661"],
    ],
)
def test_other_texts_are_no_numbers(texts: list[str]) -> None:
    assert pack(MetadataColumn.of(texts), Kind.NUMBERS) is None


def test_codes_of_one_byte_have_room_for_255_texts() -> None:
    texts: list[str | None] = [str(number) for number in range(256)]
    assert pack(MetadataColumn.of(texts[1:]), Kind.FEW) is not None
    assert pack(MetadataColumn.of(texts), Kind.FEW) is None
    assert pack(MetadataColumn.of(texts), Kind.MANY) is not None


@pytest.mark.parametrize("kind", list(Kind))
def test_a_chunk_without_the_column_has_empty_lists(kind: Kind) -> None:
    column = pack_nothing(kind).to_arrow(3)
    assert column.type == column_type(kind)
    assert all(len(column.field(n).flatten()) == 0 for n in range(column.type.num_fields))
    assert isinstance(column, pa.StructArray)
