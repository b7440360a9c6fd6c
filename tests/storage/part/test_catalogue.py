"""Parts are found again in the order in which their rows came, whatever times their names begin with."""

from __future__ import annotations

from pathlib import Path

from storage.labels import Labels
from tests.storage.databases import opened
from tests.storage.entries import Entry, batch_of, entries_of_sources

STREAM = Labels({"app": "web"})


def entry(ts: int, line: str) -> Entry:
    return Entry(STREAM, ts, line, frozenset())


def test_entries_of_one_time_keep_their_order_across_a_restart(tmp_path: Path) -> None:
    came = [[entry(5, "first")], [entry(5, "second"), entry(1, "late")], [entry(5, "third"), entry(9, "new")]]
    with opened(tmp_path) as database:
        for entries in came:
            database.append("fake", batch_of(entries)).result(10)
            database.flush()
        before = [each.line for each in entries_of_sources(database.sources("fake")) if each.ts == 5]
    with opened(tmp_path) as database:
        after = [each.line for each in entries_of_sources(database.sources("fake")) if each.ts == 5]
    assert before == after == ["first", "second", "third"]
