"""Structured metadata: names and columns."""

from __future__ import annotations

import pytest

from server.push.errors import PushError
from server.push.metadata import normalised_name
from tests.server.push.wire import Row, block, entry, push_message, push_protobuf, rows_of, stream


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("a", "a"),
        ("a.b", "a_b"),
        ("a-b", "a_b"),
        ("foo bar", "foo_bar"),
        ("été", "_t_"),
        ("a__b", "a_b"),
        ("a..-b", "a_b"),
        ("_a", "_a"),
        ("a_", "a_"),
        ("__x__", "__x__"),
        ("__a.b__", "__a_b__"),
        ("1abc", "key_1abc"),
        ("A1", "A1"),
    ],
)
def test_names_are_normalised(sent: str, kept: str) -> None:
    assert normalised_name(sent.encode()) == kept


@pytest.mark.parametrize("sent", ["", "_", "__", "____", ".", " ", "日本"])
def test_names_of_which_nothing_is_left_are_refused(sent: str) -> None:
    with pytest.raises(PushError, match=r"^label name is empty") as caught:
        normalised_name(sent.encode())
    assert caught.value.status == 400


def metadata_of(*pairs: tuple[bytes, bytes]) -> dict[str, str]:
    sent = b"".join(block(3, block(1, name) + block(2, value)) for name, value in pairs)
    return rows_of(push_message(stream("{}", [entry(Row()) + sent])))[0][3]


@pytest.mark.parametrize(
    ("pairs", "kept"),
    [
        ([(b"a", b"1"), (b"a", b"2")], {"a": "2"}),
        ([(b"a.b", b"1"), (b"a-b", b"2"), (b"a_b", b"3")], {"a_b": "3"}),
        ([(b"a.b", b"1"), (b"x", b"y"), (b"a_b", b"")], {"x": "y"}),
        ([(b"a", b"")], {}),
        ([(b"a", b"x\xff\xfey\xc3\xa9")], {"a": "x  yé"}),
        ([(b"a\xff", b"x")], {"a_": "x"}),
    ],
)
def test_of_equal_names_the_last_wins_and_empty_is_none(pairs: list[tuple[bytes, bytes]], kept: dict[str, str]) -> None:
    assert metadata_of(*pairs) == kept


def test_a_name_without_a_value_in_any_row_is_no_column() -> None:
    received = push_protobuf(("{}", [Row(metadata={"a": "", "b": "x"}), Row(metadata={"b": ""})]))
    assert received.batch is not None
    assert set(received.batch.metadata) == {"b", "detected_level"}


def test_invalid_values_do_not_touch_valid_ones() -> None:
    rows = [entry(Row()) + block(3, block(1, b"k") + block(2, value)) for value in (b"\xff", b"\xef\xbf\xbd", b"ok")]
    assert [row[3]["k"] for row in rows_of(push_message(stream("{}", rows)))] == [" ", "\ufffd", "ok"]
