"""Detected fields: what a reading of the sampled lines one by one says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logql.cancel import Cancel
from logql.detected import Field, detected_fields, field_values
from logql.detected.types import FieldType, field_type
from logql.errors import LimitExceeded, QueryCancelled
from logql.parsers.json_rows import json_row
from logql.parsers.logfmt_rows import logfmt_row
from logql.results import Entry
from logql.samples.budget import MemoryBudget
from storage.labels import Labels

NO_LABELS = Labels()


def entry(
    line: str, metadata: Mapping[str, str] | None = None, parsed: Mapping[str, str] | None = None, **stream: str
) -> Entry:
    return Entry(1, line, Labels(stream), Labels(metadata or {}), Labels(parsed or {}))


def budget(size_bytes: int = 1 << 20) -> MemoryBudget:
    return MemoryBudget(size_bytes)


def fields_of(*entries: Entry, limit: int = 1000) -> dict[str, tuple[Any, ...]]:
    found = detected_fields(entries, limit, budget())
    return {each.name: (str(each.type), each.cardinality, *each.parsers) for each in found}


lines = st.sampled_from(
    [
        '{"level":"info","app":"x","n":1}',
        '{"n":2.5,"user":{"id":"7"}}',
        '{"n":3,"broken": ',
        "level=warn n=2kb app=y",
        "n=3ms",
        "no fields",
        "",
    ]
)
texts = st.dictionaries(st.sampled_from(["n", "trace", "level"]), st.sampled_from(["1", "a", ""]), max_size=2)
entries = st.lists(
    st.builds(
        Entry,
        st.just(1),
        lines,
        st.sampled_from([Labels({"app": "web"}), Labels({"job": "x"})]),
        texts.map(Labels),
        texts.map(Labels),
    ),
    max_size=8,
)


def naive(sample: Sequence[Entry]) -> dict[str, tuple[FieldType, int, frozenset[str]]]:
    """Type, values and parsers by name, a line at a time."""
    values: dict[str, set[str]] = {}
    parsers: dict[str, set[str]] = {}
    last: dict[str, str] = {}
    for each in sample:
        as_json = json_row(each.line.encode())
        parser = "logfmt" if as_json.has_error else "json"
        row = logfmt_row(each.line.encode(), False, False) if as_json.has_error else as_json
        of_line = {name + "_extracted" if name in each.stream else name: text for name, text in row.labels.items()}
        for labels, found_by in ((each.metadata, set()), (each.parsed, {parser}), (of_line, {parser})):
            for name, text in labels.items():
                values.setdefault(name, set()).add(text)
                parsers.setdefault(name, set()).update(found_by)
                last[name] = text
    return {name: (field_type(last[name]), len(values[name]), frozenset(parsers[name])) for name in values}


@given(entries)
def test_fields_are_those_of_a_reading_line_by_line(sample: list[Entry]) -> None:
    found = detected_fields(sample, 1000, budget())
    assert {each.name: (each.type, each.cardinality, frozenset(each.parsers)) for each in found} == naive(sample)
    assert [each.name for each in found] == sorted(each.name for each in found)


@given(entries, st.sampled_from(["n", "level", "trace", "app_extracted", "app", "user_id"]))
def test_a_field_has_as_many_values_as_it_is_told_to_have(sample: list[Entry], name: str) -> None:
    cardinality = {each.name: each.cardinality for each in detected_fields(sample, 1000, budget())}
    values = field_values(name, sample, 1000, budget())
    assert len(values) == len(set(values)) == cardinality.get(name, 0)


@pytest.mark.parametrize(
    ("sample", "fields"),
    [
        ([entry("x", {"trace_id": "a"})], {"trace_id": ("string", 1)}),
        ([entry('{"a":1}'), entry("a=2")], {"a": ("int", 2, "json", "logfmt")}),
        ([entry('{"trace_id":"b"}', {"trace_id": "a"})], {"trace_id": ("string", 2, "json")}),
        ([entry('{"app":"b"}', app="web")], {"app_extracted": ("string", 1, "json")}),
        ([entry("status=abc"), entry("status=200")], {"status": ("int", 2, "logfmt")}),  # the oldest line decides
        ([entry("status=200"), entry("status=abc")], {"status": ("string", 2, "logfmt")}),
        ([entry('{"g":""}')], {"g": ("string", 1, "json")}),
        ([entry("g=")], {}),
        ([entry('["top"]'), entry('"text"'), entry("")], {}),
        (
            [entry("x", parsed={"user": "u", "__error__": "E", "__error_details__": "d"})],
            {"user": ("string", 1, "logfmt")},
        ),
        ([entry("__preserve_error__=true a=1")], {"a": ("int", 1, "logfmt")}),
        ([], {}),
    ],
)
def test_cases(sample: list[Entry], fields: dict[str, tuple[Any, ...]]) -> None:
    assert fields_of(*sample) == fields


def test_only_json_has_paths() -> None:
    found = detected_fields([entry("a=1 b=1"), entry('{"a":1,"c":{"d":2}}', {"m": "1"}, app="x")], 1000, budget())
    assert {each.name: each.json_path for each in found} == {"a": ("a",), "b": (), "c_d": ("c", "d"), "m": ()}


def test_a_renamed_label_has_the_path_of_its_key() -> None:
    (found,) = detected_fields([entry('{"k8s":{"app":"b"}}', k8s_app="web")], 1000, budget())
    assert found == Field("k8s_app_extracted", FieldType.STRING, 1, ("json",), ("k8s", "app"))


def test_fields_found_first_stay_within_the_limit() -> None:
    assert set(fields_of(entry("b=1 c=2", {"z": "1"}), entry("a=1"), limit=2)) == {"z", "b"}


@pytest.mark.parametrize(
    ("limit", "values"), [(10, ["new", "2.0kB", "59kB", "2kb"]), (2, ["new", "2.0kB"]), (1, ["new"])]
)
def test_values_come_newest_first_and_sizes_of_lines_compactly(limit: int, values: list[str]) -> None:
    sample = [entry("v=new"), entry("v=2KB"), entry("v=59kb"), entry("v=new v2=x", {"v": "2kb"})]
    assert field_values("v", sample, limit, budget()) == values


@pytest.mark.parametrize("name", ["app", "nope", "", "__error__"])
def test_what_is_no_field_has_no_values(name: str) -> None:
    assert field_values(name, [entry("a=1 __error__=x", app="web")], 10, budget()) == []


def test_values_have_to_fit_the_memory_budget() -> None:
    sample = [entry(f"a={number}") for number in range(100)]
    assert len(detected_fields(sample, 10, budget(20_000))) == 1
    with pytest.raises(LimitExceeded, match="the values of fields; lower line_limit"):
        detected_fields(sample, 10, budget(5_000))


def test_a_cancelled_question_stops() -> None:
    cancel = Cancel()
    cancel.cancel()
    with cancel.watching(), pytest.raises(QueryCancelled):
        detected_fields([entry("a=1")], 10, budget())
