"""What fails on a row, where, and with which words."""

from __future__ import annotations

import pytest

from logql.template import Template, TemplateError
from tests.logql.template.execution import run

SUBSTR = "error calling substr: runtime error: slice bounds out of range "
UNIX_TO_TIME = "error calling unixToTime: unable to parse time "

FAILING = [
    ("{{substr 3 1 .s}}", "1:2", "substr 3 1 .s", SUBSTR + "[3:1]"),
    ("{{substr 99 100 .s}}", "1:2", "substr 99 100 .s", SUBSTR + "[99:11]"),
    ("{{substr -1 99 .s}}", "1:2", "substr -1 99 .s", SUBSTR + "[:99] with length 11"),
    ("{{substr -1 -1 .s}}", "1:2", "substr -1 -1 .s", SUBSTR + "[:-1]"),
    ('{{ hasPrefix "a" }}', "1:3", "hasPrefix", "wrong number of args for hasPrefix: want 2 got 1"),
    ("{{upper}}", "1:2", "upper", "wrong number of args for upper: want 1 got 0"),
    ("{{.s | upper .n}}", "1:7", "upper", "wrong number of args for upper: want 1 got 2"),
    ("{{mul}}", "1:2", "mul", "wrong number of args for mul: want at least 1 got 0"),
    ("{{and}}", "1:2", "and", "wrong number of args for and: want at least 1 got 0"),
    ("{{__line__ 1}}", "1:2", "__line__", "wrong number of args for __line__: want 0 got 1"),
    ("{{upper 5}}", "1:8", "5", "expected string; found 5"),
    ('{{trunc "3" .s}}', "1:8", '"3"', 'expected integer; found "3"'),
    ("{{trunc 3.5 .s}}", "1:8", "3.5", "expected integer; found 3.5"),
    ("{{round 1 2 .s}}", "1:12", ".s", "wrong type for value; expected float64; got string"),
    ('{{round 1 2 "3"}}', "1:12", '"3"', 'expected float; found "3"'),
    ("{{lower nil}}", "1:8", "nil", "cannot assign nil to string"),
    ("{{unixEpoch 5}}", "1:12", "5", "can't handle 5 for arg of type time.Time"),
    ("{{trunc (add 1 1) .s}}", "1:15", "1", "wrong type for value; expected int; got int64"),
    ('{{upper (fromJson "bad")}}', "1:18", '"bad"', "invalid value; expected string"),
    ("{{upper (fromJson .j).n}}", "1:18", ".j", "wrong type for value; expected string; got interface {}"),
    ("{{upper .}}", "1:8", ".", "wrong type for value; expected string; got map[string]string"),
    ("{{nil}}", "1:2", "nil", "nil is not a command"),
    ("{{1 2}}", "1:2", "1", "can't give argument to non-function 1"),
    ("{{9223372036854775808}}", "1:2", "9223372036854775808", "9223372036854775808 overflows int"),
    ("{{.s.b}}", "1:4", ".s.b", "can't evaluate field b in type string"),
    ("{{.s 1}}", "1:2", ".s", "s is not a method but has arguments"),
    ("{{1 | .s}}", "1:6", ".s", "s is not a method but has arguments"),
    ("{{(fromJson .j).f.z}}", "1:12", ".j", "can't evaluate field z in type interface {}"),
    ("{{(fromJson .j).n.z}}", "1:12", ".j", "nil pointer evaluating interface {}.z"),
    ("{{range .s}}{{end}}", "1:8", ".s", "range can't iterate over hello world"),
    ("{{range $i, $v := 3}}{{end}}", "1:18", "3", "can't use 3 to iterate over more than one variable"),
    ("{{eq .s}}", "1:2", "eq .s", "error calling eq: missing argument for comparison"),
    ("{{eq .s 5}}", "1:2", "eq .s 5", "error calling eq: incompatible types for comparison: string and int"),
    ("{{lt 1 1.5}}", "1:2", "lt 1 1.5", "error calling lt: incompatible types for comparison: int and float64"),
    ("{{lt true false}}", "1:2", "lt true false", "error calling lt: invalid type for comparison"),
    ("{{lt nil 1}}", "1:2", "lt nil 1", "error calling lt: invalid type for comparison"),
    ("{{eq . .}}", "1:2", "eq . .", "error calling eq: non-comparable type map[f:3.7 j:"),
    ("{{call .s}}", "1:2", "call .s", "error calling call: non-function .s of type string"),
    ("{{call nil}}", "1:2", "call nil", "error calling call: call of nil"),
    ("{{index .s 9 9}}", "1:2", "index .s 9 9", "error calling index: can't index item of type uint8"),
    ("{{index .s 99}}", "1:2", "index .s 99", "error calling index: index out of range: 99"),
    ("{{index .s -1}}", "1:2", "index .s -1", "error calling index: index out of range: -1"),
    ('{{index .s "a"}}', "1:2", 'index .s "a"', "error calling index: cannot index slice/array with type string"),
    ("{{ index .none 0 }}", "1:3", "index .none 0", "error calling index: reflect: string index out of range"),
    ('{{index (fromJson "[1]") 9}}', "1:2", 'index (fromJson "[1]") 9', "error calling index: index out of range: 9"),
    ("{{index . 1}}", "1:2", "index . 1", "error calling index: value has type int; should be string"),
    ("{{index nil 1}}", "1:2", "index nil 1", "error calling index: index of untyped nil"),
    ("{{ slice .none 0 4 }}", "1:3", "slice .none 0 4", "error calling slice: index out of range: 4"),
    ("{{slice .s 3 2}}", "1:2", "slice .s 3 2", "error calling slice: invalid slice index: 3 > 2"),
    ("{{slice .s 1 2 3}}", "1:2", "slice .s 1 2 3", "error calling slice: cannot 3-index slice a string"),
    ("{{len 3}}", "1:2", "len 3", "error calling len: len of type int"),
    ("{{div 1 0}}", "1:2", "div 1 0", "error calling div: runtime error: integer divide by zero"),
    ("{{mod 1 .zz}}", "1:2", "mod 1 .zz", "error calling mod: runtime error: integer divide by zero"),
    ("{{divf 1 0}}", "1:2", "divf 1 0", "error calling divf: decimal division by 0"),
    ('{{addf 1 "inf"}}', "1:2", 'addf 1 "inf"', "error calling addf: Cannot create a Decimal from +Inf"),
    ("{{repeat -1 .s}}", "1:2", "repeat -1 .s", "error calling repeat: strings: negative Repeat count"),
    ('{{bytes "5 xyz"}}', "1:2", 'bytes "5 xyz"', "error calling bytes: unhandled size name: xyz"),
    ('{{duration "5"}}', "1:2", 'duration "5"', 'error calling duration: time: missing unit in duration "5"'),
    ('{{urldecode "%zz"}}', "1:2", 'urldecode "%zz"', 'error calling urldecode: invalid URL escape "%zz"'),
    ('{{count "(" .s}}', "1:2", 'count "(" .s', "error calling count: error parsing regexp: missing closing ): `(`"),
    ('{{unixToTime "123"}}', "1:2", 'unixToTime "123"', UNIX_TO_TIME + "'123': %!w(<nil>)"),
    ('{{unixToTime "abc"}}', "1:2", 'unixToTime "abc"', UNIX_TO_TIME + "'abc': strconv.ParseInt"),
    ('{{template "no"}}', "1:11", '{{template "no"}}', 'template "no" not defined'),
    ("a\n é{{upper 5}}", "2:11", "5", "expected string; found 5"),
    ("{{$x = 1}}", "1:7", "1", "undefined variable: $x"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "place", "node", "message"), FAILING)
def test_failures_name_place_node_and_cause(text: str, place: str, node: str, message: str) -> None:
    with pytest.raises(TemplateError) as caught:
        run(text)
    assert str(caught.value).startswith(f'template: line:{place}: executing "line" at <{node}>: {message}')


def test_failures_inside_a_template_name_it() -> None:
    template = Template.parse('{{define "T"}}{{.x.y}}{{end}}{{template "T" 5}}', "label")
    with pytest.raises(TemplateError) as caught:
        template.execute({}, "", 0)
    assert str(caught.value) == ('template: label:1:18: executing "T" at <.x.y>: can\'t evaluate field x in type int')


LAZY = ["{{and 0 (index .s 99)}}", "{{or 1 (div 1 0)}}", "{{if false}}{{upper}}{{end}}", "{{range 0}}{{nil}}{{end}}"]


@pytest.mark.parametrize("text", LAZY)
def test_what_is_not_reached_does_not_fail(text: str) -> None:
    assert run(text) in ("0", "1", "")
