"""Messages of a tail."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logql.results import Entry
from logql.tail import DroppedEntry
from server.render import tail as tail_module
from server.render.tail import legacy_tail_message, message_lots, tail_message
from storage.labels import Labels

STREAM, NONE = Labels({"app": "x"}), Labels()
PLAIN = Entry(1_795_367_530_276_506_952, "a line", STREAM, NONE, NONE)
RICH = Entry(2, "other", STREAM, Labels({"trace": "t"}), Labels({"cost": "5"}))
DROPPED = DroppedEntry(3, STREAM)


def test_each_entry_is_a_stream_with_all_its_labels() -> None:
    assert tail_message(())([PLAIN, RICH], []) == (
        '{"streams":[{"stream":{"app":"x"},"values":[["1795367530276506952","a line"]]},'
        '{"stream":{"app":"x","cost":"5","trace":"t"},"values":[["2","other"]]}]}'
    )


def test_categorised_labels_are_a_third_element() -> None:
    message = json.loads(tail_message(("categorize-labels",))([PLAIN, RICH], [DROPPED]))
    assert message == {
        "streams": [
            {"stream": {"app": "x"}, "values": [["1795367530276506952", "a line", {}]]},
            {
                "stream": {"app": "x"},
                "values": [["2", "other", {"structuredMetadata": {"trace": "t"}, "parsed": {"cost": "5"}}]],
            },
        ],
        "dropped_entries": [{"timestamp": "3", "labels": {"app": "x"}}],
        "encodingFlags": ["categorize-labels"],
    }


def test_the_old_path_has_messages_of_its_own() -> None:
    assert json.loads(legacy_tail_message([RICH], [])) == {
        "streams": [
            {
                "labels": '{app="x", cost="5", trace="t"}',
                "entries": [{"ts": "1970-01-01T00:00:00.000000002Z", "line": "other"}],
            }
        ],
        "dropped_entries": None,
    }
    assert json.loads(legacy_tail_message([], [DROPPED]))["dropped_entries"] == [
        {"timestamp": "1970-01-01T00:00:00.000000003Z", "labels": '{app="x"}'}
    ]


@given(st.lists(st.integers(0, 30), max_size=40), st.integers(1, 5), st.integers(1, 60))
def test_lots_are_bounded_by_entries_and_size(sizes: list[int], entries_max: int, characters_max: int) -> None:
    entries = [Entry(place, "x" * size, STREAM, NONE, NONE) for place, size in enumerate(sizes)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tail_module, "_ENTRIES_MAX", entries_max)
        patch.setattr(tail_module, "_LINE_CHARACTERS_MAX", characters_max)
        lots = list(message_lots(entries))
    assert [entry for lot in lots for entry in lot] == entries
    for lot in lots:
        assert 1 <= len(lot) <= entries_max
        assert len(lot) == 1 or sum(len(entry.line) for entry in lot) <= characters_max
