"""Label strings: what is read, and the exact text for what is not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from server.push.errors import PushError
from server.push.label_text import _Parser, parse_label_text
from storage.labels import Labels


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("", []),
        ("{}", []),
        ("  { } ", []),
        ('{b="2", a="1"}', [("b", "2"), ("a", "1")]),
        ('{a="1",}', [("a", "1")]),
        ('{ a = "1" ,\n\tb="2" # note\n}', [("a", "1"), ("b", "2")]),
        ('{a="1", a="2"}', [("a", "1"), ("a", "2")]),
        ("{a='it\\'s \"1\"'}", [("a", 'it\'s "1"')]),
        ("{a=`\\n\n\"'`}", [("a", "\\n\n\"'")]),
        ('{"a.b"="c", \'d e\'="f"}', [("a.b", "c"), ("d e", "f")]),
        (r'{a="\a\b\f\n\r\t\v\\\"\101\x41\u0041\U0001F600"}', [("a", '\a\b\f\n\r\t\v\\"AAA\U0001f600')]),
        (r'{a="\xc3\xa9\xff"}', [("a", "é\ufffd")]),
        ('{a="é, }"}', [("a", "é, }")]),
        ('{"up", a="1", \'x y\'}', [("__name__", "up"), ("a", "1"), ("__name__", "x y")]),
        ('up{a="1"}', [("__name__", "up"), ("a", "1")]),
        ("up:x", [("__name__", "up:x")]),
        ('{_x1="y"}', [("_x1", "y")]),
    ],
)
def test_label_sets_are_read(text: str, pairs: list[tuple[str, str]]) -> None:
    assert parse_label_text(text.encode()) == pairs


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{a="b"', "1:7: parse error: unexpected end of input inside braces"),
        ("{", "1:2: parse error: unexpected end of input inside braces"),
        ('a="b"', '1:2: parse error: unexpected "="'),
        ("{a=b}", '1:4: parse error: unexpected identifier "b" in label set, expected string'),
        ('{a=~"b"}', '1:3: parse error: unexpected <op:=~> in label set, expected "="'),
        ('{a!="b"}', '1:3: parse error: unexpected <op:!=> in label set, expected "="'),
        ('{a="b" c="d"}', '1:8: parse error: unexpected identifier "c" in label set, expected "," or "}"'),
        ('{a="b" "c"}', '1:8: parse error: unexpected string "\\"c\\"" in label set, expected "," or "}"'),
        ('{a-b="c"}', "1:3: parse error: unexpected character inside braces: '-'"),
        ('{a.b="c"}', "1:3: parse error: unexpected character inside braces: '.'"),
        ('{a:b="c"}', "1:3: parse error: unexpected character inside braces: ':'"),
        ('{1x="c"}', "1:2: parse error: unexpected character inside braces: '1'"),
        ('{é="c"}', "1:2: parse error: unexpected character inside braces: 'é'"),
        ('{a!b="c"}', "1:3: parse error: unexpected character after '!' inside braces: 'b'"),
        ('{="x"}', '1:2: parse error: unexpected "=" in label set, expected identifier or "}"'),
        ('{,a="x"}', '1:2: parse error: unexpected "," in label set, expected identifier or "}"'),
        ('{a="x",,}', '1:8: parse error: unexpected "," in label set, expected identifier or "}"'),
        ('{a b="x"}', '1:4: parse error: unexpected identifier "b" in label set, expected "="'),
        ("{a}", '1:3: parse error: unexpected "}" in label set, expected "="'),
        ("{a=}", '1:4: parse error: unexpected "}" in label set, expected string'),
        ('{job="pb', "1:6: parse error: unterminated quoted string"),
        ('{job="p\nb"}', "1:6: parse error: unterminated quoted string"),
        ("{job=`pb", "1:6: parse error: unterminated raw string"),
        ('{a="é", b=c}', '1:12: parse error: unexpected identifier "c" in label set, expected string'),
        ('{a="x",\n b=c}', '2:4: parse error: unexpected identifier "c" in label set, expected string'),
        ('{a="b"} |= "x"', "1:9: parse error: unexpected character: '|'"),
        ('{a="b"}}', "1:8: parse error: unexpected character: '}'"),
        ('{a="b"}!=', "1:8: parse error: unexpected <op:!=>"),
        ('{a="b"}+', "1:8: parse error: unexpected <op:+>"),
        ('{a="b"}7', '1:8: parse error: unexpected number "7"'),
        ('{a="b"}`x`', '1:8: parse error: unexpected string "`x`"'),
        ('{a="b"}"x', "1:8: parse error: unterminated quoted string"),
        ('{a="b"}:', '1:8: parse error: unexpected metric identifier ":"'),
        ('{"a" b="x"}', '1:6: parse error: unexpected identifier "b" in label set, expected "," or "}"'),
        ('{a="b"}{', '1:8: parse error: unexpected "{"'),
        ('{a="b"} x', '1:9: parse error: unexpected identifier "x"'),
        ('"a"', '1:1: parse error: unexpected string "\\"a\\""'),
        (r'{a="\z"}', "1:4: parse error: unknown escape sequence U+007A 'z'"),
        (r'{a="\x4"}', "1:4: parse error: unknown escape sequence U+0078 'x'"),
        (r'{a="\ud800"}', "1:4: parse error: escape sequence is an invalid Unicode code point"),
        (r"""{a='\"'}""", "1:4: parse error: unknown escape sequence U+0022 '\"'"),
        ("{{}}", "1:2: parse error: unexpected left brace '{'"),
    ],
)
def test_what_is_no_label_set_is_refused_with_its_place(text: str, message: str) -> None:
    with pytest.raises(PushError) as caught:
        parse_label_text(text.encode())
    assert (caught.value.status, caught.value.text) == (400, f"couldn't parse labels: {message}")


@pytest.mark.parametrize("text", [b'{a="\xff"}', b"{a=`\xff`}", b'{a="\\n\xff"}', b'{"\xff"="x"}', b"{\xff}", b"\xff"])
def test_bytes_that_are_not_utf8_are_refused(text: bytes) -> None:
    with pytest.raises(PushError) as caught:
        parse_label_text(text)
    caught.value.text.encode()


texts = st.text(st.characters(exclude_categories=["Cs"]))


@given(pairs=st.dictionaries(texts.filter(bool), texts, min_size=1))
def test_the_canonical_text_is_read_back(pairs: dict[str, str]) -> None:
    labels = Labels(pairs)
    assert tuple(parse_label_text(labels.text.encode())) == labels.pairs


@given(text=st.one_of(st.binary(max_size=12), st.text("{}ab=\"'`,\\x4 #\n", max_size=14).map(str.encode)))
def test_no_text_crashes_the_parser(text: bytes) -> None:
    try:
        pairs = parse_label_text(text)
    except PushError as error:
        pairs = []
        error.text.encode()
    assert all(name.encode() is not None and value.encode() is not None for name, value in pairs)


PLAIN_OR_NEARLY = st.lists(
    st.sampled_from(["{", "}", 'a="b"', 'b_1="x=y, z"', ",", ", ", " ", 'c="é"', 'd="\\n"', "e='f'", '1="x"', '"']),
    max_size=7,
)


@given(PLAIN_OR_NEARLY.map("".join))
@example('{a="b", b_1="c",}')
@example("{}")
def test_plain_label_strings_have_a_short_way_to_the_same_pairs(text: str) -> None:
    def outcome(parse: Callable[[], list[tuple[str, str]]]) -> object:
        try:
            return parse()
        except PushError as error:
            return error.text

    assert outcome(lambda: parse_label_text(text.encode())) == outcome(_Parser(text).parse)
