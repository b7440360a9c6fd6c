"""TensorRT's severities and the levels that the server knows. Smaller is worse."""

from __future__ import annotations

from enum import IntEnum

from ingest_client.errors import InvalidSettings

__all__ = ["LEVELS", "Severity", "parse_severity"]


class Severity(IntEnum):
    """The numbers of ``nvinfer1::ILogger::Severity``, the same in every release."""

    INTERNAL_ERROR = 0
    ERROR = 1
    WARNING = 2
    INFO = 3
    VERBOSE = 4


LEVELS = {
    Severity.INTERNAL_ERROR: "critical",
    Severity.ERROR: "error",
    Severity.WARNING: "warn",
    Severity.INFO: "info",
    Severity.VERBOSE: "debug",
}


def parse_severity(value: object) -> Severity:
    """Read a name (any case), a number, or a TensorRT severity. Raises InvalidSettings."""
    try:
        return Severity[value.upper()] if isinstance(value, str) else Severity(int(value))  # type: ignore[call-overload]
    except (KeyError, ValueError, TypeError) as error:
        names = ", ".join(Severity.__members__)
        raise InvalidSettings(f"min_severity {value!r}: one of {names}") from error
