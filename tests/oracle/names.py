"""Section 4.6: how names found in lines become label names; section 6: blanks as Go trims them."""

from __future__ import annotations

__all__ = ["EXTRACTED", "clean", "go_strip", "sanitised"]

EXTRACTED = "_extracted"
_GO_BLANKS = "\t\n\v\f\r \x85\xa0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u2028\u2029\u202f\u205f\u3000"
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")


def go_strip(text: str) -> str:
    return text.strip(_GO_BLANKS)


def sanitised(name: str, is_start: bool = True) -> str:
    """The label name for ``name``; "" where nothing is left. A leading digit matters at the start of a name only."""
    plain = "".join(char if char in _PLAIN else "_" for char in go_strip(name))
    return f"_{plain}" if is_start and plain[:1].isdigit() else plain


def clean(value: str) -> str:
    """U+FFFD in values becomes a blank."""
    return value.replace("\ufffd", " ")
