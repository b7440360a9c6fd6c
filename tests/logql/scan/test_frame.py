"""Rows of a source on their way through stages."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.logql.frames import Given, frame_of, kept, lines_of

ROWS: list[Given] = [
    ({"app": "web"}, 5, "a", {"n": "1"}),
    ({"app": "api"}, 4, "b", {}),
    ({"app": "web"}, 9, "", {"n": "2", "app": "sm"}),
    ({"app": "web"}, 9, "é", {"m": "3"}),
]
MASKS = st.lists(st.booleans(), min_size=4, max_size=4)


@given(mask=MASKS, then=st.data(), fetched=st.booleans())
def test_columns_follow_their_rows_whether_they_were_fetched_before_or_not(
    mask: list[bool], then: st.DataObject, fetched: bool
) -> None:
    whole = kept(frame_of(ROWS))
    frame = frame_of(ROWS)
    if fetched:
        frame.line(), frame.ts(), frame.stream(), frame.metadata()
        frame = frame.with_labels(frame.labels())
    frame = frame.keep(np.array(mask))
    again = then.draw(st.lists(st.booleans(), min_size=len(frame), max_size=len(frame)))
    frame = frame.keep(np.array(again, np.bool_))
    rows = [int(row) for row in np.flatnonzero(mask)[again]]
    assert kept(frame) == [whole[row] for row in rows]
    assert frame.ts().tolist() == [ROWS[row][1] for row in rows]
    assert [frame.source.streams[number]["app"] for number in frame.stream()] == [ROWS[row][0]["app"] for row in rows]
    assert [frame.label("n").text(place) for place in range(len(rows))] == [ROWS[row][3].get("n") for row in rows]


def test_keeping_all_rows_is_the_same_frame() -> None:
    frame = frame_of(ROWS)
    assert frame.keep(np.ones(4, np.bool_)) is frame


def test_another_line_or_other_labels_leave_the_frame_before_as_it_was() -> None:
    frame = frame_of(ROWS)
    before = kept(frame)
    changed = frame.with_line(pa.array(["x"] * 4))
    cleared = frame.with_labels(frame.labels().delete("app", np.ones(4, np.bool_)))
    assert lines_of(changed) == ["x"] * 4
    assert all("app" not in labels for _, _, labels in kept(cleared))
    assert kept(frame) == kept(changed.as_stored()) == kept(cleared.as_stored()) == before


@pytest.mark.parametrize(
    ("names", "found"), [(None, {"n", "m", "app"}), ({"n"}, {"n"}), ({"nosuch"}, set()), (set(), set())]
)
@pytest.mark.parametrize("was_read", [True, False])
def test_only_the_metadata_that_is_asked_for(names: set[str] | None, found: set[str], was_read: bool) -> None:
    frame = frame_of(ROWS)
    if was_read:
        frame.metadata()
    assert set(frame.metadata(names)) == found
