"""Label strings as Prometheus writes them: ``{app="web", "a.b"='c'}``.

Errors carry the texts that Loki's clients see: line, column in bytes, and what was expected.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from server.push.bounds import check_labels
from server.push.errors import PushError
from storage.text import decode_utf8, go_quote

__all__ = ["parse_label_text"]

# What agents send: ASCII, no escapes, commas and equal signs in their usual places. No possessive group:
# in Python 3.11.2, which Debian 12 has, `(?:ab)*+` takes an `a` alone.
_PLAIN = re.compile(rb'\{(?:[A-Za-z_][A-Za-z0-9_]*+="[ !#-\[\]-~]*+"(?:, ?|(?=\})))*\}')
_PLAIN_PAIR = re.compile(rb'([A-Za-z_][A-Za-z0-9_]*+)="([ !#-\[\]-~]*+)"')
_SPACE = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_METRIC = re.compile(r"[A-Za-z_:][A-Za-z0-9_:]*")
_OPERATOR = re.compile(r"=~|!~|!=|=")
_OUTER_OPERATOR = re.compile(r"==|!=|<=|>=|=~|!~|[%*+\-/<>@^]")
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?(?![0-9A-Za-z_.])")
_QUOTED = re.compile(r'"(?:[^"\\\n]|\\[^\n])*"' r"|'(?:[^'\\\n]|\\[^\n])*'", re.DOTALL)
_ESCAPE = re.compile(
    r"\\(?:([abfnrtv\\'\"])|([0-7]{3})|x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL
)
_SHORT = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_FIRST = 'identifier or "}"'


@dataclass(frozen=True, slots=True)
class _Token:
    """``kind`` is name, string, end, or the symbol itself; ``text`` as written; ``pos`` in characters."""

    kind: str
    text: str
    pos: int

    def describe(self) -> str:
        if self.kind == "end":
            return "end of input"
        if self.kind == "name":
            return f"identifier {go_quote(self.text)}"
        if self.kind == "string":
            shown = go_quote(self.text) if len(self.text) <= 10 else go_quote(self.text[:10]) + "..."
            return f"string {shown}"
        return f"<op:{self.text}>" if self.text in ("=~", "!~", "!=") else go_quote(self.text)


def parse_label_text(source: bytes) -> list[tuple[str, str]]:
    """The (name, value) pairs as written, in order, duplicates included. PushError 400 when it is no label set."""
    if _PLAIN.fullmatch(source):
        return [(name.decode(), value.decode()) for name, value in _PLAIN_PAIR.findall(source)]
    return _Parser(source.decode("utf-8", "surrogateescape")).parse()


class _Parser:
    """One label string on its way to pairs."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.pos = 0

    def parse(self) -> list[tuple[str, str]]:
        self._skip_space()
        pairs = []
        if metric := _METRIC.match(self.text, self.pos):
            pairs.append(("__name__", metric[0]))
            self.pos = metric.end()
            self._skip_space()
        if self.text.startswith("{", self.pos):
            self.pos += 1
            pairs += self._inside_braces()
        self._expect_end()
        return pairs

    def _inside_braces(self) -> list[tuple[str, str]]:
        pairs: list[tuple[str, str]] = []
        token = self._next()
        while token.kind != "}":
            pairs.append(self._pair(token))
            check_labels(len(pairs))
            token = self._next()
            if token.kind == ",":
                token = self._next()
            elif token.kind != "}":
                raise self._unexpected(token, '"," or "}"')
        return pairs

    def _pair(self, name: _Token) -> tuple[str, str]:
        if name.kind not in ("name", "string"):
            raise self._unexpected(name, _FIRST)
        before = self.pos
        operator = self._next()
        if name.kind == "string" and operator.kind in (",", "}"):
            self.pos = before
            return "__name__", self._unquote(name)
        if operator.kind != "=":
            raise self._unexpected(operator, '"="' if name.kind == "name" else '"," or "}"')
        value = self._next()
        if value.kind != "string":
            raise self._unexpected(value, "string")
        return (name.text if name.kind == "name" else self._unquote(name)), self._unquote(value)

    def _expect_end(self) -> None:
        self._skip_space()
        start, text = self.pos, self.text
        if start == len(text):
            return
        if text[start] in "\"'`":
            raise self._fail(start, f"unexpected {self._string().describe()}")
        if found := _METRIC.match(text, start):
            metric = "metric " if ":" in found[0] else ""
            raise self._fail(start, f"unexpected {metric}identifier {go_quote(found[0])}")
        if found := _NUMBER.match(text, start):
            raise self._fail(start, f"unexpected number {go_quote(found[0])}")
        if found := _OUTER_OPERATOR.match(text, start):
            raise self._fail(start, f"unexpected <op:{found[0]}>")
        if text[start] in "{[(=,":
            raise self._fail(start, f"unexpected {go_quote(text[start])}")
        raise self._fail(start, f"unexpected character: {_quote_char(text[start])}")

    def _next(self) -> _Token:
        """The next token inside braces."""
        self._skip_space()
        start, text = self.pos, self.text
        if start == len(text):
            raise self._fail(start, "unexpected end of input inside braces")
        if text[start] in "\"'`":
            return self._string()
        if found := _NAME.match(text, start) or _OPERATOR.match(text, start):
            self.pos = found.end()
            return _Token("name" if found.re is _NAME else found[0], found[0], start)
        if text[start] in ",}":
            self.pos += 1
            return _Token(text[start], text[start], start)
        raise self._fail(start, self._odd_character(text[start:]))

    def _odd_character(self, rest: str) -> str:
        if rest[0] == "{":
            return "unexpected left brace '{'"
        if rest[0] == "!" and len(rest) > 1:
            return f"unexpected character after '!' inside braces: {_quote_char(rest[1])}"
        return f"unexpected character inside braces: {_quote_char(rest[0])}"

    def _string(self) -> _Token:
        start = self.pos
        if self.text[start] == "`":
            end = self.text.find("`", start + 1)
            if end < 0:
                raise self._fail(start, "unterminated raw string")
            self.pos = end + 1
            return _Token("string", self.text[start : self.pos], start)
        found = _QUOTED.match(self.text, start)
        if found is None:
            raise self._fail(start, "unterminated quoted string")
        self.pos = found.end()
        return _Token("string", found[0], start)

    def _unquote(self, token: _Token) -> str:
        """The bytes that a quoted string stands for, as text."""
        inner = token.text[1:-1]
        if token.text[0] == "`":
            return self._checked(inner, token)
        if "\\" not in inner:
            return self._checked(inner, token)
        parts, at = [], 0
        for found in _ESCAPE.finditer(inner):
            parts.append(self._checked(inner[at : found.start()], token).encode())
            parts.append(self._escape(found, token))
            at = found.end()
        parts.append(self._checked(inner[at:], token).encode())
        return decode_utf8(b"".join(parts))

    def _escape(self, found: re.Match[str], token: _Token) -> bytes:
        short, octal, byte, *runes, odd = found.groups()
        if short and (short not in "'\"" or short == token.text[0]):
            return _SHORT.get(short, short).encode()
        if octal and int(octal, 8) < 256:
            return bytes([int(octal, 8)])
        if byte:
            return bytes([int(byte, 16)])
        code = int(next((rune for rune in runes if rune), "110000"), 16)
        if code < 0xD800 or 0xDFFF < code < 0x110000:
            return chr(code).encode()
        if odd or short:
            char = odd or short
            raise self._fail(token.pos, f"unknown escape sequence U+{ord(char):04X} {_quote_char(char)}")
        raise self._fail(token.pos, "escape sequence is an invalid Unicode code point")

    def _checked(self, text: str, token: _Token) -> str:
        if any("\udc80" <= char <= "\udcff" for char in text):
            raise self._fail(token.pos, "invalid UTF-8 rune")
        return text

    def _skip_space(self) -> None:
        found = _SPACE.match(self.text, self.pos)
        assert found is not None
        self.pos = found.end()

    def _unexpected(self, token: _Token, expected: str) -> PushError:
        return self._fail(token.pos, f"unexpected {token.describe()} in label set, expected {expected}")

    def _fail(self, pos: int, message: str) -> PushError:
        before = self.text[:pos]
        line = before.count("\n") + 1
        column = len(before.rpartition("\n")[2].encode("utf-8", "surrogateescape")) + 1
        shown = message.encode("utf-8", "replace").decode()
        return PushError(400, f"couldn't parse labels: {line}:{column}: parse error: {shown}")


def _quote_char(char: str) -> str:
    if "\udc80" <= char <= "\udcff":
        return "'\ufffd'"
    return "'" + (char if char == '"' else go_quote(char)[1:-1].replace("'", "\\'")) + "'"
