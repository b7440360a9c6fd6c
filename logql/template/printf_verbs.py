"""One value printed by one verb of ``printf``."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

from logql.template.printing import format_float, show, sorted_items
from logql.template.times.moment import Moment
from logql.template.values import Byte, Duration, LabelMap, Month, Weekday, kind_of, to_bytes, type_name
from storage.text import go_quote

__all__ = ["Spec", "format_verb"]

_STRINGER_VERBS = frozenset("vsxXq")
_BASES = {"d": 10, "v": 10, "b": 2, "o": 8, "O": 8, "x": 16, "X": 16}
_PREFIXES = {"b": "0b", "o": "0", "x": "0x", "X": "0X"}
_MAX_CODE_POINT = 0x10FFFF


@dataclass(slots=True)
class Spec:
    """What stands between ``%`` and the verb. Widths count characters."""

    flags: str
    width: int | None = None
    precision: int | None = None
    is_left: bool = field(init=False)
    has_zeros: bool = field(init=False)
    has_plus: bool = field(init=False)
    has_blank: bool = field(init=False)
    is_alternate: bool = field(init=False)

    def __post_init__(self) -> None:
        self.is_left, self.has_plus = "-" in self.flags, "+" in self.flags
        self.has_blank, self.is_alternate = " " in self.flags, "#" in self.flags
        self.has_zeros = "0" in self.flags

    def pad(self, text: str, has_zeros: bool | None = None) -> str:
        """``text`` in the width."""
        if self.width is None or len(text) >= self.width:
            return text
        if self.is_left:
            return text.ljust(self.width)
        zeros = self.has_zeros if has_zeros is None else has_zeros
        return text.rjust(self.width, "0" if zeros else " ")

    def pad_number(self, sign: str, digits: str) -> str:
        """Zeros go between the sign and the digits."""
        if self.has_zeros and not self.is_left and self.width is not None:
            return sign + digits.rjust(self.width - len(sign), "0")
        return self.pad(sign + digits, False)

    def sign(self, is_negative: bool) -> str:
        if is_negative:
            return "-"
        return "+" if self.has_plus else " " if self.has_blank else ""


def format_verb(spec: Spec, verb: str, value: object) -> str:
    """Never raises for a verb that does not fit: ``%!d(string=x)``."""
    if verb == "T":
        return spec.pad(type_name(value))
    if value is None:
        return spec.pad("<nil>") if verb == "v" else f"%!{verb}(<nil>)"
    if isinstance(value, Duration | Month | Weekday | Moment) and _uses_text(spec, verb):
        return _format_string(spec, verb, show(value))
    if isinstance(value, Moment):
        return _bad_verb(spec, verb, value)
    return _FORMATTERS[kind_of(value)](spec, verb, value)


def _uses_text(spec: Spec, verb: str) -> bool:
    return verb in _STRINGER_VERBS and not (verb == "v" and spec.is_alternate)


def _bad_verb(spec: Spec, verb: str, value: object) -> str:
    return f"%!{verb}({type_name(value)}={format_verb(spec, 'v', value)})"


def _format_bool(spec: Spec, verb: str, value: object) -> str:
    return spec.pad(show(value)) if verb in "tv" else _bad_verb(spec, verb, value)


def _format_string(spec: Spec, verb: str, value: object) -> str:
    assert isinstance(value, str)
    if verb == "v" and spec.is_alternate:
        return spec.pad(go_quote(value))
    if verb in "vs":
        return spec.pad(value[: spec.precision])
    if verb == "q":
        return spec.pad(_quoted(spec, value[: spec.precision]))
    if verb in "xX":
        return spec.pad(_hex_text(spec, verb, to_bytes(value)[: spec.precision]))
    return _bad_verb(spec, verb, value)


def _quoted(spec: Spec, text: str) -> str:
    is_plain = "`" not in text and all(char == "\t" or char.isprintable() for char in text)
    if spec.is_alternate and is_plain:
        return f"`{text}`"
    return _ascii_only(go_quote(text)) if spec.has_plus else go_quote(text)


def _ascii_only(text: str) -> str:
    return "".join(
        char if char.isascii() else f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}"
        for char in text
    )


def _hex_text(spec: Spec, verb: str, data: bytes) -> str:
    prefix = f"0{verb}" if spec.is_alternate and data else ""
    text = data.hex(" ") if spec.has_blank else data.hex()
    text = text.upper() if verb == "X" else text
    return prefix + text.replace(" ", f" {prefix}")


def _format_integer(spec: Spec, verb: str, value: object) -> str:
    assert isinstance(value, int)
    if verb == "v" and spec.is_alternate and isinstance(value, Byte):
        return spec.pad(f"0x{int(value):x}", False)
    if verb in _BASES:
        return _integer_text(spec, verb, int(value))
    if verb == "c":
        return spec.pad(_character(value))
    if verb == "q":
        return spec.pad(_quoted_character(spec, _character(value)))
    if verb == "U":
        return spec.pad(_code_point(spec, int(value)), False)
    return _bad_verb(spec, verb, value)


def _integer_text(spec: Spec, verb: str, value: int) -> str:
    digits = _digits(abs(value), _BASES[verb])
    digits = digits.upper() if verb == "X" else digits
    if spec.precision is not None:
        if spec.precision == 0 and value == 0:
            return spec.pad("", False)
        digits = digits.rjust(spec.precision, "0")
    elif spec.has_zeros and not spec.is_left and spec.width is not None:
        digits = digits.rjust(spec.width - len(spec.sign(value < 0)), "0")
    return spec.pad(spec.sign(value < 0) + _prefix(spec, verb, digits) + digits, False)


def _digits(value: int, base: int) -> str:
    return format(value, {10: "d", 2: "b", 8: "o", 16: "x"}[base])


def _prefix(spec: Spec, verb: str, digits: str) -> str:
    if verb == "O":
        return "0o"
    if not spec.is_alternate or (verb == "o" and digits.startswith("0")):
        return ""
    return _PREFIXES.get(verb, "")


def _character(code: int) -> str:
    is_valid = 0 <= code <= _MAX_CODE_POINT and not 0xD800 <= code < 0xE000
    return chr(code) if is_valid else "\ufffd"


def _quoted_character(spec: Spec, char: str) -> str:
    inner = {"'": "\\'", '"': '"'}.get(char, go_quote(char)[1:-1])
    return f"'{_ascii_only(inner) if spec.has_plus else inner}'"


def _code_point(spec: Spec, code: int) -> str:
    digits = f"{code % (1 << 64):X}".rjust(max(4, spec.precision or 0), "0")
    shown = f" '{chr(code)}'" if spec.is_alternate and 0 <= code <= _MAX_CODE_POINT and chr(code).isprintable() else ""
    return f"U+{digits}{shown}"


def _format_real(spec: Spec, verb: str, value: object) -> str:
    assert isinstance(value, float)
    if verb not in "veEfFgGxXb":
        return _bad_verb(spec, verb, value)
    if math.isnan(value) or math.isinf(value):
        return spec.pad(_not_finite(spec, value), False)
    digits = _real_digits(spec, verb, abs(value))
    return spec.pad_number(spec.sign(math.copysign(1, value) < 0), digits)


def _not_finite(spec: Spec, value: float) -> str:
    if math.isnan(value):
        return spec.sign(False) + "NaN"
    return ("-" if value < 0 else " " if spec.has_blank and not spec.has_plus else "+") + "Inf"


def _real_digits(spec: Spec, verb: str, value: float) -> str:
    if verb in "xX":
        text = _hex_real(value, spec.precision)
        return text.upper() if verb == "X" else text
    if verb == "b":
        mantissa, exponent = math.frexp(value)
        return f"{int(mantissa * (1 << 53))}p{exponent - 53:+d}"
    if verb in "eEfF":
        precision = 6 if spec.precision is None else spec.precision
        return format(value, f"{'#' if spec.is_alternate else ''}.{precision}{verb}")
    return _general_digits(spec, verb, value)


def _general_digits(spec: Spec, verb: str, value: float) -> str:
    """``%g`` and ``%v``: the shortest digits, or as many as asked for."""
    if spec.precision is None and not (spec.is_alternate and verb != "v"):
        text = format_float(value)
    else:
        precision = 6 if spec.precision is None else spec.precision
        text = format(value, f"{'#' if spec.is_alternate and verb != 'v' else ''}.{max(precision, 1)}g")
    return text.upper() if verb == "G" else text


def _hex_real(value: float, precision: int | None) -> str:
    """``0x1.8p+01``."""
    if value == 0:
        return "0x0" + ("." + "0" * precision if precision else "") + "p+00"
    mantissa, exponent = math.frexp(value)
    bits, exponent = int(mantissa * (1 << 53)), exponent - 1
    if precision is not None and precision < 13:
        bits = _round_half_even(bits, 52 - 4 * precision)
        exponent, bits = (exponent + 1, bits >> 1) if bits >> 53 else (exponent, bits)
    fraction = f"{bits & ((1 << 52) - 1):013x}"
    fraction = fraction.rstrip("0") if precision is None else fraction[:precision].ljust(precision, "0")
    sign = "-" if exponent < 0 else "+"
    return f"0x1{'.' + fraction if fraction else ''}p{sign}{abs(exponent):02d}"


def _round_half_even(bits: int, dropped: int) -> int:
    kept, rest = divmod(bits, 1 << dropped)
    half = 1 << (dropped - 1)
    return (kept + (rest > half or (rest == half and kept % 2 == 1))) << dropped


def _format_complex(spec: Spec, verb: str, value: object) -> str:
    assert isinstance(value, complex)
    if verb not in "veEfFgGxXb":
        return _bad_verb(spec, verb, value)
    signed = Spec(spec.flags + "+", spec.width, spec.precision)
    return f"({_format_real(spec, verb, value.real)}{_format_real(signed, verb, value.imag)}i)"


def _format_list(spec: Spec, verb: str, value: object) -> str:
    assert isinstance(value, list)
    if verb == "p":
        return _bad_verb(spec, verb, value)
    items = [_format_item(spec, verb, item) for item in value]
    if verb == "v" and spec.is_alternate:
        return f"{type_name(value)}{{{', '.join(items)}}}"
    return f"[{' '.join(items)}]"


def _format_map(spec: Spec, verb: str, value: object) -> str:
    assert isinstance(value, dict | LabelMap)
    if verb == "p":
        return _bad_verb(spec, verb, value)
    items = [f"{_format_string(spec, verb, key)}:{_format_item(spec, verb, item)}" for key, item in sorted_items(value)]
    if verb == "v" and spec.is_alternate:
        return f"{type_name(value)}{{{', '.join(items)}}}"
    return f"map[{' '.join(items)}]"


def _format_item(spec: Spec, verb: str, item: object) -> str:
    if item is None:
        return "interface {}(nil)" if verb == "v" and spec.is_alternate else "<nil>"
    return format_verb(spec, verb, item)


_FORMATTERS: dict[str, Callable[[Spec, str, object], str]] = {
    "bool": _format_bool,
    "string": _format_string,
    "int": _format_integer,
    "uint": _format_integer,
    "float": _format_real,
    "complex": _format_complex,
    "list": _format_list,
    "map": _format_map,
}
