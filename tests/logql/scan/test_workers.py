"""All cores on the tasks of one query."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from logql.cancel import Cancel
from logql.errors import QueryCancelled, QueryTimeout
from logql.scan.workers import Workers


@pytest.fixture
def workers() -> Iterator[Workers]:
    made = Workers(3)
    yield made
    made.close()


@pytest.mark.parametrize("count", [0, 1, 2, 50])
def test_every_task_is_done_once(workers: Workers, count: int) -> None:
    done: list[int] = []
    workers.run(range(count), done.append, Cancel())
    assert sorted(done) == list(range(count))


def test_tasks_begin_in_order() -> None:
    alone, begun = Workers(1), list[int]()
    alone.run(iter([5, 3, 9, 1]), begun.append, Cancel())
    alone.close()
    assert begun == [5, 3, 9, 1]


def test_tasks_run_beside_each_other(workers: Workers) -> None:
    together = threading.Barrier(3, timeout=10)
    met: list[int] = []
    workers.run(range(3), lambda _: met.append(together.wait()), Cancel())
    assert sorted(met) == [0, 1, 2]


def test_the_first_exception_is_raised_and_what_has_not_begun_never_does(workers: Workers) -> None:
    begun: list[int] = []

    def work(task: int) -> None:
        begun.append(task)
        if task == 4:
            raise ValueError("task 4")

    with pytest.raises(ValueError, match="task 4"):
        workers.run(range(10_000), work, Cancel())
    assert len(begun) < 10_000
    workers.run([0], begun.append, Cancel())  # the threads are there for the next query


def test_when_it_raises_no_task_is_running_any_more(workers: Workers) -> None:
    both_run, ended = threading.Barrier(2, timeout=10), list[int]()

    def work(task: int) -> None:
        both_run.wait()
        if task == 0:
            raise KeyError("first")
        threading.Event().wait(0.05)
        ended.append(task)

    with pytest.raises(KeyError):
        workers.run([0, 1], work, Cancel())
    assert ended == [1]


def test_a_cancelled_query_begins_nothing(workers: Workers) -> None:
    cancel, begun = Cancel(), list[int]()
    cancel.cancel()
    with pytest.raises(QueryCancelled):
        workers.run(range(5), begun.append, cancel)
    assert begun == []


def test_a_query_that_is_cancelled_on_the_way_stops(workers: Workers) -> None:
    cancel, begun = Cancel(), list[int]()

    def work(task: int) -> None:
        begun.append(task)
        if task == 3:
            cancel.cancel()

    with pytest.raises(QueryCancelled):
        workers.run(range(10_000), work, cancel)
    assert len(begun) < 10_000


def test_a_query_over_its_deadline_stops(workers: Workers) -> None:
    cancel = Cancel()
    cancel.expire_after(1e-9)
    with pytest.raises(QueryTimeout):
        workers.run(range(5), lambda _: None, cancel)
