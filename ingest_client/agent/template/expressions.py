"""Pipelines of an action: fields, variables, literals, calls, parentheses, compiled to closures."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NamedTuple

from ingest_client.agent.template.errors import TemplateError
from ingest_client.agent.template.functions import FUNCTIONS
from ingest_client.agent.template.lexer import Token
from ingest_client.agent.template.values import is_true

__all__ = ["Evaluate", "Scope", "parse_pipeline"]


class Scope(NamedTuple):
    """What ``.`` is, and the variables."""

    dot: Any
    variables: dict[str, Any]


Evaluate = Callable[[Scope], Any]
_CONSTANTS = {"true": True, "false": False, "nil": None}


def parse_pipeline(tokens: list[Token]) -> Evaluate:
    """The value of ``a | b | c``. Raises TemplateError."""
    if not tokens:
        raise TemplateError("an action lacks its value")
    parser = _Parser(tokens)
    evaluate = parser.pipeline()
    parser.expect_end()
    return evaluate


class _Parser:
    def __init__(self, tokens: list[Token]) -> None:
        self._tokens, self._place = tokens, 0

    def pipeline(self) -> Evaluate:
        value = self._command(None)
        while self._skip("|"):
            value = self._command(value)
        return value

    def expect_end(self) -> None:
        if self._place < len(self._tokens):
            raise TemplateError(f"unexpected {self._tokens[self._place].text!r}")

    def _command(self, piped: Evaluate | None) -> Evaluate:
        token = self._peek()
        if token is not None and token.kind == "name" and token.text not in _CONSTANTS:
            self._place += 1
            arguments = self._operands()
            return _call(token.text, [*arguments, piped] if piped else arguments)
        if piped is not None:
            raise TemplateError("only a function can stand behind |")
        return self._operand()

    def _operands(self) -> list[Evaluate]:
        operands = []
        while (token := self._peek()) is not None and token.text not in ("|", ")"):
            operands.append(self._operand())
        return operands

    def _operand(self) -> Evaluate:
        token = self._peek()
        if token is None:
            raise TemplateError("a value is missing")
        self._place += 1
        if token.text == "(":
            inner = self.pipeline()
            if not self._skip(")"):
                raise TemplateError("a parenthesis is not closed")
            return inner
        return _leaf(token)

    def _peek(self) -> Token | None:
        return self._tokens[self._place] if self._place < len(self._tokens) else None

    def _skip(self, text: str) -> bool:
        token = self._peek()
        if token is None or token.kind != "mark" or token.text != text:
            return False
        self._place += 1
        return True


def _leaf(token: Token) -> Evaluate:
    kind, text = token
    if kind == "string":
        return _constant(text[1:-1] if text[0] == "`" else _unquoted(text))
    if kind == "number":
        return _constant(float(text) if any(mark in text for mark in ".eE") else int(text))
    if kind == "field":
        return _path(None, text[1:].split(".") if text != "." else [])
    if kind == "variable":
        name, *path = text.split(".")
        return _path(name, path)
    if kind == "name":
        return _constant(_CONSTANTS[text]) if text in _CONSTANTS else _call(text, [])
    raise TemplateError(f"unexpected {text!r}")


def _constant(value: Any) -> Evaluate:
    return lambda scope: value


def _unquoted(text: str) -> str:
    try:
        return str(json.loads(text))
    except ValueError:
        return text[1:-1].encode().decode("unicode_escape", "replace")


def _path(variable: str | None, path: list[str]) -> Evaluate:
    def evaluate(scope: Scope) -> Any:
        value = scope.dot if variable is None else scope.variables.get(variable)
        for name in path:
            value = value.get(name) if isinstance(value, dict) else None
        return value

    return evaluate


def _call(name: str, arguments: list[Evaluate]) -> Evaluate:
    if name == "and":
        return lambda scope: _first(arguments, scope, wanted=False)
    if name == "or":
        return lambda scope: _first(arguments, scope, wanted=True)
    function = FUNCTIONS.get(name)
    if function is None:
        raise TemplateError(f"function {name!r} is not known; known are {', '.join(sorted(FUNCTIONS))}")
    return lambda scope: function(*[argument(scope) for argument in arguments])


def _first(arguments: list[Evaluate], scope: Scope, wanted: bool) -> Any:
    """The first value that decides, as ``and`` and ``or`` have it; the last one if none does."""
    value = None
    for argument in arguments:
        value = argument(scope)
        if is_true(value) == wanted:
            return value
    return value
