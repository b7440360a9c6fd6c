"""Pipelines: ``$x := command | command``, and the operands of a command."""

from __future__ import annotations

from collections.abc import Container

from logql.template.lexer import Token
from logql.template.literals import read_character, read_number
from logql.template.nodes import (
    Boolean,
    Chain,
    Command,
    Dot,
    Field,
    Identifier,
    Nil,
    Number,
    Operand,
    Pipeline,
    String,
    Variable,
)
from logql.template.token_stream import TokenStream
from storage.text import go_quote

__all__ = ["PipelineParser"]

_OPERAND_KINDS = frozenset(
    (
        "bool",
        "character",
        "complex",
        "dot",
        "field",
        "identifier",
        "number",
        "nil",
        "raw string",
        "string",
        "variable",
        "left paren",
    )
)


class PipelineParser:
    """``variables`` are the names in sight, ``$`` always among them."""

    def __init__(self, stream: TokenStream, functions: Container[str]) -> None:
        self.stream, self.functions = stream, functions
        self.variables = ["$"]

    def parse(self, context: str, end: str) -> Pipeline:
        position = self.stream.peek_solid().position
        declared, is_assignment = self._declarations(context)
        commands: list[Command] = []
        while (token := self.stream.next_solid()).kind != end:
            if token.kind not in _OPERAND_KINDS:
                self.stream.unexpected(token, context)
            self.stream.index -= 1
            commands.append(self._command())
        self._check_commands(commands, context)
        return Pipeline(position, declared, is_assignment, tuple(commands))

    def _check_commands(self, commands: list[Command], context: str) -> None:
        if not commands:
            self.stream.fail(f"missing value for {context}")
        for place, command in enumerate(commands[1:], start=2):
            if isinstance(command.operands[0], Boolean | Dot | Nil | Number | String):
                self.stream.fail(f"non executable command in pipeline stage {place}")

    def _declarations(self, context: str) -> tuple[tuple[Variable, ...], bool]:
        declared: list[Variable] = []
        while self.stream.peek_solid().kind == "variable":
            start = self.stream.index
            token, sign = self.stream.next(), self.stream.next_solid()
            if sign.kind in ("assign", "declare"):
                self._declare(token, declared)
                return tuple(declared), sign.kind == "assign"
            if sign.text != "," or sign.kind != "mark":
                self.stream.index = start
                break
            self._declare(token, declared)
            self._check_more_declarations(context, len(declared))
        return tuple(declared), False

    def _check_more_declarations(self, context: str, count: int) -> None:
        if context != "range" or count > 1:
            self.stream.fail(f"too many declarations in {context}")
        if self.stream.peek_solid().kind not in ("variable", "right delimiter", "right paren"):
            self.stream.fail("range can only initialize variables")

    def _declare(self, token: Token, declared: list[Variable]) -> None:
        declared.append(Variable(token.position, token.text, ()))
        self.variables.append(token.text)

    def _command(self) -> Command:
        position = self.stream.peek_solid().position
        operands: list[Operand] = []
        while True:
            self.stream.peek_solid()
            operand = self._operand()
            if operand is not None:
                operands.append(operand)
            token = self.stream.next()
            if token.kind == "blank":
                continue
            if token.kind in ("right delimiter", "right paren"):
                self.stream.index -= 1
            elif token.kind != "pipe":
                self.stream.unexpected(token, "operand")
            break
        if not operands:
            self.stream.fail("empty command")
        return Command(position, tuple(operands))

    def _operand(self) -> Operand | None:
        term = self._term()
        if term is None or self.stream.peek().kind != "field":
            return term
        position = self.stream.peek().position
        fields = []
        while self.stream.peek().kind == "field":
            fields.append(self.stream.next().text[1:])
        if isinstance(term, Field):
            return Field(position, (*term.names, *fields))
        if isinstance(term, Variable):
            return Variable(position, term.name, (*term.fields, *fields))
        if isinstance(term, Boolean | String | Number | Nil | Dot):
            self.stream.fail(f"unexpected . after term {go_quote(str(term))}")
        return Chain(position, term, tuple(fields))

    def _term(self) -> Operand | None:
        token = self.stream.next_solid()
        match token.kind:
            case "identifier":
                if token.text not in self.functions:
                    self.stream.fail(f"function {go_quote(token.text)} not defined")
                return Identifier(token.position, token.text)
            case "dot":
                return Dot(token.position)
            case "nil":
                return Nil(token.position)
            case "variable":
                if token.text not in self.variables:
                    self.stream.fail(f"undefined variable {go_quote(token.text)}")
                return Variable(token.position, token.text, ())
            case "field":
                return Field(token.position, (token.text[1:],))
            case "bool":
                return Boolean(token.position, token.text == "true")
            case "character" | "complex" | "number":
                return self._number(token)
            case "left paren":
                return self._parenthesised()
            case "string" | "raw string":
                return String(token.position, token.text, self.stream.unquote(token))
        self.stream.index -= 1
        return None

    def _parenthesised(self) -> Pipeline:
        self.stream.nest()
        pipeline = self.parse("parenthesized pipeline", "right paren")
        self.stream.unnest()
        return pipeline

    def _number(self, token: Token) -> Number:
        read = read_character if token.kind == "character" else read_number
        try:
            return read(token.text, token.position)
        except ValueError as error:
            self.stream.fail(str(error))
