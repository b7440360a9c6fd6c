"""What is mined of a line, and its words: in Python for the few lines that templates are learned from.

Of a JSON line it is the message, as it stands there, where it has one; of anything long the beginning. Words are what
stands between blanks, brackets, quotes and the like. What a pattern would read as a capture is (part of) a word.
"""

from __future__ import annotations

import re
from enum import IntEnum

__all__ = ["LONGEST_JSON", "MESSAGES", "PIECE_BYTES", "Kind", "has_capture", "mined_piece", "split_words"]

PIECE_BYTES = 1024
LONGEST_JSON = 32_768  # bytes; longer lines are mined as text
MESSAGES = (b"message", b"msg", b"msg_", b"_msg", b"content")  # the first that is there wins

_CAPTURE = re.compile(rb"<[A-Za-z_][A-Za-z0-9_]*>")
_WORD = re.compile(rb"(?:<[A-Za-z_][A-Za-z0-9_]*>|[^ \t\n\r\f\v=:,;\"'\[\](){}<>|])+")
_STRING = rb'"(?:[^"\\]|\\.)*"'
_TOKEN = re.compile(_STRING + rb'|["{}\[\],]', re.DOTALL)
_VALUE = re.compile(rb"[ \t\n\r]*:[ \t\n\r]*(" + _STRING + rb'|")?', re.DOTALL)


class Kind(IntEnum):
    """What a piece is: the whole line, the beginning of one, or the message of a JSON line (perhaps its beginning)."""

    WHOLE = 0
    BEGINNING = 1
    MESSAGE = 2


def mined_piece(line: bytes) -> tuple[Kind, int, int]:
    """The piece's kind, and where it begins and ends."""
    kind, start, stop = Kind.WHOLE, 0, len(line)
    if line.startswith(b"{") and len(line) <= LONGEST_JSON:
        found = _message(line)
        if found is not None:
            kind, (start, stop) = Kind.MESSAGE, found
    if stop - start <= PIECE_BYTES:
        return kind, start, stop
    stop = start + PIECE_BYTES
    while stop > start and line[stop] & 0xC0 == 0x80:  # inside a character
        stop -= 1
    return max(kind, Kind.BEGINNING), start, stop


def split_words(piece: bytes) -> tuple[tuple[bytes, ...], list[bytes]]:
    """The shape, which is one longer than the words and holds what stands between them, and the words."""
    return tuple(_WORD.split(piece)), _WORD.findall(piece)


def has_capture(word: bytes) -> bool:
    return _CAPTURE.search(word) is not None


def _message(line: bytes) -> tuple[int, int] | None:
    """Where the message of a JSON object lies, without its quotes. What is no JSON may have one, too."""
    depth, is_key, position = 0, False, 0
    best, found = len(MESSAGES), None
    while token := _TOKEN.search(line, position):
        text, position = token[0], token.end()
        if text == b'"':
            break
        if text[0] == ord('"'):
            if depth != 1 or not is_key:
                continue
            is_key = False
            value = _VALUE.match(line, position)
            position = value.end() if value else position
            if value is None or value[1] is None:
                continue
            if value[1] == b'"':
                break
            rank = MESSAGES.index(text[1:-1]) if text[1:-1] in MESSAGES else best
            if rank < best and len(value[1]) > 2:
                best, found = rank, (value.start(1) + 1, value.end(1) - 1)
        elif text in b"{[":
            depth, is_key = depth + 1, text == b"{"
        elif text in b"}]":
            depth, is_key = depth - 1, False
        else:
            is_key = True
    return found
