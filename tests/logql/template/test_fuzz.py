"""Whatever the template says: an output, or one of the two errors."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logql.template import Template, TemplateError, TemplateSyntaxError
from logql.template.limits import MAX_OUTPUT_CHARS
from tests.logql.template.strategies import label_maps, templates

TS_NS = st.integers(-(2**63), 2**63 - 1)


def outcome(text: str, labels: Mapping[str, str], line: str, ts_ns: int) -> str:
    try:
        template = Template.parse(text, "line")
    except TemplateSyntaxError as error:
        return str(error)
    try:
        return template.execute(labels, line, ts_ns)
    except TemplateError as error:
        return str(error)


@settings(max_examples=400, deadline=None)
@given(templates, label_maps, st.text(max_size=10), TS_NS)
def test_plausible_templates_give_text_or_an_error(text: str, labels: dict[str, str], line: str, ts_ns: int) -> None:
    output = outcome(text, labels, line, ts_ns)
    assert len(output) <= 2 * MAX_OUTPUT_CHARS
    output.encode()


@settings(deadline=None)
@given(st.text(st.sampled_from("{}-/*|()$.:=,\"`'\\ \nabif0x9_~é"), max_size=30))
def test_torn_templates_give_text_or_an_error(text: str) -> None:
    outcome("{{" + text, {}, "", 0).encode()


@settings(deadline=None)
@given(st.text().filter(lambda text: "{{" not in text))
def test_text_without_actions_is_itself(text: str) -> None:
    template = Template.parse(text, "label")
    assert template.execute({"a": "b"}, "line", 1) == text
    assert template.fields == frozenset()


@settings(deadline=None)
@given(templates, label_maps, st.text(max_size=10))
def test_only_the_labels_that_are_read_matter(text: str, labels: dict[str, str], line: str) -> None:
    try:
        template = Template.parse(text, "line")
    except TemplateSyntaxError:
        return
    if template.fields is None or "now" in text or "date" in text:
        return
    pruned = {name: value for name, value in labels.items() if name in template.fields}
    assert outcome(text, pruned, line, 5) == outcome(text, labels, line, 5)


@settings(deadline=None)
@given(templates, label_maps, st.text(max_size=10), st.text(max_size=10), TS_NS)
def test_only_what_is_read_of_the_row_matters(
    text: str, labels: dict[str, str], line: str, other: str, ts_ns: int
) -> None:
    try:
        template = Template.parse(text, "line")
    except TemplateSyntaxError:
        return
    if "now" in text or "date" in text:
        return
    same_line = line if template.reads_line else other
    same_ts_ns = ts_ns if template.reads_time else 7
    assert outcome(text, labels, same_line, same_ts_ns) == outcome(text, labels, line, ts_ns)


@pytest.mark.parametrize("name", ["line", "label"])
@settings(deadline=None)
@given(text=st.text(st.sampled_from("{}.a ("), max_size=12))
def test_parse_errors_name_the_kind_of_template(name: str, text: str) -> None:
    with pytest.raises(TemplateSyntaxError) as caught:
        Template.parse("{{end" + text, name)
    assert str(caught.value).startswith(f"template: {name}:1: ")
