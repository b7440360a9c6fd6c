"""Statements compiled to closures: texts, actions, if, with, range, template calls."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from logql.template.compiled.expressions import ExpressionCompiler
from logql.template.compiled.scope import Scope
from logql.template.frame import MISSING, Expression, Frame, Step
from logql.template.limits import MAX_LEVELS
from logql.template.nodes import (
    Action,
    Body,
    Branch,
    LoopControl,
    Pipeline,
    Range,
    Statement,
    TemplateCall,
    Text,
)
from logql.template.printing import show, sorted_items
from logql.template.values import LabelMap, is_integer, is_true
from storage.text import go_quote

__all__ = ["CompiledTemplate", "compile_template"]


@dataclass(frozen=True, slots=True)
class CompiledTemplate:
    """``slots``: how many variables it has. ``levels``: how deep it nests."""

    name: str
    run: Step
    slots: int
    levels: int

    def variables(self, dot: object) -> list[object]:
        """Fresh ones; the first is ``$``."""
        return [dot, *[None] * (self.slots - 1)]


def compile_template(name: str, body: Body, templates: dict[str, CompiledTemplate]) -> CompiledTemplate:
    """``templates`` is where calls look names up when they run."""
    compiler = _StatementCompiler(templates)
    run = compiler.body(body)
    return CompiledTemplate(name, run, compiler.scope.slots, compiler.scope.levels)


class _StatementCompiler:
    def __init__(self, templates: dict[str, CompiledTemplate]) -> None:
        self.templates = templates
        self.scope = Scope()
        self.expressions = ExpressionCompiler(self.scope)

    def body(self, body: Body) -> Step:
        self.scope.deepen()
        steps = [self._statement(statement) for statement in body]
        self.scope.rise()

        def run(frame: Frame, dot: object) -> str | None:
            for step in steps:
                signal = step(frame, dot)
                if signal is not None:
                    return signal
            return None

        return run

    def _statement(self, statement: Statement) -> Step:
        match statement:
            case Text():
                return _write(statement.text)
            case Action():
                return self._action(statement)
            case Branch():
                return self._branch(statement)
            case Range():
                return self._range(statement)
            case LoopControl():
                return lambda frame, dot: statement.keyword
            case TemplateCall():
                return self._template_call(statement)

    def _action(self, node: Action) -> Step:
        evaluate = self.expressions.pipeline(node.pipeline)
        is_printed = not node.pipeline.declared

        def run(frame: Frame, dot: object) -> str | None:
            value = evaluate(frame, dot)
            frame.node = node
            frame.charge(1)
            if is_printed:
                frame.write(value if type(value) is str else _shown(value))
            return None

        return run

    def _branch(self, node: Branch) -> Step:
        mark = self.scope.mark()
        cases = [(self.expressions.pipeline(pipeline), self.body(body)) for pipeline, body in node.cases]
        otherwise = self.body(node.otherwise)
        self.scope.forget(mark)
        moves_dot = node.keyword == "with"

        def run(frame: Frame, dot: object) -> str | None:
            frame.charge(1)
            for evaluate, body in cases:
                value = evaluate(frame, dot)
                if is_true(value):
                    return body(frame, value if moves_dot else dot)
            return otherwise(frame, dot)

        return run

    def _range(self, node: Range) -> Step:
        mark = self.scope.mark()
        evaluate = self.expressions.pipeline(node.pipeline)
        key_slot, value_slot = self._loop_slots(node.pipeline)
        body, otherwise = self.body(node.body), self.body(node.otherwise)
        self.scope.forget(mark)
        has_two = len(node.pipeline.declared) > 1

        def run(frame: Frame, dot: object) -> str | None:
            is_empty = True
            for key, value in _items(frame, evaluate(frame, dot), has_two):
                is_empty = False
                frame.charge(1)
                if key_slot is not None:
                    frame.variables[key_slot] = key
                if value_slot is not None:
                    frame.variables[value_slot] = value
                if body(frame, value) == "break":
                    break
            return otherwise(frame, dot) if is_empty else None

        return run

    def _loop_slots(self, pipeline: Pipeline) -> tuple[int | None, int | None]:
        """Where the key and the value go; one variable alone takes the value."""
        slots = [self.scope.find(variable.name) for variable in pipeline.declared]
        if len(slots) == 2:
            return slots[0], slots[1]
        return None, slots[0] if slots else None

    def _template_call(self, node: TemplateCall) -> Step:
        argument: Expression | None = self.expressions.pipeline(node.pipeline) if node.pipeline else None
        templates = self.templates

        def run(frame: Frame, dot: object) -> str | None:
            frame.node = node
            frame.charge(1)
            template = templates.get(node.name)
            if template is None:
                frame.fail(f"template {go_quote(node.name)} not defined")
            if frame.run.levels + template.levels > MAX_LEVELS:
                frame.fail(f"exceeded maximum template depth ({MAX_LEVELS})")
            inner_dot = argument(frame, dot) if argument else None
            _run_inner(frame, template, inner_dot)
            return None

        return run


def _write(text: str) -> Step:
    def run(frame: Frame, dot: object) -> str | None:
        frame.write(text)
        return None

    return run


def _shown(value: object) -> str:
    """At the top level nil has no value to show."""
    return "<no value>" if value is None else show(value)


def _items(frame: Frame, value: object, has_two: bool) -> Iterable[tuple[object, object]]:
    """Keys and values to range over."""
    if value is None:
        return ()
    if isinstance(value, list):
        return enumerate(value)
    if isinstance(value, dict | LabelMap):
        frame.charge(len(value) if isinstance(value, dict) else len(value.entries))
        return sorted_items(value)
    if not is_integer(value):
        frame.fail(f"range can't iterate over {show(value)}")
    if has_two:
        frame.fail(f"can't use {show(value)} to iterate over more than one variable")
    return ((MISSING, type(value)(number)) for number in range(value))


def _run_inner(frame: Frame, template: CompiledTemplate, dot: object) -> None:
    inner = Frame(frame.run, frame.source, template.name, template.variables(dot))
    inner.node = frame.node
    frame.run.levels += template.levels
    template.run(inner, dot)
    frame.run.levels -= template.levels
