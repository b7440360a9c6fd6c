"""Functions on text. Lengths and places count bytes in trunc and substr, characters in alignLeft and alignRight."""

from __future__ import annotations

from logql.template.function import INT, STRING, Function
from logql.template.limits import check_length
from logql.template.values import to_bytes, to_text

__all__ = ["STRING_FUNCTIONS"]

_BLANKS = "\t\n\v\f\r \x85\xa0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u2028\u2029\u202f\u205f\u3000"


def lower(text: str) -> str:
    """Character by character, as Go does: no special case for a sigma at the end of a word."""
    return text.lower() if text.isascii() else "".join(map(_lower_char, text))


def _lower_char(char: str) -> str:
    return char.lower()[:1]


def upper(text: str) -> str:
    """Character by character: what has no single capital (``ß``) stays."""
    return text.upper() if text.isascii() else "".join(map(_upper_char, text))


def _upper_char(char: str) -> str:
    for candidate in (char.upper(), char.title()):
        if len(candidate) == 1:
            return candidate
    return char


def title(text: str) -> str:
    """Capital letters at the start of words; the rest is untouched."""
    return "".join(
        _title_char(char) if _is_separator(before) else char for before, char in zip(" " + text, text, strict=False)
    )


def _title_char(char: str) -> str:
    capital = char.title()
    return capital if len(capital) == 1 else char


def _is_separator(char: str) -> bool:
    if char.isascii():
        return not (char.isalnum() or char == "_")
    return char in _BLANKS


def trim_space(text: str) -> str:
    return text.strip(_BLANKS)


def trim(text: str, chars: str) -> str:
    return text.strip(chars) if chars else text


def trim_left(text: str, chars: str) -> str:
    return text.lstrip(chars) if chars else text


def trim_right(text: str, chars: str) -> str:
    return text.rstrip(chars) if chars else text


def replace(text: str, old: str, new: str, count: int = -1) -> str:
    found = text.count(old) if count < 0 else min(count, text.count(old))
    check_length(len(text) + found * (len(new) - len(old)))
    return text.replace(old, new, count)


def trunc(count: int, text: str) -> str:
    """The first ``count`` bytes, or the last ``-count``."""
    if text.isascii():
        return text[:count] if count >= 0 else text[count:]
    data = to_bytes(text)
    return to_text(data[:count] if count >= 0 else data[count:])


def substr(start: int, end: int, text: str) -> str:
    """Bytes ``start`` to ``end``; an ``end`` below 0 or beyond the text is its end."""
    data = to_bytes(text)
    if start < 0:
        if end < 0:
            raise ValueError(f"runtime error: slice bounds out of range [:{end}]")
        if end > len(data):
            raise ValueError(f"runtime error: slice bounds out of range [:{end}] with length {len(data)}")
        return to_text(data[:end])
    if end < 0 or end > len(data):
        end = len(data)
    if start > end:
        raise ValueError(f"runtime error: slice bounds out of range [{start}:{end}]")
    return to_text(data[start:end])


def repeat(count: int, text: str) -> str:
    if count < 0:
        raise ValueError("strings: negative Repeat count")
    check_length(count * len(text))
    return text * count


def indent(count: int, text: str) -> str:
    pad = repeat(count, " ")
    return pad + replace(text, "\n", "\n" + pad)


def nindent(count: int, text: str) -> str:
    return "\n" + indent(count, text)


def align_left(count: int, text: str) -> str:
    if count < 0:
        return text
    check_length(count)
    return text[:count].ljust(count)


def align_right(count: int, text: str) -> str:
    """Cuts at the start."""
    if count < 0:
        return text
    check_length(count)
    return text[max(len(text) - count, 0) :].rjust(count)


_ONE = (STRING,)
_TWO = (STRING, STRING)
_COUNT = (INT, STRING)
_PER_CHAR = 8  # the weight of what runs once a character

STRING_FUNCTIONS = (
    Function("lower", _ONE, lower, weight=_PER_CHAR),
    Function("ToLower", _ONE, lower, weight=_PER_CHAR),
    Function("upper", _ONE, upper, weight=_PER_CHAR),
    Function("ToUpper", _ONE, upper, weight=_PER_CHAR),
    Function("title", _ONE, title, weight=_PER_CHAR),
    Function("trim", _ONE, trim_space),
    Function("TrimSpace", _ONE, trim_space),
    Function("trimAll", _TWO, lambda chars, text: trim(text, chars)),
    Function("Trim", _TWO, trim),
    Function("TrimLeft", _TWO, trim_left),
    Function("TrimRight", _TWO, trim_right),
    Function("trimPrefix", _TWO, lambda prefix, text: text.removeprefix(prefix)),
    Function("trimSuffix", _TWO, lambda suffix, text: text.removesuffix(suffix)),
    Function("TrimPrefix", _TWO, str.removeprefix),
    Function("TrimSuffix", _TWO, str.removesuffix),
    Function("replace", (STRING, STRING, STRING), lambda old, new, text: replace(text, old, new)),
    Function("Replace", (STRING, STRING, STRING, INT), replace),
    Function("trunc", _COUNT, trunc),
    Function("substr", (INT, INT, STRING), substr),
    Function("repeat", _COUNT, repeat),
    Function("indent", _COUNT, indent),
    Function("nindent", _COUNT, nindent),
    Function("alignLeft", _COUNT, align_left),
    Function("alignRight", _COUNT, align_right),
    Function("contains", _TWO, lambda part, text: part in text),
    Function("hasPrefix", _TWO, lambda prefix, text: text.startswith(prefix)),
    Function("hasSuffix", _TWO, lambda suffix, text: text.endswith(suffix)),
)
