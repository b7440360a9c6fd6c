"""Paths of JSON labels: they lead to the value that the label has."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logql.detected.json_paths import json_paths
from logql.parsers.json_rows import json_row

keys = st.text(st.sampled_from("ab _.1é"), max_size=3)
documents = st.recursive(
    st.none() | st.booleans() | st.integers(0, 99) | st.text(max_size=3),
    lambda inner: st.dictionaries(keys, inner, max_size=4) | st.lists(inner, max_size=2),
    max_leaves=12,
)


@given(st.dictionaries(keys, documents, max_size=4))
def test_a_path_leads_to_the_value_of_its_label(document: dict[str, Any]) -> None:
    line = json.dumps(document).encode()
    paths, labels = json_paths(line), json_row(line).labels
    assert paths.keys() == labels.keys()
    for name, path in paths.items():
        value: Any = document
        for key in path:
            value = value[key]
        assert (value if isinstance(value, str) else json.dumps(value)) == labels[name]


@given(st.text(st.sampled_from('{}[]":,\\ab1 '), max_size=24))
def test_broken_lines_have_the_paths_of_what_was_read_before_the_defect(text: str) -> None:
    assert json_paths(text.encode()).keys() == json_row(text.encode()).labels.keys()


@pytest.mark.parametrize(
    ("line", "paths"),
    [
        ('{"user":{"id":1}}', {"user_id": ("user", "id")}),
        ('{"Ünï":"u","1digit":"x","":"no"}', {"_n_": ("Ünï",), "_1digit": ("1digit",)}),
        ('{"a":{"b":1},"a_b":2}', {"a_b": ("a", "b")}),
        ('{"a_b":2,"a":{"b":1}}', {"a_b": ("a_b",)}),
        ('{"a":null,"b":[1],"c":{}}', {}),
        ('{"a":1,"b"', {"a": ("a",)}),
        ("no json", {}),
    ],
)
def test_paths(line: str, paths: dict[str, tuple[str, ...]]) -> None:
    assert json_paths(line.encode()) == paths


def test_deep_nesting_is_no_recursion() -> None:
    depth = 3000
    line = '{"a":' * depth + "1" + "}" * depth
    ((path),) = json_paths(line.encode()).values()
    assert len(path) == depth
