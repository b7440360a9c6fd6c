"""Values of OTLP's JSON: names in camel or snake case, 64-bit numbers as numbers or texts, ids in hex.

Each reader answers the default of protobuf for what is absent or null, and raises PushError 400 for what cannot be.
"""

from __future__ import annotations

import base64
import binascii
from functools import lru_cache
from typing import Any

from server.push.errors import PushError
from server.push.json_text import kind_of, malformed
from server.push.otlp.value import Value, ValueBudget

__all__ = [
    "Fields",
    "attributes_in",
    "fields_in",
    "hex_in",
    "list_in",
    "number_in",
    "severity_in",
    "text_in",
    "value_in",
]

Fields = dict[str, Any]

_LEVELS = ("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL")
_SEVERITIES = {"SEVERITY_NUMBER_UNSPECIFIED": 0} | {
    f"SEVERITY_NUMBER_{level}{step if step > 1 else ''}": 4 * place + step
    for place, level in enumerate(_LEVELS)
    for step in range(1, 5)
}


def fields_in(raw: Any, what: str) -> Fields:
    """An object, its names in camel case."""
    if raw is None:
        return {}
    if not isinstance(raw, dict):
        raise malformed(f"{what}: expected an object, found {kind_of(raw)}")
    return {_camel(name): value for name, value in raw.items()} if "_" in "".join(raw) else raw


@lru_cache(1024)
def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(word[:1].upper() + word[1:] for word in others)


def list_in(fields: Fields, name: str) -> list[Any]:
    raw = fields.get(name)
    if not isinstance(raw, list | None):
        raise malformed(f"{name}: expected an array, found {kind_of(raw)}")
    return raw or []


def text_in(fields: Fields, name: str) -> str:
    raw = fields.get(name)
    if not isinstance(raw, str | None):
        raise malformed(f"{name}: expected a string, found {kind_of(raw)}")
    return raw or ""


def number_in(fields: Fields, name: str, low: int, high: int) -> int:
    """From ``low`` to ``high``."""
    raw = fields.get(name)
    if raw is None:
        return 0
    try:
        if isinstance(raw, bool | dict | list) or (isinstance(raw, float) and not raw.is_integer()):
            raise ValueError
        number = int(raw)
    except ValueError:
        raise malformed(f"{name}: expected a whole number, found {str(raw)[:40]!r}") from None
    if not low <= number <= high:
        raise malformed(f"{name}: {number} is out of range")
    return number


def severity_in(fields: Fields) -> int:
    raw = fields.get("severityNumber")
    return _SEVERITIES[raw] if raw in _SEVERITIES else number_in(fields, "severityNumber", -(2**31), 2**31 - 1)


def hex_in(fields: Fields, name: str, size: int) -> str:
    """An id of ``size`` bytes in lower-case hex; empty when it is absent or all zeros."""
    text = text_in(fields, name)
    try:
        raw = bytes.fromhex(text)
    except ValueError:
        raw = b"?"
    if len(raw) not in (0, size) or len(text) != 2 * len(raw):
        raise malformed(f"{name}: expected {2 * size} hexadecimal digits, found {text[:40]!r}")
    return raw.hex() if any(raw) else ""


def attributes_in(
    fields: Fields, budget: ValueBudget, depth: int = 0, name: str = "attributes"
) -> list[tuple[str, Value]]:
    """Keys with their values, in order."""
    pairs = (fields_in(raw, name) for raw in list_in(fields, name))
    return [(text_in(pair, "key"), value_in(pair.get("value"), budget, depth + 1)) for pair in pairs]


def value_in(raw: Any, budget: ValueBudget, depth: int = 1) -> Value:
    """A value of any kind; the first that is given."""
    fields = fields_in(raw, "value")
    if depth > 1:
        budget.take(depth)
    if "stringValue" in fields:
        return text_in(fields, "stringValue")
    if "intValue" in fields:
        return number_in(fields, "intValue", -(2**63), 2**63 - 1)
    if "boolValue" in fields:
        return _bool(fields["boolValue"])
    if "doubleValue" in fields:
        return _float(fields["doubleValue"])
    if "kvlistValue" in fields:
        return dict(attributes_in(fields_in(fields["kvlistValue"], "kvlistValue"), budget, depth, "values"))
    if "arrayValue" in fields:
        items = list_in(fields_in(fields["arrayValue"], "arrayValue"), "values")
        return [value_in(item, budget, depth + 1) for item in items]
    return _bytes(text_in(fields, "bytesValue")) if "bytesValue" in fields else None


def _bool(raw: Any) -> bool:
    if not isinstance(raw, bool | None):
        raise malformed(f"boolValue: expected a boolean, found {kind_of(raw)}")
    return bool(raw)


def _float(raw: Any) -> float:
    """A number, or a text: NaN and infinity are written so."""
    try:
        if isinstance(raw, bool | dict | list):
            raise ValueError
        return float(raw or 0)
    except ValueError:
        raise malformed(f"doubleValue: expected a number, found {str(raw)[:40]!r}") from None


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(
            text + "=" * (-len(text) % 4), b"-_" if "-" in text or "_" in text else None, validate=True
        )
    except (binascii.Error, ValueError) as error:
        raise PushError(400, f"cannot decode the JSON push request: bytesValue: {error}") from error
