"""eq, ne, lt, le, gt, ge: operands of one basic kind; and what is true: not, default."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from logql.template.function import ANY, REFLECTED, Function
from logql.template.printf import printf
from logql.template.times.moment import Moment
from logql.template.values import is_true, kind_of, type_name

__all__ = ["COMPARISON_FUNCTIONS"]

_ORDERED = frozenset(("float", "int", "string", "uint"))
_BASIC = _ORDERED | {"bool", "complex"}
_INTEGERS = frozenset(("int", "uint"))


def equal(first: object, *others: object) -> bool:
    """Whether ``first`` equals any of the others. Raises ValueError."""
    if not others:
        raise ValueError("missing argument for comparison")
    return any(_are_equal(first, other) for other in others)


def _are_equal(first: object, other: object) -> bool:
    kind, other_kind = _basic_kind(first), _basic_kind(other)
    if kind != other_kind and {kind, other_kind} != _INTEGERS:
        if first is None or other is None:
            return False
        raise _incompatible(first, other)
    if kind is None and first is not None and other is not None:
        return _are_equal_values(first, other)
    return first == other


def _are_equal_values(first: object, other: object) -> bool:
    for value in (first, other):
        if not isinstance(value, Moment):
            raise ValueError(printf("non-comparable type %s: %s", value, type_name(value)))
    return first == other


def _basic_kind(value: object) -> str | None:
    kind = kind_of(value)
    return kind if kind in _BASIC else None


def _incompatible(first: object, other: object) -> ValueError:
    return ValueError(f"incompatible types for comparison: {type_name(first)} and {type_name(other)}")


def less(first: Any, other: Any) -> bool:
    """Raises ValueError."""
    kind, other_kind = _basic_kind(first), _basic_kind(other)
    if kind is None or other_kind is None:
        raise ValueError("invalid type for comparison")
    if kind != other_kind and {kind, other_kind} != _INTEGERS:
        raise _incompatible(first, other)
    if kind not in _ORDERED:
        raise ValueError("invalid type for comparison")
    return bool(first < other)


def less_or_equal(first: object, other: object) -> bool:
    return less(first, other) or equal(first, other)


def default(fallback: object, *given: object) -> object:
    """``fallback`` when nothing is given, or something empty."""
    return given[0] if given and is_true(given[0]) else fallback


def _pair(name: str, call: Callable[[object, object], bool]) -> Function:
    return Function(name, (REFLECTED, REFLECTED), call)


COMPARISON_FUNCTIONS = (
    Function("eq", (REFLECTED,), equal, rest=REFLECTED),
    _pair("ne", lambda first, other: not equal(first, other)),
    _pair("lt", less),
    _pair("le", less_or_equal),
    _pair("gt", lambda first, other: not less_or_equal(first, other)),
    _pair("ge", lambda first, other: not less(first, other)),
    Function("not", (REFLECTED,), lambda value: not is_true(value)),
    Function("default", (ANY,), default, rest=ANY),
)
