"""Arguments of calls: their number, their types, and the call itself.

Go checks literals when it evaluates them and values against the parameter's type; the texts differ, and stay so here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from logql.template.frame import MISSING, Expression, Frame
from logql.template.function import ANY, DURATION, FLOAT, INT, REFLECTED, STRING, TIME, Costly, Function
from logql.template.limits import CHARS_PER_STEP, check_length
from logql.template.nodes import Boolean, Node, Number, String
from logql.template.times.moment import Moment
from logql.template.values import Duration, type_name

__all__ = ["Call", "check_value", "compile_call", "constant", "failing", "literal_argument"]

_PYTHON_TYPES: dict[str, type] = {STRING: str, INT: int, FLOAT: float, TIME: Moment, DURATION: Duration}
_UNTYPED = frozenset((ANY, REFLECTED))

Call = Callable[..., object]
"""``(frame, dot, final, *receiver) -> value``"""


def failing(node: Node, message: str) -> Expression:
    """An expression that fails at ``node`` when it is reached, as Go finds these faults only then."""

    def fail(frame: Frame, dot: object, final: object = MISSING) -> object:
        frame.node = node
        frame.fail(message)

    return fail


def constant(node: Node, value: object) -> Expression:
    def evaluate(frame: Frame, dot: object, final: object = MISSING) -> object:
        frame.node = node
        return value

    return evaluate


def literal_argument(node: Boolean | Number | String, go_type: str) -> Expression:
    """A literal where ``go_type`` is asked for."""
    if go_type in _UNTYPED:
        return _untyped_literal(node)
    if go_type == STRING:
        return constant(node, node.text) if isinstance(node, String) else failing(node, _expected("string", node))
    if go_type in (INT, DURATION):
        return _integer_literal(node, Duration if go_type == DURATION else int)
    if go_type == FLOAT:
        real = node.real if isinstance(node, Number) else None
        return failing(node, _expected("float", node)) if real is None else constant(node, real)
    return failing(node, f"can't handle {node} for arg of type {go_type}")


def _expected(kind: str, node: Node) -> str:
    return f"expected {kind}; found {node}"


def _untyped_literal(node: Boolean | Number | String) -> Expression:
    if isinstance(node, String):
        return constant(node, node.text)
    if isinstance(node, Boolean):
        return constant(node, node.value)
    return failing(node, f"{node} overflows int") if node.constant is None else constant(node, node.constant)


def _integer_literal(node: Boolean | Number | String, python_type: type[int]) -> Expression:
    if not isinstance(node, Number) or node.integer is None:
        return failing(node, _expected("integer", node))
    return constant(node, python_type(node.integer))


def check_value(frame: Frame, value: object, go_type: str, nil_text: str | None = None) -> object:
    """``value``, which has to be of ``go_type``; ``nil_text``: what nil's type is called where it has one."""
    if go_type in _UNTYPED or type(value) is _PYTHON_TYPES[go_type]:
        return value
    if value is None and nil_text is None:
        frame.fail(f"invalid value; expected {go_type}")
    found = nil_text if value is None else type_name(value)
    return frame.fail(f"wrong type for value; expected {go_type}; got {found}")


def compile_call(
    function: Function, name_node: Node, command: Node, operands: int, evaluators: Sequence[Expression]
) -> Call:
    """``operands``: how many stand behind the name; ``evaluators`` of them, empty when they are too many."""
    misfit = function.misfit(operands, operands)
    misfit_with_final = function.misfit(operands, operands + 1)
    final_type = None if misfit_with_final else function.parameter(operands)

    def call(frame: Frame, dot: object, final: object, *receiver: object) -> object:
        wrong = misfit if final is MISSING else misfit_with_final
        if wrong:
            frame.node = name_node
            frame.fail(wrong)
        arguments = [*receiver]
        for evaluate in evaluators:
            arguments.append(evaluate(frame, dot))
        if final is not MISSING:
            assert final_type is not None
            arguments.append(check_value(frame, final, final_type))
        return _invoke(frame, function, command, arguments)

    return call


def _invoke(frame: Frame, function: Function, command: Node, arguments: list[object]) -> object:
    chars = 0
    for argument in arguments:
        if isinstance(argument, str):
            chars += len(argument)
        elif isinstance(argument, list | dict):
            chars += len(argument) * CHARS_PER_STEP
    frame.charge(function.steps + chars * function.weight // CHARS_PER_STEP)
    try:
        result = function.call(*arguments)
        if isinstance(result, Costly):
            frame.charge(result.steps)
            result = result.value
        if isinstance(result, str):
            check_length(len(result))
            frame.charge_text(len(result))
    except ValueError as error:
        frame.node = command
        frame.fail(f"error calling {function.name}: {error}")
    return result
