"""Operands, commands and pipelines compiled to closures."""

from __future__ import annotations

from collections.abc import Sequence

from logql.template.compiled.arguments import (
    Call,
    check_value,
    compile_call,
    constant,
    failing,
    literal_argument,
)
from logql.template.compiled.fields import FieldWalk, compile_walk
from logql.template.compiled.scope import Scope
from logql.template.frame import MISSING, Expression, Frame
from logql.template.function import ANY, REFLECTED, Function
from logql.template.functions.registry import FUNCTIONS, LINE, TIMESTAMP
from logql.template.methods import methods_called
from logql.template.nodes import (
    Boolean,
    Chain,
    Command,
    Dot,
    Field,
    Identifier,
    Nil,
    Node,
    Number,
    Operand,
    Pipeline,
    String,
    Variable,
)
from logql.template.times.moment import Moment
from logql.template.times.zones import LOCAL
from logql.template.values import LabelMap, is_true, type_name

__all__ = ["ExpressionCompiler"]

_NO_OPERANDS: tuple[Operand, ...] = ()


class ExpressionCompiler:
    """Of one template; ``scope`` knows its variables."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def pipeline(self, node: Pipeline) -> Expression:
        """Declared variables are in scope from here on."""
        self.scope.deepen()
        first, *rest = [self._command(command, node) for command in node.commands]
        self.scope.rise()
        if not rest and not node.declared:
            return first
        stores = [self._store(variable, node.is_assignment) for variable in node.declared]

        def evaluate(frame: Frame, dot: object, final: object = MISSING) -> object:
            value = first(frame, dot)
            for command in rest:
                value = command(frame, dot, value)
            for store in stores:
                store(frame, dot, value)
            return value

        return evaluate

    def _store(self, variable: Variable, is_assignment: bool) -> Expression:
        slot = self.scope.find(variable.name) if is_assignment else self.scope.declare(variable.name)

        def store(frame: Frame, dot: object, final: object = MISSING) -> object:
            if slot is None:
                frame.fail(f"undefined variable: {variable.name}")
            frame.variables[slot] = final
            return final

        return store

    def _command(self, command: Command, pipeline: Pipeline) -> Expression:
        first, operands = command.operands[0], command.operands[1:]
        match first:
            case Field():
                return self._field(first, operands)
            case Chain():
                return self._chain(first, operands)
            case Identifier():
                return self._function(first, command, operands)
            case Variable():
                return self._variable(first, operands)
            case Pipeline():
                return self._without_arguments(self.pipeline(first), pipeline, first, operands)
            case Nil():
                return self._without_arguments(failing(first, "nil is not a command"), first, first, operands)
        return self._without_arguments(self.argument(first, ANY), first, first, operands)

    def _without_arguments(
        self, evaluate: Expression, reached: Node, first: Operand, operands: Sequence[Operand]
    ) -> Expression:
        """What stands first is no function: anything behind it, or before it in the pipeline, is a mistake."""
        shown = f"({first})" if isinstance(first, Pipeline) else str(first)
        message = f"can't give argument to non-function {shown}"
        if operands:
            return failing(reached, message)

        def check(frame: Frame, dot: object, final: object = MISSING) -> object:
            if final is not MISSING:
                frame.node = reached
                frame.fail(message)
            return evaluate(frame, dot)

        return check

    def argument(self, node: Operand, go_type: str) -> Expression:
        """An operand where a parameter of ``go_type`` is."""
        match node:
            case Boolean() | Number() | String():
                return literal_argument(node, go_type)
            case Nil():
                if go_type in (ANY, REFLECTED):
                    return constant(node, None)
                return failing(node, f"cannot assign nil to {go_type}")
            case Dot():
                return self._checked(_dot(node), go_type, None)
            case Field():
                return self._checked(self._field(node, _NO_OPERANDS), go_type, ANY)
            case Chain():
                return self._checked(self._chain(node, _NO_OPERANDS), go_type, ANY)
            case Variable():
                nil_text = ANY if node.fields else None
                return self._checked(self._variable(node, _NO_OPERANDS), go_type, nil_text)
            case Identifier():
                return self._checked(self._function(node, node, _NO_OPERANDS), go_type, None)
            case Pipeline():
                return self._checked(self.pipeline(node), go_type, None)

    def _checked(self, evaluate: Expression, go_type: str, nil_text: str | None) -> Expression:
        if go_type in (ANY, REFLECTED):
            return evaluate

        def check(frame: Frame, dot: object, final: object = MISSING) -> object:
            return check_value(frame, evaluate(frame, dot), go_type, nil_text)

        return check

    # Fields

    def _field(self, node: Field, operands: Sequence[Operand]) -> Expression:
        walk = self._walk(node.names, node, operands)
        name = node.names[0]
        is_plain = len(node.names) == 1 and not operands

        def evaluate(frame: Frame, dot: object, final: object = MISSING) -> object:
            frame.node = node
            if is_plain and final is MISSING and type(dot) is LabelMap:
                return dot.entries.get(name, "")
            return walk(frame, dot, dot, final)

        return evaluate

    def _walk(self, names: tuple[str, ...], node: Node, operands: Sequence[Operand]) -> FieldWalk:
        last = len(names) - 1
        calls = tuple(
            self._methods(name, node, operands if place == last else _NO_OPERANDS) for place, name in enumerate(names)
        )
        return compile_walk(names, bool(operands), calls)

    def _methods(self, name: str, node: Node, operands: Sequence[Operand]) -> dict[type, Call]:
        methods = methods_called(name)
        return {owner: self._call(method, node, node, operands) for owner, method in methods.items()}

    def _chain(self, node: Chain, operands: Sequence[Operand]) -> Expression:
        start = self.argument(node.start, ANY)
        walk = self._walk(node.fields, node, operands)

        def evaluate(frame: Frame, dot: object, final: object = MISSING) -> object:
            frame.node = node
            return walk(frame, dot, start(frame, dot), final)

        return evaluate

    def _variable(self, node: Variable, operands: Sequence[Operand]) -> Expression:
        slot = self.scope.find(node.name)
        if slot is None:
            return failing(node, f"undefined variable: {node.name}")
        if not node.fields:
            return self._without_arguments(_read(node, slot), node, node, operands)
        walk = self._walk(node.fields, node, operands)

        def evaluate(frame: Frame, dot: object, final: object = MISSING) -> object:
            frame.node = node
            return walk(frame, dot, frame.variables[slot], final)

        return evaluate

    # Functions

    def _function(self, node: Identifier, command: Node, operands: Sequence[Operand]) -> Expression:
        """``command`` is what errors of the call point at."""
        match node.name:
            case "and" | "or":
                return self._short_circuit(node, operands)
            case "call":
                return self._call_of_value(node, command, operands)
            case "__line__" | "__timestamp__":
                return _read_row(node, len(operands))
        call = self._call(FUNCTIONS[node.name], node, command, operands)

        def evaluate(frame: Frame, dot: object, final: object = MISSING) -> object:
            frame.node = node
            return call(frame, dot, final)

        return evaluate

    def _call(self, function: Function, name: Node, command: Node, operands: Sequence[Operand]) -> Call:
        evaluators: list[Expression] = []
        if function.rest is not None or len(operands) <= len(function.parameters):
            evaluators = [self.argument(operand, function.parameter(place)) for place, operand in enumerate(operands)]
        return compile_call(function, name, command, len(operands), evaluators)

    def _short_circuit(self, node: Identifier, operands: Sequence[Operand]) -> Expression:
        """The first operand that decides, else the last."""
        evaluators = [self.argument(operand, REFLECTED) for operand in operands]
        deciding = node.name == "or"

        def evaluate(frame: Frame, dot: object, final: object = MISSING) -> object:
            frame.node = node
            if not evaluators and final is MISSING:
                frame.fail(f"wrong number of args for {node.name}: want at least 1 got 0")
            value: object = None
            for operand in evaluators:
                value = operand(frame, dot)
                if is_true(value) == deciding:
                    return value
            return value if final is MISSING else final

        return evaluate

    def _call_of_value(self, node: Identifier, command: Node, operands: Sequence[Operand]) -> Expression:
        """``call``: no value of a template is a function."""
        evaluators = [self.argument(operand, REFLECTED) for operand in operands]
        callee = str(operands[0]) if operands else ""

        def evaluate(frame: Frame, dot: object, final: object = MISSING) -> object:
            frame.node = node
            values = [operand(frame, dot) for operand in evaluators]
            if final is not MISSING:
                values.append(final)
            if not values:
                frame.fail("wrong number of args for call: want at least 1 got 0")
            frame.node = command
            found = "call of nil" if values[0] is None else f"non-function {callee} of type {type_name(values[0])}"
            frame.fail(f"error calling call: {found}")

        return evaluate


def _dot(node: Dot) -> Expression:
    def evaluate(frame: Frame, dot: object, final: object = MISSING) -> object:
        frame.node = node
        return dot

    return evaluate


def _read(node: Variable, slot: int) -> Expression:
    def evaluate(frame: Frame, dot: object, final: object = MISSING) -> object:
        frame.node = node
        return frame.variables[slot]

    return evaluate


def _read_row(node: Identifier, operands: int) -> Expression:
    """``__line__`` and ``__timestamp__``."""
    is_line = node.name == LINE
    assert is_line or node.name == TIMESTAMP

    def evaluate(frame: Frame, dot: object, final: object = MISSING) -> object:
        frame.node = node
        arguments = operands + (final is not MISSING)
        if arguments:
            frame.fail(f"wrong number of args for {node.name}: want 0 got {arguments}")
        return frame.run.line if is_line else Moment(frame.run.ts_ns, LOCAL)

    return evaluate
