"""Telling a query to stop, and asking whether it should."""

from __future__ import annotations

import threading

import pytest

from logql.cancel import Cancel, check_query
from logql.errors import QueryCancelled, QueryTimeout


def test_a_thread_that_works_for_no_query_is_never_stopped() -> None:
    check_query()
    with Cancel().watching():
        check_query()
    check_query()


def test_a_thread_is_stopped_with_the_query_that_it_works_for() -> None:
    cancel = Cancel()
    cancel.cancel()
    with cancel.watching(), pytest.raises(QueryCancelled):
        check_query()
    check_query()


def test_a_deadline_stops_it_as_well() -> None:
    cancel = Cancel()
    cancel.expire_after(1e-9)
    with cancel.watching(), pytest.raises(QueryTimeout):
        check_query()


def test_a_thread_is_not_stopped_with_the_query_of_another() -> None:
    cancel, outcomes = Cancel(), list[str]()
    cancel.cancel()

    def work() -> None:
        check_query()
        outcomes.append("went on")

    with cancel.watching():
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    assert outcomes == ["went on"]
