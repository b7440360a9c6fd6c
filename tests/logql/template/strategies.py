"""Templates, from plausible to hopeless."""

from __future__ import annotations

from hypothesis import strategies as st

from logql.template.function import FLOAT, INT, STRING, TIME, Function
from logql.template.functions.registry import FUNCTION_NAMES, FUNCTIONS

__all__ = ["LABELS", "label_maps", "templates"]

LABELS = ("s", "n", "j", "t")

_literals = st.one_of(
    st.sampled_from(('""', '"abc"', "`l+`", "'x'", "0", "-1", "3", "2.5", "1e400", "0x1F", "true", "false", "nil")),
    st.integers(-(2**65), 2**65).map(str),
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.text(st.characters(codec="utf-8", exclude_characters='"\\\n'), max_size=6).map('"{}"'.format),
    st.sampled_from(('"%5.2f %s"', '"2006-01-02 15:04:05.000 MST"', '"[1,{\\"a\\":null},\\"b\\"]"', '"\\xff"', '"("')),
)
_names = st.one_of(
    st.sampled_from((".", "$", "$x", ".s", ".n", ".j", ".t", ".zz", ".s.a", "$.n", "$x.y", "__line__")),
    st.sampled_from(sorted(FUNCTION_NAMES)),
)


_TYPED = {
    STRING: st.sampled_from(
        (".s", ".n", ".j", '"a"', '"2006-01-02"', '"%v|%5.2f"', "`l+`", "`(x)|y`", "__line__", ".zz")
    ),
    INT: st.integers(-4, 40).map(str),
    FLOAT: st.floats(-2, 2).map(repr),
    TIME: st.sampled_from(("__timestamp__", "now", '(toDate "2006" .n)')),
}


def _fitting_call(function: Function) -> st.SearchStrategy[str]:
    """A call with as many arguments as it takes, of types that it takes."""
    anything = _literals | _names | _TYPED[STRING]
    operands = [_TYPED.get(parameter, anything) for parameter in function.parameters]
    rest = st.lists(anything, max_size=3) if function.rest else st.just([])
    return st.tuples(st.tuples(*operands), rest).map(lambda parts: " ".join((function.name, *parts[0], *parts[1])))


_fitting_calls = st.sampled_from(sorted(FUNCTIONS)).flatmap(lambda name: _fitting_call(FUNCTIONS[name]))


def _calls(operands: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    wild = st.tuples(st.sampled_from(sorted(FUNCTION_NAMES)), st.lists(operands, max_size=4)).map(
        lambda call: " ".join((call[0], *call[1]))
    )
    call = _fitting_calls | wild
    piped = st.lists(call | operands, min_size=1, max_size=3).map(" | ".join)
    chained = st.tuples(piped, st.sampled_from(("", ".a", ".Year", ".UTC.Format", ".Month.String", ".Add")))
    return call | chained.map(lambda pair: f"({pair[0]}){pair[1]}")


_pipelines = st.recursive(_literals | _names | _fitting_calls, _calls, max_leaves=6)
_words = st.sampled_from(
    ("if ", "else if ", "else", "end", "with ", "range ", "$x := ", "$i, $x := ", "$x = ", "- ", "")
)
_keywords = st.sampled_from(("end", "else", "break", "continue", "nil", 'template "t" .', 'define "t"', "/* c */"))
_actions = st.tuples(_words, _pipelines).map("".join) | _keywords
_texts = st.text(st.sampled_from("ab \n{}-$.日"), max_size=4)


def _blocks(content: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    opening = st.tuples(st.sampled_from(("if ", "with $x := ", "range $i, $x := ", "range ", "$x := ")), _pipelines)
    return st.tuples(opening, content, content).map(
        lambda parts: "{{" + "".join(parts[0]) + "}}" + parts[1] + "{{else}}" + parts[2] + "{{end}}"
    )


_action_texts = _actions.map("{{{{{}}}}}".format) | _pipelines.map("{{{{{}}}}}".format)
_fitting_templates = st.lists(_fitting_calls.map("{{{{{}}}}}".format) | _texts, max_size=3).map("".join)
_wild_templates = st.lists(
    st.recursive(
        _texts | _action_texts, lambda inner: _blocks(inner) | st.tuples(inner, inner).map("".join), max_leaves=6
    ),
    max_size=4,
).map("".join)
templates = _fitting_templates | _wild_templates

_values = st.text(max_size=8) | st.sampled_from(("42", "-7", "3.5", "1e400", '{"a":[1,"x",{}]}', "2026-01-02 03:04:05"))
label_maps = st.dictionaries(st.sampled_from(LABELS), _values)
