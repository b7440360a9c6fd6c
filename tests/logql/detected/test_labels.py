"""Which labels are worth browsing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logql.detected import DetectedLabel, detected_labels
from storage.labels import Labels

UUID = "123e4567-e89b-12d3-a456-426614174000"


@pytest.mark.parametrize(
    ("name", "values", "is_shown"),
    [
        ("app", ["web", "db"], True),
        ("num", ["5", "6", "7", "8"], False),
        ("f", ["0.5"], False),
        ("exp", ["1e9", "-3"], False),
        ("special", ["NaN", "+Inf"], False),
        ("uid", [UUID], False),
        ("uid", [UUID.upper(), "urn:uuid:" + UUID, "{" + UUID + "}", UUID.replace("-", "")], False),
        ("uid", [UUID[:-1]], True),
        ("uid", [UUID + "}"], True),
        ("ip", ["10.0.0.1"], True),
        ("mix", ["a", "3"], True),
        ("bool", ["0", "1"], True),
        ("bool", ["1"], True),
        ("trit", ["0", "1", "2"], False),
        ("empty", [""], True),
        *((name, ["1", "2", UUID], True) for name in ("cluster", "namespace", "instance", "pod")),
    ],
)
def test_labels_of_mere_ids_are_left_out(name: str, values: list[str], is_shown: bool) -> None:
    found = detected_labels(Labels({name: value}) for value in values)
    assert found == ([DetectedLabel(name, len(set(values)))] if is_shown else [])


@given(st.lists(st.dictionaries(st.sampled_from("abc"), st.sampled_from(["x", "y", "z"]), max_size=3), max_size=6))
def test_values_are_counted_once_and_names_sorted(streams: list[dict[str, str]]) -> None:
    found = detected_labels(map(Labels, streams))
    values = {name: {each[name] for each in streams if name in each} for name in "abc"}
    assert found == [DetectedLabel(name, len(values[name])) for name in "abc" if values[name]]
