"""Text to tokens. Lazy: a fault is found only when the parser gets that far, so the first one is reported.

Columns count characters from 1. The line is 0 for tokens that are found by looking ahead (two-character operators,
durations, sizes, flags, ranges), as in the reference.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lark import Token

from logql.errors import ParseError
from logql.syntax.numerals import read_duration, read_numeral
from logql.syntax.strings import read_quoted, read_raw
from logql.syntax.terminals import FUNCTIONS, KEYWORDS, PUNCTUATION
from logql.values.prometheus_duration import parse_prometheus_duration

__all__ = ["MAX_NESTED_PARENTHESES", "MAX_TOKENS", "tokenize"]

MAX_TOKENS = 16_384  # parsing them takes half a second
MAX_NESTED_PARENTHESES = 5000

_BLANKS = re.compile(r"[ \t\r\n]+")
_LINE_COMMENT = re.compile(r"(?:#|//)[^\n]*")
_FUNCTION_CALL = re.compile(r"\s*(?:(?:by|without)\s*)?\(", re.IGNORECASE)
_FLAG = re.compile(r"--(?:strict|keep-empty)(?![\w-])")
_NUMERAL_START = re.compile(r"\.?[0-9]")
_NUL_OR_SURROGATE = re.compile("[\0\ud800-\udfff]")


def tokenize(text: str) -> Iterator[Token]:
    """All tokens but the end. Raises ParseError, ``literal not terminated`` for one."""
    return _Lexer(text).tokens()


class _Lexer:
    def __init__(self, text: str) -> None:
        self._text = text
        self._position = 1 if text.startswith("\ufeff") else 0
        self._line, self._line_start = 1, self._position
        self._open_parentheses = 0

    def tokens(self) -> Iterator[Token]:
        count = 0
        self._skip_blanks()
        while self._position < len(self._text):
            count += 1
            if count > MAX_TOKENS:
                raise self._error(f"the query is too long (more than {MAX_TOKENS} words and symbols)")
            yield self._next()
            self._skip_blanks()

    def _skip_blanks(self) -> None:
        while self._position < len(self._text):
            if self._text.startswith("/*", self._position):
                end = self._text.find("*/", self._position + 2)
                if end < 0:
                    raise self._error("comment not terminated")
                self._advance(end + 2)
                continue
            found = _BLANKS.match(self._text, self._position) or _LINE_COMMENT.match(self._text, self._position)
            if found is None:
                return
            self._advance(found.end())

    def _advance(self, end: int) -> None:
        if "\0" in self._text[self._position : end]:
            raise self._error("invalid character NUL")
        newline = self._text.rfind("\n", self._position, end)
        if newline >= 0:
            self._line += self._text.count("\n", self._position, end)
            self._line_start = newline + 1
        self._position = end

    def _next(self) -> Token:
        char = self._text[self._position]
        if char.isalpha() or char == "_":
            return self._word()
        if char in "\"`'":
            return self._quoted(char)
        if _NUMERAL_START.match(self._text, self._position):
            return self._numeral()
        if char == "[":
            return self._range()
        if char == "-":
            return self._minus()
        return self._punctuation()

    def _word(self) -> Token:
        end = self._position + 1
        while end < len(self._text) and (
            self._text[end].isalpha() or self._text[end].isdecimal() or self._text[end] == "_"
        ):
            end += 1
        word = self._text[self._position : end]
        lowered = word.lower()
        if lowered in KEYWORDS:
            return self._token(KEYWORDS[lowered], end)
        if lowered in FUNCTIONS and _FUNCTION_CALL.match(self._text, end):
            return self._token(FUNCTIONS[lowered], end)
        return self._token("IDENTIFIER", end)

    def _quoted(self, quote: str) -> Token:
        read = read_raw if quote == "`" else read_quoted
        try:
            value, end = read(self._text, self._position)
        except ValueError as error:
            raise self._error(str(error)) from error
        if quote != "'":
            return self._token("STRING", end, value)
        if len(value) != 1:
            raise self._error("invalid char literal")
        return self._token("IDENTIFIER", end)

    def _numeral(self) -> Token:
        try:
            kind, end = read_numeral(self._text, self._position)
        except ValueError as error:
            raise self._error(str(error)) from error
        return self._token(kind, end, looked_ahead=kind != "NUMBER")

    def _range(self) -> Token:
        end = self._text.find("]", self._position)
        if end < 0:
            raise self._error("missing closing ']' in duration", line=0)
        duration = self._text[self._position + 1 : end]
        try:
            duration_ns = parse_prometheus_duration(duration)
        except ValueError as error:
            raise self._error(str(error), line=0) from error
        return self._token("RANGE", end + 1, str(duration_ns), looked_ahead=True)

    def _minus(self) -> Token:
        duration_end = read_duration(self._text, self._position + 1)
        if duration_end is not None:
            return self._token("DURATION", duration_end, looked_ahead=True)
        flag = _FLAG.match(self._text, self._position)
        if flag is not None:
            return self._token("FUNCTION_FLAG", flag.end(), looked_ahead=True)
        return self._token("SUB", self._position + 1)

    def _punctuation(self) -> Token:
        for length in (2, 1):
            spelling = self._text[self._position : self._position + length]
            name = PUNCTUATION.get(spelling)
            if name is not None:
                self._count_parentheses(name)
                return self._token(name, self._position + len(spelling), looked_ahead=len(spelling) == 2)
        unknown = _NUL_OR_SURROGATE.match(self._text, self._position)
        if unknown is not None:
            raise self._error("invalid character NUL" if unknown.group() == "\0" else "invalid UTF-8 encoding")
        return self._token("IDENTIFIER", self._position + 1)

    def _count_parentheses(self, name: str) -> None:
        self._open_parentheses += (name == "_LPAR") - (name == "_RPAR")
        if self._open_parentheses > MAX_NESTED_PARENTHESES:
            raise self._error(f"expression nests too deeply (more than {MAX_NESTED_PARENTHESES} open parentheses)")

    def _token(self, kind: str, end: int, value: str | None = None, *, looked_ahead: bool = False) -> Token:
        text = self._text[self._position : end] if value is None else value
        line = 0 if looked_ahead else self._line
        token = Token(kind, text, start_pos=self._position, line=line, column=self._column())
        self._advance(end)
        return token

    def _column(self) -> int:
        return self._position - self._line_start + 1

    def _error(self, message: str, line: int | None = None) -> ParseError:
        return ParseError(message, self._line if line is None else line, self._column())
