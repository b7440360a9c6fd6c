"""base64, URL, JSON, HTML and JavaScript."""

from __future__ import annotations

import json
import math
import re
from base64 import b64encode
from binascii import a2b_base64
from urllib.parse import quote_plus, unquote_to_bytes

from logql.template.function import ANY, STRING, Function
from logql.template.limits import MAX_JSON_DEPTH
from logql.template.printing import print_values
from logql.template.values import to_bytes, to_text
from storage.text import go_quote

__all__ = ["ENCODING_FUNCTIONS"]

_NO_BASE64 = re.compile(rb"[^A-Za-z0-9+/\r\n]")
_BAD_ESCAPE = re.compile(r"%(?![0-9a-fA-F]{2})")
_JSON_BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)
_HTML = str.maketrans({"'": "&#39;", '"': "&#34;", "&": "&amp;", "<": "&lt;", ">": "&gt;", "\0": "\ufffd"})
_JAVASCRIPT = str.maketrans(
    {chr(code): f"\\u{code:04X}" for code in range(0x20)}
    | {char: f"\\u{ord(char):04X}" for char in "<>&="}
    | {char: f"\\{char}" for char in "\\'\""}
)
_UNPRINTABLE = re.compile(r"[^\x00-\x7f]")
_DEAR = 4


def encode_base64(text: str) -> str:
    return b64encode(to_bytes(text)).decode()


def decode_base64(text: str) -> str:
    """What is no base64 gives the text of the error, as a value."""
    data = to_bytes(text)
    fault = _base64_fault(data)
    if fault is not None:
        return f"illegal base64 data at input byte {fault}"
    return to_text(a2b_base64(data.replace(b"\r", b"").replace(b"\n", b"")))


def _base64_fault(data: bytes) -> int | None:
    """The first byte that is wrong; line breaks do not count."""
    end = _NO_BASE64.search(data)
    stop = end.start() if end else len(data)
    digits = stop - data.count(b"\n", 0, stop) - data.count(b"\r", 0, stop)
    odd = digits % 4
    if end is None:
        return None if odd == 0 else len(data) - odd
    if data[stop : stop + 1] != b"=" or odd < 2:
        return stop
    rest = stop + 1
    if odd == 2:
        rest = _skip_breaks(data, rest)
        if data[rest : rest + 1] != b"=":
            return rest
        rest += 1
    rest = _skip_breaks(data, rest)
    return None if rest == len(data) else rest


def _skip_breaks(data: bytes, position: int) -> int:
    while data[position : position + 1] in (b"\r", b"\n"):
        position += 1
    return position


def encode_url(text: str) -> str:
    return quote_plus(to_bytes(text))


def decode_url(text: str) -> str:
    """Raises ValueError."""
    bad = _BAD_ESCAPE.search(text)
    if bad is not None:
        raise ValueError(f"invalid URL escape {go_quote(text[bad.start() : bad.start() + 3])}")
    return to_text(unquote_to_bytes(to_bytes(text.replace("+", " "))))


def from_json(text: str) -> object:
    """All numbers are floats; nil for what is no JSON, or is nested too deeply."""
    if not _is_shallow(text):
        return None
    try:
        value: object = json.loads(text, parse_int=_json_number, parse_float=_json_number, parse_constant=_refuse)
        return _without_surrogates(value) if "\\u" in text else value
    except ValueError:
        return None


def _is_shallow(text: str) -> bool:
    if text.count("[") + text.count("{") <= MAX_JSON_DEPTH:
        return True
    depth = 0
    for token in _JSON_BRACKETS.finditer(text):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(token.group(), 0)
        if depth > MAX_JSON_DEPTH:
            return False
    return True


def _json_number(text: str) -> float:
    value = float(text)
    if math.isinf(value):
        raise ValueError(f"{text} fits no float64")
    return value


def _refuse(text: str) -> object:
    raise ValueError(f"{text} is no JSON")


def _without_surrogates(value: object) -> object:
    """``\\ud800`` alone is no character."""
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_without_surrogates(item) for item in value]
    if isinstance(value, dict):
        return {_without_surrogates(key): _without_surrogates(item) for key, item in value.items()}
    return value


def _shown(values: tuple[object, ...]) -> str:
    return print_values("<no value>" if value is None else value for value in values)


def escape_url(*values: object) -> str:
    return encode_url(_shown(values))


def escape_html(*values: object) -> str:
    return _shown(values).translate(_HTML)


def escape_javascript(*values: object) -> str:
    return _UNPRINTABLE.sub(_escape_unprintable, _shown(values).translate(_JAVASCRIPT))


def _escape_unprintable(match: re.Match[str]) -> str:
    char = match.group()
    return char if char.isprintable() else f"\\u{ord(char):04X}"


ENCODING_FUNCTIONS = (
    Function("b64enc", (STRING,), encode_base64),
    Function("b64dec", (STRING,), decode_base64),
    Function("urlencode", (STRING,), encode_url),
    Function("urldecode", (STRING,), decode_url),
    Function("fromJson", (STRING,), from_json, weight=_DEAR),
    Function("html", (), escape_html, rest=ANY),
    Function("js", (), escape_javascript, rest=ANY, weight=_DEAR),
    Function("urlquery", (), escape_url, rest=ANY),
)
