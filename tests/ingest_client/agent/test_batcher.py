"""Rows to lines: tenants, labels that end here, timestamps that only go up."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ingest_client.agent.batcher import Batcher
from ingest_client.agent.row import Row
from ingest_client.complaints import Complaints
from ingest_client.entries.streams import Streams


def batcher(newest: dict[str, int] | None = None, max_values: int = 500) -> Batcher:
    return Batcher(Streams(max_values, Complaints()), newest or {})


def test_tenants_have_lines_of_their_own_and_private_labels_end() -> None:
    batch = batcher()
    batch.add(
        [Row("a", 1, {"job": "j", "__tenant_id__": "t", "__x": "y"}), Row("b", 2, {"job": "j"}, metadata={"m": "n"})]
    )
    lines, _ = batch.take()
    assert lines == {"t": ([{"job": "j"}], [(0, 1, "a", {})]), "": ([{"job": "j"}], [(0, 2, "b", {"m": "n"})])}
    assert batch.take()[0] == {}


def test_equal_times_of_a_stream_are_told_apart_also_over_batches_and_restarts() -> None:
    batch = batcher()
    batch.add([Row("x", 5, {"job": "a"}), Row("x", 5, {"job": "a"}), Row("x", 5, {"job": "b"})])
    lines, newest = batch.take()
    assert [row[1] for row in lines[""][1]] == [5, 6, 5]
    batch.add([Row("x", 5, {"job": "a"})])
    assert batch.take()[0][""][1][0][1] == 7
    after = batcher(newest)
    after.add([Row("x", 5, {"job": "a"})])
    assert after.take()[0][""][1][0][1] == 7


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 5 * 10**9)), max_size=40))
def test_stamping_what_was_stamped_changes_nothing(rows: list[tuple[str, int]]) -> None:
    first, again = batcher(), batcher()
    first.add([Row("x", ts_ns, {"job": job}) for job, ts_ns in rows])
    lines, _ = first.take()
    if not lines:
        return
    label_sets, stamped = lines[""]
    again.add([Row(line, ts_ns, label_sets[index]) for index, ts_ns, line, _ in stamped])
    assert again.take()[0] == lines


def test_a_label_whose_values_explode_goes_to_the_metadata() -> None:
    batch = batcher(max_values=3)
    batch.add([Row("x", number, {"job": "j", "id": str(number)}) for number in range(5)])
    label_sets, rows = batch.take()[0][""]
    assert label_sets[3:] == [{"job": "j"}, {"job": "j"}]
    assert [row[3] for row in rows] == [{}, {}, {}, {"id": "3"}, {"id": "4"}]


def test_labels_that_no_server_takes_are_counted() -> None:
    batch = batcher()
    batch.add([Row("x", 1, {f"l{number}": "v" for number in range(20)}), Row("y", 1, {"job": "j"})])
    assert batch.count == 1
    assert sum(batch.refused.values()) == 1


def test_lines_without_labels_get_one() -> None:
    batch = batcher()
    batch.add([Row("x", 1, {"__path__": "y"})])
    assert batch.take()[0][""][0] == [{"job": "agent"}]


def test_errors_are_urgent_and_large_metadata_is_cut() -> None:
    batch = batcher()
    batch.add([Row("x", 1, {"job": "j"}, metadata={"level": "error", "long": "y" * 9000})])
    assert batch.is_urgent
    assert len(batch.take()[0][""][1][0][3]["long"]) == 4096
    assert not batch.is_urgent
