"""What a template reads of a row, so that nothing else need be extracted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from logql.template.functions.registry import LINE, TIMESTAMP
from logql.template.nodes import (
    Action,
    Body,
    Branch,
    Chain,
    Command,
    Dot,
    Field,
    Identifier,
    Operand,
    Pipeline,
    Range,
    Statement,
    String,
    TemplateCall,
    Variable,
)

__all__ = ["Needs", "needs_of"]


@dataclass(slots=True)
class Needs:
    """``labels`` are sure to be all only while ``reads_all_labels`` is false."""

    labels: set[str] = field(default_factory=set)
    reads_all_labels: bool = False
    reads_line: bool = False
    reads_time: bool = False


def needs_of(bodies: Mapping[str, Body], main: str) -> Needs:
    """Of the template ``main`` and all that it defines.

    In a defined template the dot is what the caller gives; a caller that gives its labels uses the whole dot, which
    counts as all labels already.
    """
    needs = Needs()
    for name, body in bodies.items():
        _Reader(needs, is_main=name == main).body(body, has_labels=name == main)
    return needs


class _Reader:
    """``has_labels``: the dot is the row's labels; in the main template ``$`` always is."""

    def __init__(self, needs: Needs, is_main: bool) -> None:
        self.needs, self.is_main = needs, is_main

    def body(self, body: Body, has_labels: bool) -> None:
        for statement in body:
            self._statement(statement, has_labels)

    def _statement(self, statement: Statement, has_labels: bool) -> None:
        match statement:
            case Action(pipeline=pipeline):
                self._pipeline(pipeline, has_labels)
            case Branch():
                for pipeline, body in statement.cases:
                    self._pipeline(pipeline, has_labels)
                    self.body(body, has_labels and statement.keyword == "if")
                self.body(statement.otherwise, has_labels)
            case Range():
                self._pipeline(statement.pipeline, has_labels)
                self.body(statement.body, False)
                self.body(statement.otherwise, has_labels)
            case TemplateCall():
                if statement.pipeline is not None:
                    self._pipeline(statement.pipeline, has_labels)

    def _pipeline(self, pipeline: Pipeline, has_labels: bool) -> None:
        for command in pipeline.commands:
            self._operands(self._without_index(command, has_labels), has_labels)

    def _without_index(self, command: Command, has_labels: bool) -> Iterable[Operand]:
        """``index . "x"`` reads x alone."""
        match command.operands:
            case (Identifier(name="index"), whole, String(text=name), *rest) if self._is_labels(whole, has_labels):
                self.needs.labels.add(name)
                return rest
        return command.operands

    def _is_labels(self, operand: Operand, has_labels: bool) -> bool:
        match operand:
            case Dot():
                return has_labels
            case Variable(name="$", fields=()):
                return self.is_main
        return False

    def _operands(self, operands: Iterable[Operand], has_labels: bool) -> None:
        for operand in operands:
            if self._is_labels(operand, has_labels):
                self.needs.reads_all_labels = True
            self._operand(operand, has_labels)

    def _operand(self, operand: Operand, has_labels: bool) -> None:
        match operand:
            case Field(names=names) if has_labels:
                self.needs.labels.add(names[0])
            case Variable(name="$", fields=(first, *_)) if self.is_main:
                self.needs.labels.add(first)
            case Identifier(name=name):
                self.needs.reads_line |= name == LINE
                self.needs.reads_time |= name == TIMESTAMP
            case Chain(start=start):
                self._operands((start,), has_labels)
            case Pipeline():
                self._pipeline(operand, has_labels)
