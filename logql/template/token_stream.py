"""The tokens as the parser walks them, with the mistakes' texts and the limit of nesting."""

from __future__ import annotations

from typing import NoReturn

from logql.template.errors import TemplateSyntaxError
from logql.template.lexer import Token, read_tokens
from logql.template.limits import MAX_NESTING
from logql.template.literals import unquote

__all__ = ["TokenStream"]


class TokenStream:
    """``action_line`` is where the action being read started, 0 between actions."""

    def __init__(self, text: str, name: str) -> None:
        self.name, self.tokens = name, read_tokens(text)
        self.index = self.furthest = 0
        self.last = len(self.tokens) - 1
        self.depth = self.action_line = 0

    def next(self) -> Token:
        """The last token comes again and again."""
        index = min(self.index, self.last)
        if index > self.furthest:
            self.furthest = index
        self.index += 1
        return self.tokens[index]

    def peek(self) -> Token:
        token = self.next()
        self.index -= 1
        return token

    def next_solid(self) -> Token:
        """The next token that is not blank."""
        while (token := self.next()).kind == "blank":
            pass
        return token

    def peek_solid(self) -> Token:
        token = self.next_solid()
        self.index -= 1
        return token

    def kind_after_delimiter(self) -> str:
        start = self.index
        self.next()
        kind = self.next_solid().kind
        self.index = start
        return kind

    def expect(self, kind: str, context: str) -> Token:
        token = self.next_solid()
        return token if token.kind == kind else self.unexpected(token, context)

    def fail(self, message: str) -> NoReturn:
        raise TemplateSyntaxError(f"template: {self.name}:{self.tokens[self.furthest].line}: {message}")

    def unexpected(self, token: Token, context: str) -> NoReturn:
        if token.kind != "error":
            self.fail(f"unexpected {token} in {context}")
        where = ""
        if self.action_line not in (0, token.line):
            started = f"started at {self.name}:{self.action_line}"
            where = f" {started}" if token.text.endswith(" action") else f" in action {started}"
        self.fail(f"{token}{where}")

    def nest(self) -> None:
        self.depth += 1
        if self.depth > MAX_NESTING:
            self.fail("max expression depth exceeded")

    def unnest(self) -> None:
        self.depth -= 1

    def template_name(self, context: str) -> str:
        token = self.next_solid()
        if token.kind not in ("string", "raw string"):
            self.unexpected(token, context)
        return self.unquote(token)

    def unquote(self, token: Token) -> str:
        try:
            return unquote(token.text)
        except ValueError as error:
            self.fail(str(error))
