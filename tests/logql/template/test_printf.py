"""printf against Go's answers."""

# ruff: noqa: E501 (tables read best with a case a line)

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logql.template.printf import printf
from logql.template.values import Byte, Duration, Int64, Month

LIST = [1.0, "a", None, {"b": True}]

PRINTED: list[tuple[str, tuple[object, ...], str]] = [
    ("", (), ""),
    ("plain %%", (), "plain %"),
    ("%d %05.2f %x", (42, 3.14159, 255), "42 03.14 ff"),
    ("%5s|%-5s|%05d|%+d", ("ab", "cd", 42, 42), "   ab|cd   |00042|+42"),
    ("%-40.40s|", ("日本語",), "日本語" + " " * 37 + "|"),
    ("%.2s|%5.1s|%05s|%-05s|", ("日本語", "日本", "ab", "ab"), "日本|    日|000ab|ab   |"),
    ("%6.2f%%", (42.0,), " 42.00%"),
    # Integers
    ("%d % d %+d %-5d| %5d %05d", (1, 2, 3, 4, -5, -6), "1  2 +3 4    |    -5 -0006"),
    ("%b %o %O %#o %x %X %#x %#X %#b", (5, 8, 8, 8, 255, 255, 255, 255, 5), "101 10 0o10 010 ff FF 0xff 0XFF 0b101"),
    ("%x %d", (-255, Int64(7)), "-ff 7"),
    ("%.3d|%6.3d|%-6.3d|%.0d|%3.0d|", (5, -5, 5, 0, 0), "005|  -005|005   ||   |"),
    ("%c%c %q %q %+q %U %#U", (65, 26085, 65, 39, 26085, 65, 26085), "A日 'A' '\\'' '\\u65e5' U+0041 U+65E5 '日'"),
    ("%c", (-1,), "\ufffd"),
    ("%t %v %5t", (True, False, True), "true false  true"),
    # Floats
    ("%v %g %f %e %E %G", (1e6, 1e-7, 1.5, 1.5, 1.5, 1e-7), "1e+06 1e-07 1.500000 1.500000e+00 1.500000E+00 1E-07"),
    ("%.0f %.0f %.3g %.10g %6.1f|%-7.1f|%07.1f", (0.5, 1.5, 1234567.0, 100000.0, 1.25, 1.25, -1.25), "0 2 1.23e+06 100000    1.2|1.2    |-0001.2"),
    ("%+.1f % .1f %+v", (1.0, 1.0, 1.0), "+1.0  1.0 +1"),
    ("%f %+f %v %05f|%6v", (float("nan"), float("inf"), float("-inf"), float("inf"), float("nan")), "NaN +Inf -Inf  +Inf|   NaN"),
    ("%x %X %.2x %x", (1.5, -0.5, 1.999, 0.0), "0x1.8p+00 -0X1P-01 0x1.00p+01 0x0p+00"),
    ("%b", (1.0,), "4503599627370496p-52"),
    # Strings
    ("%s %v %q %+q %#q %x %X % x %#x %# x", ("a", "b", 'c"', "é", "a`", "hi", "hi", "hi", "hi", "hi"), 'a b "c\\"" "\\u00e9" "a`" 6869 6869 68 69 0x6869 0x68 0x69'),
    ("%#q %.1q %.1x", ("a\"b", "é!", "hi"), '`a"b` "é" 68'),
    # Any kind
    ("%v %v", (LIST, {"b": 1.0, "a": None}), "[1 a <nil> map[b:true]] map[a:<nil> b:1]"),
    ("%s|%d", (["a", "b"], [1.5]), "[a b]|[%!d(float64=1.5)]"),
    ("%#v", (LIST,), '[]interface {}{1, "a", interface {}(nil), map[string]interface {}{"b":true}}'),
    ("%#v %#v %#v %#v", ("a", 1, 1.0, Byte(7)), '"a" 1 1 0x7'),
    ("%T %T %T %T %T %T %T", (1, Int64(1), 1.0, "", True, [], {}), "int int64 float64 string bool []interface {} map[string]interface {}"),
    ("%T %v %8v|", (None, None, None), "<nil> <nil>    <nil>|"),
    ("%s %v %d %s", (Duration(1_500_000_000), Duration(0), Duration(7), Month(11)), "1.5s 0s 7 November"),
    ("%v %.1f", (1 + 2j, 1 - 2j), "(1+2i) (1.0-2.0i)"),
    # What does not fit
    ("%d %s %s", ("42", 5), "%!d(string=42) %!s(int=5) %!s(MISSING)"),
    ("%5d|%t|%c", ("ab", 1, "x"), "%!d(string=   ab)|%!t(int=1)|%!c(string=x)"),
    ("x", (1,), "x%!(EXTRA int=1)"),
    ("%d", (1, "a", None, 2.5), "1%!(EXTRA string=a, <nil>, float64=2.5)"),
    ("%z %!", (1,), "%!z(int=1) %!!(MISSING)"),
    ("%d %s", (None, None), "%!d(<nil>) %!s(<nil>)"),
    ("%", (), "%!(NOVERB)"),
    ("100%", (), "100%!(NOVERB)"),
    ("%p", ("a",), "%!p(string=a)"),
    # Stars and indexes
    ("%*d|%-*d|%*d", (5, 42, 4, 7, -4, 7), "   42|7   |7   "),
    ("%.*f|%*.*f", (2, 1.0, 6, 1, 2.0), "1.00|   2.0"),
    ("%*d", ("x", 42), "%!(BADWIDTH)42"),
    ("%.*f", ("x", 1.0), "%!(BADPREC)1.000000"),
    ("%.*f", (-1, 1.0), "%!(BADPREC)1.000000"),
    ("%[2]d %[1]d", (1, 2), "2 1"),
    ("%[2]d %d", (1, 2), "2 %!d(MISSING)"),
    ("%[1]d %[1]v %[1]x", (10,), "10 10 a"),
    ("%[3]d|%[x]d|%[0]d", (1, 2), "%!d(BADINDEX)|%!d(BADINDEX)|%!d(BADINDEX)"),
    ("%[2]*[1]d", (42, 5), "   42"),
]  # fmt: skip


