"""What a regex requires; RE2 decides what it matches."""

from __future__ import annotations

import pytest
from hypothesis import assume, event, example, given

from logql.scan.needles.condition import ALWAYS, All, Any, Condition, LabelValue, Text
from logql.scan.needles.regex import regex_condition
from logql.values.regex import compile_regex
from tests.logql.test_regex import LINES, REGEXES


def holds(condition: Condition, line: str) -> bool:
    """Of a line in any case: filters know no other."""
    match condition:
        case Text(text):
            return text.lower() in line.lower()
        case All(parts):
            return all(holds(part, line) for part in parts)
        case Any(parts):
            return any(holds(part, line) for part in parts)
        case LabelValue():
            raise AssertionError("no regex speaks of labels")


@given(REGEXES, LINES)
@example("(?i:ab)c|a(?i)b", "aBc")
@example("(?i)(a)(?-i:b)c", "AbC")
@example("(?i)k", "\u212a")
@example("(?i)s", "\u017f")
@example("a{0,1}b", "b")
@example("x{,2}", "x{,2}")
@example("[]a]b", "]b")
@example("[[:alpha:]]b", "ab")
def test_every_line_that_matches_meets_the_condition(regex: str, line: str) -> None:
    try:
        compiled = compile_regex(regex)
    except ValueError:
        assume(False)
    condition = regex_condition(regex)
    event("something is required" if condition != ALWAYS else "nothing is required")
    if compiled.search(line) is not None:
        assert holds(condition, line)


@pytest.mark.parametrize(
    ("regex", "condition"),
    [
        ("", ALWAYS),
        ("abc", Text("abc")),
        ("ab+c", All((Text("ab"), Text("c")))),
        ("ab*c", All((Text("a"), Text("c")))),
        ("abc?", Text("ab")),
        ("a.*b", All((Text("a"), Text("b")))),
        (r"a\.b\d+", Text("a.b")),
        ("a|b", Any((Text("a"), Text("b")))),
        ("a|b*", ALWAYS),
        ("x(a|b)y", All((Text("x"), Any((Text("a"), Text("b"))), Text("y")))),
        ("(?P<n>ab){2,}", Text("ab")),
        ("(ab){0}", ALWAYS),
        ("(?i)cuda error: (bad|oom)", All((Text("cuda error: "), Any((Text("bad"), Text("oom")))))),
        ("(?i)task", Text("ta")),
        ("[ab]c", Text("c")),
        (r"\Qa\E", ALWAYS),
        (r"\bab\b", Text("ab")),
        ("(" * 60 + "a" + ")" * 60, ALWAYS),
        ("|".join(f"{n:03}" for n in range(300)), ALWAYS),
        ("é+", Text("é")),
    ],
)
def test_what_is_required(regex: str, condition: Condition) -> None:
    assert regex_condition(regex) == condition
