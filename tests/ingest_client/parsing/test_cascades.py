"""Root and follow, and the incident that several reports share."""

from __future__ import annotations

from ingest_client.parsing import Cascades

SECOND_NS = 1_000_000_000


def test_the_first_is_the_root_and_those_after_it_follow() -> None:
    cascades = Cascades()
    marks = [cascades.judge("cuda_error", "error", "1", moment * SECOND_NS)["cascade"] for moment in (1, 2, 4, 6, 9)]
    assert marks == ["root", "follow", "follow", "follow", "root"]


def test_processes_have_cascades_of_their_own() -> None:
    cascades = Cascades()
    one, two = (cascades.judge("cuda_error", "error", process, SECOND_NS) for process in ("1", "2"))
    assert one["cascade"] == two["cascade"] == "root"
    assert one["incident"] != two["incident"]


def test_reports_of_one_fault_share_an_incident() -> None:
    cascades = Cascades()
    reports = [
        cascades.judge(event, "error", "7", moment * SECOND_NS)["incident"]
        for event, moment in (("cuda_error", 1), ("oom", 4), ("xid", 5), ("cuda_error", 11))
    ]
    assert reports[0] == reports[1] == reports[2] != reports[3]


def test_what_is_no_fault_is_not_marked() -> None:
    cascades = Cascades()
    assert cascades.judge("workspace", "error", "", 1) == {}
    assert cascades.judge("oom", "warn", "", 1) == {}
    assert cascades.judge(None, None, "", 1) == {}


def test_processes_without_end_cost_bounded_memory() -> None:
    cascades = Cascades()
    for process in range(1000):
        cascades.judge("oom", "error", str(process), process)
    assert len(cascades._last) <= 256
