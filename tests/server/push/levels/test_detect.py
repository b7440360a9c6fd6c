"""Where the level of a row comes from, in the order of the API page."""

from __future__ import annotations

import pytest

from server.limits import PushLimits
from tests.server.push.wire import Row, levels_of, push_protobuf


def level(labels: str, line: str, metadata: dict[str, str], limits: PushLimits | None = None) -> str | None:
    return levels_of(push_protobuf((labels, [Row(line.encode(), metadata=metadata)]), limits=limits))[0]


@pytest.mark.parametrize(
    ("labels", "line", "metadata", "expected"),
    [
        ("{}", "error", {}, "error"),
        ("{}", "", {}, "unknown"),
        ("{}", "error", {"detected_level": "WRN"}, "warn"),
        ("{}", "error", {"detected_level": "custom"}, "custom"),
        ("{}", "error", {"detected.level": "Dbg"}, "debug"),
        ('{level="info"}', "error", {"detected_level": "trace"}, "trace"),
        ('{level="WARNING"}', "error", {"level": "trace"}, "warn"),
        ('{level="custom"}', "error", {}, "custom"),
        ('{level="Info "}', "error", {}, "Info "),
        ('{detected_level="x"}', "error", {}, "error"),
        ("{}", "error", {"level": "custom"}, "custom"),
        ("{}", "error", {"level": "ERR"}, "error"),
        ("{}", "info", {"lvl": "debug", "severity": "fatal"}, "fatal"),
        ("{}", "info", {"log.level": "fatal"}, "info"),
        ("{}", "info", {"SeverityText": "Information", "severity_number": "17"}, "info"),
        ("{}", "info", {"severity_number": "0"}, "unknown"),
        ("{}", "info", {"severity_number": "1"}, "trace"),
        ("{}", "info", {"severity_number": "8"}, "debug"),
        ("{}", "error", {"severity_number": "9"}, "info"),
        ("{}", "info", {"severity_number": "+16"}, "warn"),
        ("{}", "info", {"severity_number": "20"}, "error"),
        ("{}", "info", {"severity_number": "24"}, "fatal"),
        ("{}", "info", {"severity_number": "25"}, "unknown"),
        ("{}", "info", {"severity_number": "-3"}, "unknown"),
        ("{}", "error", {"severity_number": "x"}, "info"),
        ("{}", "error", {"severity_number": "1_0"}, "info"),
        ("{}", "error", {"severity_number": "9" * 30}, "info"),
        ("{}", '{"l\\u0065vel":"wrn"}', {}, "warn"),
    ],
)
def test_the_first_source_decides(labels: str, line: str, metadata: dict[str, str], expected: str) -> None:
    assert level(labels, line, metadata) == expected


def test_every_row_is_decided_by_itself() -> None:
    received = push_protobuf(
        ('{app="a"}', [Row(b"error"), Row(b"x", metadata={"level": "custom"}), Row(b"x", metadata={"lvl": "dbg"})]),
        ('{level="other"}', [Row(b"error"), Row(b"x", metadata={"level": "info"})]),
        ('{severity="custom"}', [Row(b"fatal", metadata={"detected_level": "fatal"})]),
    )
    assert levels_of(received) == ["error", "custom", "debug", "other", "other", "fatal"]


@pytest.mark.parametrize("fields", [("grad",), ("größe", "grad")])
def test_other_field_names(fields: tuple[str, ...]) -> None:
    limits = PushLimits(log_level_fields=fields)
    assert level("{}", "level=wrn grad=err", {}, limits) == "error"
    assert level('{grad="err"}', "info", {"level": "trace"}, limits) == "error"


def test_the_value_is_not_counted_and_not_limited() -> None:
    received = push_protobuf(("{}", [Row(b"error")]), limits=PushLimits(max_structured_metadata_size=1))
    assert (received.error, received.bytes) == (None, 5)
