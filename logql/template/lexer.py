"""Tokens of a template, as Go's text/template cuts them; an error is the last token, so earlier mistakes win."""

from __future__ import annotations

import re
from typing import NamedTuple

from storage.text import go_quote

__all__ = ["Token", "read_tokens"]

_BLANKS = " \t\r\n"
_KEYWORDS = frozenset(("block", "break", "continue", "define", "else", "end", "if", "nil", "range", "template", "with"))
_BLANK_RUN = re.compile(r"[ \t\r\n]+")
_WORD = re.compile(r"\w+")
_NUMBER = re.compile(
    r"[+-]?(?:0[xX][0-9a-fA-F_]*(?:\.[0-9a-fA-F_]*)?(?:[pP][+-]?[0-9_]*)?"
    r"|0[oO][0-7_]*(?:\.[0-7_]*)?"
    r"|0[bB][01_]*(?:\.[01_]*)?"
    r"|[0-9_]*(?:\.[0-9_]*)?(?:[eE][+-]?[0-9_]*)?)i?"
)
_QUOTED = {
    '"': re.compile(r'"(?:[^"\\\n]|\\[^\n])*"'),
    "'": re.compile(r"'(?:[^'\\\n]|\\[^\n])*'"),
    "`": re.compile(r"`[^`]*`"),
}
_QUOTED_KINDS = {'"': "string", "'": "character", "`": "raw string"}
_UNTERMINATED = {
    '"': "unterminated quoted string",
    "'": "unterminated character constant",
    "`": "unterminated raw quoted string",
}
_DIGITS = frozenset("0123456789")
_SINGLE = {"|": "pipe", "=": "assign"}


class Token(NamedTuple):
    """``position`` counts characters from 0, ``line`` from 1. A keyword's kind is the word itself."""

    kind: str
    text: str
    position: int
    line: int

    def __str__(self) -> str:
        """How error texts show it."""
        if self.kind == "end of text":
            return "EOF"
        if self.kind == "error":
            return self.text
        if self.kind in _KEYWORDS or self.kind == "dot":
            return f"<{self.text}>"
        return go_quote(self.text) if len(self.text.encode()) <= 10 else go_quote(self.text[:10]) + "..."


def read_tokens(text: str) -> list[Token]:
    """All tokens; the last one is of kind ``end of text`` or ``error``."""
    return _Lexer(text).run()


class _LexicalError(Exception):
    """Carries the text of the error token."""


