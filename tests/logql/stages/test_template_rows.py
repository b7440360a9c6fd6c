"""Templates over the rows of a frame."""

from __future__ import annotations

from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logql.errors import LimitExceeded
from logql.stages.template_rows import TemplateRows
from logql.template import Template, TemplateError, TemplateSyntaxError
from tests.logql.frames import Given, frame_of

WEB: Given = ({"app": "web"}, 5, "a=1", {"n": "2"})
API: Given = ({"app": "api"}, 6, "a=2", {"n": "0"})
TEMPLATES = [
    "{{.app}}{{.n}}",
    "x",
    "{{__line__}}",
    "{{unixEpochNanos __timestamp__}}",
    "{{div 6 .n}}",
    "{{.}}",
    "{{.env}}",
]


def executed(template: str, *rows: Given) -> list[tuple[str | None, str | None, str | None]]:
    written, error, details = TemplateRows(template, "line").execute(frame_of(rows))
    return [
        (written.text(row), None if error is None else error.text(row), details.text(row)) for row in range(len(rows))
    ]


def test_each_row_has_its_output_or_its_error() -> None:
    (first, error, details), second = executed("{{div 6 .n}}", WEB, API)
    assert (first, error, details) == ("3", None, None)
    assert second[:2] == (None, "TemplateFormatErr")
    assert "integer divide by zero" in (second[2] or "")


def test_without_a_failure_there_is_no_error_column() -> None:
    assert TemplateRows("{{.app}}", "line").execute(frame_of([WEB, API]))[1] is None


ROWS = st.lists(
    st.tuples(
        st.sampled_from([{"app": "web"}, {"app": "api"}, {"app": "web", "n": "9"}]),
        st.integers(0, 2),
        st.sampled_from(["", "l1", "l2"]),
        st.dictionaries(st.sampled_from(["n", "env"]), st.sampled_from(["0", "1", "x"])),
    ),
    min_size=1,
    max_size=8,
)


@given(text=st.sampled_from(TEMPLATES), rows=ROWS)
def test_it_is_as_if_every_row_were_written_by_itself(text: str, rows: list[Given]) -> None:
    template, state = Template.parse(text, "line"), frame_of(rows).labels()
    for row, (written, _, details) in enumerate(executed(text, *rows)):
        try:
            wanted: tuple[str | None, str | None] = (
                template.execute(state.labels(row), rows[row][2], rows[row][1]),
                None,
            )
        except TemplateError as error:
            wanted = None, str(error)
        assert (written, details) == wanted


@pytest.mark.parametrize("kind", ["line", "label"])
@pytest.mark.parametrize("text", ["{{", "{{nosuch}}", "{{end}}"])
def test_a_text_that_is_no_template_is_refused(text: str, kind: Literal["line", "label"]) -> None:
    with pytest.raises(TemplateSyntaxError, match=f"template: {kind}:1:"):
        TemplateRows(text, kind)


@pytest.mark.parametrize(("text", "fields"), [("x", set()), ("{{.a}}{{.b}}", {"a", "b"}), ("{{.}}", None)])
def test_the_labels_that_it_reads_are_known(text: str, fields: set[str] | None) -> None:
    assert TemplateRows(text, "line").fields == fields


def test_templates_that_write_too_much_for_a_batch_are_refused() -> None:
    rows: list[Given] = [({"app": "web"}, ts, "x", {}) for ts in range(300)]
    with pytest.raises(LimitExceeded, match="writes more than 268435456 characters for 300 lines"):
        executed('{{repeat 1000000 "x"}}', *rows)
    assert len(executed('{{repeat 1000000 "x"}}', *rows[:2])) == 2
