"""addf, subf, mulf, divf: decimal arithmetic, so that 0.1 and 0.2 make 0.3."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import MAX_EMAX, MIN_EMIN, ROUND_HALF_UP, Context, Decimal

from logql.template.function import ANY, Function
from logql.template.functions.numbers import to_float
from logql.template.printing import format_float

__all__ = ["DECIMAL_FUNCTIONS"]

_DIGITS = 2000  # beyond any sum or product of a few floats, so results are exact
_CONTEXT = Context(prec=_DIGITS, Emax=MAX_EMAX, Emin=MIN_EMIN, rounding=ROUND_HALF_UP, traps=[])
_QUOTIENT_STEP = Decimal("1e-16")


def _to_decimal(value: object) -> Decimal:
    number = to_float(value)
    if not math.isfinite(number):
        raise ValueError(f"Cannot create a Decimal from {format_float(number)}")
    return Decimal(repr(number))


def _fold(operation: Callable[[Decimal, Decimal], Decimal], operands: tuple[object, ...]) -> float:
    result = _to_decimal(operands[0])
    for operand in operands[1:]:
        result = operation(result, _to_decimal(operand))
    return float(result) + 0.0  # no negative zero


def _divide(dividend: Decimal, divisor: Decimal) -> Decimal:
    if not divisor:
        raise ValueError("decimal division by 0")
    quotient = _CONTEXT.divide(dividend, divisor)
    return quotient if quotient.adjusted() > _DIGITS // 2 else quotient.quantize(_QUOTIENT_STEP, context=_CONTEXT)


DECIMAL_FUNCTIONS = (
    Function("addf", (), lambda *operands: _fold(_CONTEXT.add, (0.0, *operands)), rest=ANY),
    Function("subf", (ANY,), lambda *operands: _fold(_CONTEXT.subtract, operands), rest=ANY),
    Function("mulf", (ANY,), lambda *operands: _fold(_CONTEXT.multiply, operands), rest=ANY),
    Function("divf", (ANY,), lambda *operands: _fold(_divide, operands), rest=ANY),
)