class _Lexer:
    def __init__(self, text: str) -> None:
        self.text, self.position, self.line = text, 0, 1
        self.depth = 0
        self.tokens: list[Token] = []

    def run(self) -> list[Token]:
        try:
            while self.position < len(self.text):
                self._read_text()
                if self.position < len(self.text):
                    self._read_delimited()
            self._emit("end of text", self.position)
        except _LexicalError as error:
            self.tokens.append(Token("error", str(error), self.position, self.line))
        return self.tokens

    def _emit(self, kind: str, end: int) -> None:
        self.tokens.append(Token(kind, self.text[self.position : end], self.position, self.line))
        self._skip_to(end)

    def _skip_to(self, end: int) -> None:
        self.line += self.text.count("\n", self.position, end)
        self.position = end

    def _read_text(self) -> None:
        """Up to the next ``{{``, less the blanks that a trim marker takes."""
        start = self.text.find("{{", self.position)
        if start < 0:
            start = len(self.text)
        end = start
        if self._is_trimming(start + 2):
            end = self.position + len(self.text[self.position : start].rstrip(_BLANKS))
        if end > self.position:
            self._emit("text", end)
        self._skip_to(start)

    def _is_trimming(self, position: int) -> bool:
        marker = self.text[position : position + 2]
        return len(marker) == 2 and marker[0] == "-" and marker[1] in _BLANKS

    def _read_delimited(self) -> None:
        marker_length = 2 if self._is_trimming(self.position + 2) else 0
        if self.text.startswith("/*", self.position + 2 + marker_length):
            self._skip_comment(self.position + 4 + marker_length)
            return
        self._emit("left delimiter", self.position + 2)
        self._skip_to(self.position + marker_length)
        self.depth = 0
        while not self._at_right_delimiter():
            self._read_in_action()
        if self.depth:
            raise _LexicalError("unclosed left paren")
        self._close_action()

    def _skip_comment(self, start: int) -> None:
        end = self.text.find("*/", start)
        if end < 0:
            raise _LexicalError("unclosed comment")
        self._skip_to(end + 2)
        if not self._at_right_delimiter():
            raise _LexicalError("comment ends before closing delimiter")
        self._close_action()
        self.tokens.pop()  # the delimiter: a comment leaves no token

    def _at_right_delimiter(self) -> bool:
        if self.text.startswith("}}", self.position):
            return True
        return self.text.startswith("-}}", self.position + 1) and self.text[self.position] in _BLANKS

    def _close_action(self) -> None:
        is_trimming = self.text[self.position] != "}"
        if is_trimming:
            self._skip_to(self.position + 2)
        self._emit("right delimiter", self.position + 2)
        blanks = _BLANK_RUN.match(self.text, self.position)
        if is_trimming and blanks:
            self._skip_to(blanks.end())

    def _read_in_action(self) -> None:
        if self.position >= len(self.text):
            raise _LexicalError("unclosed action")
        char = self.text[self.position]
        if char in _BLANKS:
            self._read_blanks()
        elif char in _QUOTED:
            self._read_quoted(char)
        elif char == "$":
            self._read_name("variable")
        elif char == "." and self.text[self.position + 1 : self.position + 2] not in _DIGITS:
            self._read_name("field")
        elif char in "+-.0123456789":
            self._read_number()
        elif _WORD.match(char):
            self._read_word()
        else:
            self._read_mark(char)

    def _read_blanks(self) -> None:
        blanks = _BLANK_RUN.match(self.text, self.position)
        assert blanks is not None
        belongs_to_marker = self.text.startswith("-}}", blanks.end())
        self._emit("blank", blanks.end() - belongs_to_marker)

    def _read_quoted(self, quote: str) -> None:
        quoted = _QUOTED[quote].match(self.text, self.position)
        if quoted is None:
            raise _LexicalError(_UNTERMINATED[quote])
        self._emit(_QUOTED_KINDS[quote], quoted.end())

    def _read_name(self, kind: str) -> None:
        """``.x``, ``$x``, or the sign alone."""
        word = _WORD.match(self.text, self.position + 1)
        end = word.end() if word else self.position + 1
        self._expect_terminator(end)
        self._emit("dot" if kind == "field" and word is None else kind, end)

    def _expect_terminator(self, position: int) -> None:
        char = self.text[position : position + 1]
        if not char or char in _BLANKS or char in ".,|:()" or self.text.startswith("}}", position):
            return
        raise _LexicalError(f"bad character {_unicode_name(char)}")

    def _read_number(self) -> None:
        end = self._number_end(self.position)
        kind = "number"
        if self.text[end : end + 1] in ("+", "-"):
            end, kind = self._number_end(end), "complex"
            if self.text[end - 1] != "i":
                raise self._bad_number(end)
        self._emit(kind, end)

    def _number_end(self, start: int) -> int:
        number = _NUMBER.match(self.text, start)
        assert number is not None
        if _WORD.match(self.text, number.end()):
            raise self._bad_number(number.end() + 1)
        return number.end()

    def _bad_number(self, end: int) -> _LexicalError:
        return _LexicalError(f"bad number syntax: {go_quote(self.text[self.position : end])}")

    def _read_word(self) -> None:
        word = _WORD.match(self.text, self.position)
        assert word is not None
        self._expect_terminator(word.end())
        name = word.group()
        kind = name if name in _KEYWORDS else "bool" if name in ("true", "false") else "identifier"
        self._emit(kind, word.end())

    def _read_mark(self, char: str) -> None:
        if char == ":":
            if not self.text.startswith(":=", self.position):
                raise _LexicalError("expected :=")
            self._emit("declare", self.position + 2)
        elif char in "()":
            self._read_parenthesis(char)
        elif char.isascii() and char.isprintable():
            self._emit(_SINGLE.get(char, "mark"), self.position + 1)
        else:
            raise _LexicalError(f"unrecognized character in action: {_unicode_name(char)}")

    def _read_parenthesis(self, char: str) -> None:
        self.depth += 1 if char == "(" else -1
        if self.depth < 0:
            raise _LexicalError("unexpected right paren")
        self._emit("left paren" if char == "(" else "right paren", self.position + 1)


def _unicode_name(char: str) -> str:
    shown = f" '{char}'" if char.isprintable() else ""
    return f"U+{ord(char):04X}{shown}"