@pytest.mark.parametrize(("template", "arguments", "output"), PRINTED)
def test_values_are_printed(template: str, arguments: tuple[object, ...], output: str) -> None:
    assert printf(template, *arguments) == output


def test_output_that_gets_too_long_is_refused() -> None:
    with pytest.raises(ValueError, match="output exceeds"):
        printf("%999999s%999999s", "a", "b")


@settings(deadline=None)
@given(st.integers(-(2**63), 2**63 - 1), st.integers(0, 30), st.sampled_from(("", "-", "0", "+", " ", "+0", "-+")))
def test_decimal_integers_are_as_in_c(value: int, width: int, flags: str) -> None:
    template = f"%{flags}{width or ''}d"
    assert printf(template, value) == template % value


@settings(deadline=None)
@given(
    st.floats(allow_nan=False, allow_infinity=False),
    st.integers(1, 25),
    st.integers(0, 20),
    st.sampled_from("feE"),
    st.sampled_from(("", "-", "0", "+", " ")),
)
def test_floats_are_as_in_c(value: float, width: int, precision: int, verb: str, flags: str) -> None:
    template = f"%{flags}{width}.{precision}{verb}"
    assert printf(template, value) == template % value


@settings(deadline=None)
@given(st.text(), st.integers(1, 20), st.integers(0, 20))
def test_strings_are_padded_and_cut_by_characters(value: str, width: int, precision: int) -> None:
    assert printf(f"%{width}.{precision}s", value) == value[:precision].rjust(width)


_arguments = st.lists(
    st.none() | st.booleans() | st.integers(-9, 2**62) | st.floats() | st.text(max_size=4) | st.just(LIST)
)


@settings(deadline=None)
@given(st.text(st.sampled_from("%-+# 0123.*[]vTdsqxXeEfFgGbcoOUtpzé")), _arguments)
def test_any_format_prints_something(template: str, arguments: list[object]) -> None:
    try:
        printf(template, *arguments)
    except ValueError as error:
        assert "output exceeds" in str(error)  # noqa: PT017
