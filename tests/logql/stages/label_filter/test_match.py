"""``name="text"``, ``!=``, ``=~``, ``!~``."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from logql.ast import Matcher, MatchOp
from logql.labels import LabelState
from logql.stages.label_filter.match import filtered_rows, matching_rows
from storage.batch import MetadataColumn
from storage.labels import Labels
from tests.logql.frames import labels_after
from tests.logql.stages.label_filter.rows import metadata_state, verdict

VALUES = [None, "", "x", "xy", "barfoo", "foo", "foo\n"]


@pytest.mark.parametrize(
    ("tail", "passing"),
    [
        ('| v="x"', ["x"]),
        ('| v!="x"', [None, "", "xy", "barfoo", "foo", "foo\n"]),  # a missing label is the empty text
        ('| v=""', [None, ""]),
        ('| v!=""', ["x", "xy", "barfoo", "foo", "foo\n"]),
        ('| v=~"x"', ["x"]),  # the whole value
        ('| v=~"x.*"', ["x", "xy"]),
        ('| v=~"foo.*"', ["foo"]),  # a dot is no newline
        ('| v=~"foo"', ["foo"]),
        ('| v!~"x.*"', [None, "", "barfoo", "foo", "foo\n"]),
        ('| v=~".*"', [None, "", "x", "xy", "barfoo", "foo"]),
        ('| v=~".+"', ["x", "xy", "barfoo", "foo"]),
        ('| v!~".+"', [None, "", "foo\n"]),
        ('| v!~".*"', ["foo\n"]),
        ('| v=~"(?i)X|FOO"', ["x", "foo"]),
        ('| v=~"|x"', [None, "", "x"]),
        ('| v="^x$"', []),
    ],
)
def test_values_that_pass(tail: str, passing: list[str | None]) -> None:
    assert [value for value in VALUES if verdict(tail, value)[0]] == passing
    assert all(verdict(tail, value)[1] is None for value in VALUES)


@pytest.mark.parametrize(
    ("tail", "stream", "metadata", "passes"),
    [
        ('| app="web"', {"app": "web"}, {}, True),
        ('| app="api"', {"app": "web"}, {}, False),
        ('| env=""', {"app": "web", "env": ""}, {}, True),
        ('| drop app | app=""', {"app": "web"}, {}, True),
        ('| logfmt | app="web"', {"app": "web"}, {}, True),  # the parsed one is app_extracted
        ('| logfmt | app_extracted="inner"', {"app": "web"}, {}, True),
        ('| app_extracted="sm"', {"app": "web"}, {"app": "sm"}, True),
        ('| app="sm"', {"app": "web"}, {"app": "sm"}, False),
        ('| label_format app="new" | app="new"', {"app": "web"}, {}, True),
        ('| __error__=""', {"app": "web"}, {}, True),
        ('| __error__="pushed"', {"app": "web"}, {"__error__": "pushed"}, True),
        ('| __error_details__=""', {"app": "web"}, {"__error__": "x", "__error_details__": "y"}, True),
        ('| __error_details__="y"', {"app": "web"}, {"__error__": "x", "__error_details__": "y"}, False),
        ('| json | __error__="JSONParserErr"', {"app": "web"}, {}, True),
    ],
)
def test_labels_of_every_category(tail: str, stream: dict[str, str], metadata: dict[str, str], passes: bool) -> None:
    assert (labels_after(tail, "app=inner", stream, metadata) is not None) == passes


@given(
    values=st.lists(st.sampled_from(VALUES), min_size=1, max_size=8),
    op=st.sampled_from(list(MatchOp)),
    text=st.sampled_from(["", "x", "foo", ".*", "x|"]),
)
def test_rows_are_judged_as_the_matcher_judges_their_values(values: list[str | None], op: MatchOp, text: str) -> None:
    matcher = Matcher("v", op, text)
    state = metadata_state([{} if value is None else {"v": value} for value in values])
    assert matching_rows(matcher, state).tolist() == [matcher.matches(value or "") for value in values]
    negative = Matcher("v", {"=": MatchOp.NEQ, "!=": MatchOp.EQ, "=~": MatchOp.NRE, "!~": MatchOp.RE}[op.value], text)
    assert np.all(matching_rows(matcher, state) != matching_rows(negative, state))


def test_a_dot_matches_no_newline_in_label_filters() -> None:
    state = LabelState.start([Labels()], np.zeros(3, np.int32), {"v": MetadataColumn.of(["a\nb", "ab", None])})
    assert filtered_rows(Matcher("v", MatchOp.RE, "a.*"), state).tolist() == [False, True, False]
    assert filtered_rows(Matcher("v", MatchOp.NRE, "a.*"), state).tolist() == [True, False, True]
    assert matching_rows(Matcher("v", MatchOp.RE, "a.*"), state).tolist() == [True, True, False]
