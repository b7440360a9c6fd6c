"""The functions of templates: promtail's own, Go's, and those of sprig that pipelines use."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any
from urllib.parse import quote, unquote

from ingest_client.agent.golang.durations import parse_duration_s
from ingest_client.agent.regex import Regex
from ingest_client.agent.template.errors import TemplateError
from ingest_client.agent.template.values import is_true, printed

__all__ = ["FUNCTIONS"]

_VERB = re.compile(r"%([-+ 0#]*)(\d*)(?:\.(\d+))?([a-zA-Z%])")
_MAX_REPEATS = 1 << 16


@lru_cache(maxsize=256)
def _regex(expression: str) -> Regex:
    return Regex(expression)


def _replace_all(expression: str, text: str, replacement: str) -> str:
    return _replaced(_regex(expression), text, replacement, is_literal=False)


def _replace_all_literal(expression: str, text: str, replacement: str) -> str:
    return _replaced(_regex(expression), text, replacement, is_literal=True)


def _replaced(regex: Regex, text: str, replacement: str, is_literal: bool) -> str:
    data, done = text.encode(), 0
    pieces: list[bytes] = []
    for spans in regex.all_spans(data):
        begin, end = spans[0]
        new = replacement if is_literal else regex.expanded(replacement, data, spans)
        pieces += (data[done:begin], new.encode())
        done = end
    return b"".join((*pieces, data[done:])).decode("utf-8", "replace")


def _hash(salt: str, text: str) -> str:
    return hashlib.sha3_256((salt + text).encode()).hexdigest()


def _sha2(salt: str, text: str) -> str:
    return hashlib.sha256((salt + text).encode()).hexdigest()


def _substring(start: int, end: int, text: str) -> str:
    return text[max(0, start) :] if end < 0 or end > len(text) else text[max(0, start) : end]


def _truncated(length: int, text: str) -> str:
    if length < 0:
        return text[length:] if -length < len(text) else text
    return text[:length]


def _printf(layout: str, *values: Any) -> str:
    rest = list(values)

    def verb(found: re.Match[str]) -> str:
        flags, width, precision, letter = found.groups()
        if letter == "%":
            return "%"
        if not rest:
            return f"%!{letter}(MISSING)"
        return _formatted(flags, width, precision, letter, rest.pop(0))

    return _VERB.sub(verb, layout)


def _formatted(flags: str, width: str, precision: str | None, letter: str, value: Any) -> str:
    if letter in "sv":
        text = printed(value)[: int(precision)] if precision else printed(value)
        return text.ljust(int(width)) if width and "-" in flags else text.rjust(int(width or 0))
    if letter == "q":
        return json.dumps(printed(value), ensure_ascii=False)
    points = f".{precision}" if precision is not None else ""
    try:
        if letter in "feEgG":
            return f"%{flags}{width}{points}{letter}" % float(value)
        if letter in "dxXo":
            return f"%{flags}{width}{letter}" % int(value)
    except (ValueError, TypeError):
        pass
    return f"%!{letter}({printed(value)})"


def _compared(test: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    def compare(left: Any, right: Any) -> bool:
        if isinstance(left, str) != isinstance(right, str):
            raise TemplateError("incompatible types for comparison")
        return test(left, right)

    return compare


def _equal(left: Any, *others: Any) -> bool:
    return any(left == other and isinstance(left, bool) == isinstance(other, bool) for other in others)


def _index(value: Any, *keys: Any) -> Any:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else value[int(key)]
    return value


def _whole(value: Any) -> int:
    try:
        return int(float(value))
    except (TypeError, ValueError):
        return 0


def _float(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return 0.0


def _default(fallback: Any, value: Any = None) -> Any:
    return value if is_true(value) else fallback


def _repeated(count: int, text: str) -> str:
    if count * len(text) > _MAX_REPEATS:
        raise TemplateError(f"repeat makes more than {_MAX_REPEATS} characters")
    return text * max(0, count)


def _indented(spaces: int, text: str) -> str:
    padding = " " * min(max(0, spaces), 256)
    return padding + text.replace("\n", "\n" + padding)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "ToLower": str.lower,
    "ToUpper": str.upper,
    "Replace": lambda text, old, new, count: text.replace(old, new, count),
    "Trim": lambda text, cut: text.strip(cut),
    "TrimLeft": lambda text, cut: text.lstrip(cut),
    "TrimRight": lambda text, cut: text.rstrip(cut),
    "TrimPrefix": lambda text, prefix: text.removeprefix(prefix),
    "TrimSuffix": lambda text, suffix: text.removesuffix(suffix),
    "TrimSpace": str.strip,
    "Hash": _hash,
    "Sha2Hash": _sha2,
    "regexReplaceAll": _replace_all,
    "regexReplaceAllLiteral": _replace_all_literal,
    "not": lambda value: not is_true(value),
    "eq": _equal,
    "ne": lambda left, right: not _equal(left, right),
    "lt": _compared(lambda left, right: left < right),
    "le": _compared(lambda left, right: left <= right),
    "gt": _compared(lambda left, right: left > right),
    "ge": _compared(lambda left, right: left >= right),
    "len": len,
    "index": _index,
    "print": lambda *values: "".join(map(printed, values)),
    "println": lambda *values: " ".join(map(printed, values)) + "\n",
    "printf": _printf,
    "lower": str.lower,
    "upper": str.upper,
    "title": str.title,
    "trim": str.strip,
    "trimAll": lambda cut, text: text.strip(cut),
    "trimPrefix": lambda prefix, text: text.removeprefix(prefix),
    "trimSuffix": lambda suffix, text: text.removesuffix(suffix),
    "replace": lambda old, new, text: text.replace(old, new),
    "contains": lambda part, text: part in text,
    "hasPrefix": lambda prefix, text: text.startswith(prefix),
    "hasSuffix": lambda suffix, text: text.endswith(suffix),
    "substr": _substring,
    "trunc": _truncated,
    "repeat": _repeated,
    "indent": _indented,
    "nindent": lambda spaces, text: "\n" + _indented(spaces, text),
    "nospace": lambda text: "".join(text.split()),
    "quote": lambda *values: " ".join(json.dumps(printed(value), ensure_ascii=False) for value in values),
    "squote": lambda *values: " ".join(f"'{printed(value)}'" for value in values),
    "default": _default,
    "coalesce": lambda *values: next((value for value in values if is_true(value)), None),
    "empty": lambda value=None: not is_true(value),
    "ternary": lambda yes, no, test: yes if test else no,
    "int": _whole,
    "int64": _whole,
    "float64": _float,
    "toString": printed,
    "add": lambda *values: sum(map(_whole, values)),
    "sub": lambda left, right: _whole(left) - _whole(right),
    "mul": lambda left, right: _whole(left) * _whole(right),
    "div": lambda left, right: int(_whole(left) / _whole(right)),
    "mod": lambda left, right: _whole(left) % _whole(right),
    "addf": lambda *values: sum(map(_float, values)),
    "subf": lambda left, right: _float(left) - _float(right),
    "mulf": lambda left, right: _float(left) * _float(right),
    "divf": lambda left, right: _float(left) / _float(right),
    "max": lambda *values: max(map(_whole, values)),
    "min": lambda *values: min(map(_whole, values)),
    "round": lambda value, digits: round(_float(value), digits),
    "ceil": lambda value: float(-(-_float(value) // 1)),
    "floor": lambda value: float(_float(value) // 1),
    "list": lambda *values: list(values),
    "join": lambda separator, values: separator.join(map(printed, values)),
    "splitList": lambda separator, text: text.split(separator),
    "first": lambda values: values[0] if values else None,
    "last": lambda values: values[-1] if values else None,
    "fromJson": json.loads,
    "toJson": lambda value: json.dumps(value, ensure_ascii=False, separators=(",", ":")),
    "b64enc": lambda text: base64.b64encode(text.encode()).decode(),
    "b64dec": lambda text: base64.b64decode(text).decode("utf-8", "replace"),
    "urlencode": lambda text: quote(text, safe=""),
    "urldecode": unquote,
    "duration_seconds": parse_duration_s,
    "regexMatch": lambda expression, text: _regex(expression).is_in(text),
    "sha256sum": lambda text: hashlib.sha256(text.encode()).hexdigest(),
    "sha1sum": lambda text: hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest(),
}
