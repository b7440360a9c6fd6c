"""Query text to tree. Every fault is a ParseError; no text can exhaust the stack or much time."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import cast

from lark import Lark, Token, UnexpectedToken
from lark.lexer import Lexer

from logql.ast import Expr, LogQuery, Matcher
from logql.ast.walk import walk
from logql.errors import ParseError, QueryError
from logql.limits import MAX_QUERY_BYTES
from logql.syntax.builder import Builder
from logql.syntax.lexer import tokenize
from logql.syntax.rules import check_rules
from logql.syntax.syntax_error import describe_unexpected

__all__ = ["MAX_TREE_DEPTH", "parse", "parse_selector"]

# Trees are walked recursively all over the engine, several frames a level.
MAX_TREE_DEPTH = 150


def parse(text: str) -> Expr:
    """The tree of a query that keeps the language's rules. Raises ParseError."""
    expr = _parse_syntax(text)
    check_rules(expr)
    return expr


def parse_selector(text: str, *, allow_empty: bool = False) -> tuple[Matcher, ...]:
    """The matchers of ``{...}``, none only if ``allow_empty``. Raises ParseError, and QueryError for other queries."""
    expr = _parse_syntax(text)
    if allow_empty and isinstance(expr, LogQuery) and not expr.selector.matchers and not expr.stages:
        return ()
    check_rules(expr)
    if not isinstance(expr, LogQuery) or expr.stages:
        raise QueryError("only label matchers are supported")
    return expr.selector.matchers


def _parse_syntax(text: str) -> Expr:
    size_bytes = len(text.encode("utf-8", "surrogatepass"))
    if size_bytes >= MAX_QUERY_BYTES:
        raise ParseError(f"input size too long ({size_bytes} > {MAX_QUERY_BYTES})")
    try:
        expr = cast(Expr, _grammar().parse(text))
    except UnexpectedToken as error:
        raise _syntax_error(error, text) from None
    _check_depth(expr)
    return expr


class _TokenSource(Lexer):
    def __init__(self, _config: object) -> None:
        pass

    def lex(self, data: str) -> Iterator[Token]:  # type: ignore[override]
        return tokenize(data)


@cache
def _grammar() -> Lark:
    grammar = files("logql.syntax").joinpath("grammar.lark").read_text("utf-8")
    return Lark(grammar, parser="lalr", lexer=_TokenSource, transformer=Builder(), maybe_placeholders=True)


def _syntax_error(error: UnexpectedToken, text: str) -> ParseError:
    token = error.token
    states = _grammar().parser.parser._parse_table.states
    message = describe_unexpected(token.type, states, error.state.state_stack)
    if token.type != "$END":
        return ParseError(message, token.line, token.column)
    if not text:
        return ParseError(message)
    return ParseError(message, text.count("\n") + 1, len(text) - text.rfind("\n"))


def _check_depth(expr: Expr) -> None:
    if any(depth > MAX_TREE_DEPTH for _, depth in walk(expr)):
        raise ParseError(f"expression nests too deeply (more than {MAX_TREE_DEPTH} levels)")
