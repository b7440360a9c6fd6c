"""Waiting on the event loop for what another thread resolves."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import CancelledError, Future

import pytest

from server.durable import Gathering, wait_until_durable
from storage.errors import StorageUnavailable


def resolve_soon(stored: Future[None], failure: Exception | None = None) -> None:
    """From a thread of its own, as the store does."""
    end = stored.set_result if failure is None else stored.set_exception
    threading.Timer(0.02, end, (failure,)).start()


@pytest.mark.parametrize("is_done_before", [True, False])
def test_it_ends_when_the_rows_are_durable(is_done_before: bool) -> None:
    stored: Future[None] = Future()
    if is_done_before:
        stored.set_result(None)
    else:
        resolve_soon(stored)
    asyncio.run(asyncio.wait_for(wait_until_durable(stored), 10))
    assert stored.done()


@pytest.mark.parametrize("is_done_before", [True, False])
def test_it_raises_what_the_store_failed_with(is_done_before: bool) -> None:
    stored: Future[None] = Future()
    failure = StorageUnavailable("no space left on device")
    if is_done_before:
        stored.set_exception(failure)
    else:
        resolve_soon(stored, failure)
    with pytest.raises(StorageUnavailable, match="no space left"):
        asyncio.run(asyncio.wait_for(wait_until_durable(stored), 10))


def test_a_store_that_gave_up_is_not_taken_for_durable() -> None:
    stored: Future[None] = Future()
    stored.cancel()
    with pytest.raises(CancelledError):
        asyncio.run(asyncio.wait_for(wait_until_durable(stored), 10))


def test_a_wait_that_is_cancelled_leaves_the_others_theirs() -> None:
    stored: Future[None] = Future()

    async def wait_twice() -> list[bool]:
        first, second = (asyncio.ensure_future(wait_until_durable(stored)) for _ in range(2))
        await asyncio.sleep(0)
        first.cancel()
        await asyncio.wait([first])
        assert not stored.cancelled()
        assert not stored.done()
        resolve_soon(stored)
        await asyncio.wait_for(second, 10)
        await asyncio.sleep(0)
        return [first.cancelled(), second.cancelled()]

    assert asyncio.run(wait_twice()) == [True, False]


def test_the_loop_goes_on_meanwhile() -> None:
    stored: Future[None] = Future()

    async def wait_and_count() -> int:
        waiting, steps = asyncio.ensure_future(wait_until_durable(stored)), 0
        resolve_soon(stored)
        while not waiting.done():
            await asyncio.sleep(0.001)
            steps += 1
        return steps

    assert asyncio.run(wait_and_count()) > 1


def test_pushes_of_a_few_turns_of_the_loop_are_written_together() -> None:
    async def gather(pushes: int) -> list[int]:
        gathering, arrived, groups = Gathering(), list[int](), list[int]()
        for number in range(pushes):
            arrived.append(number)
            gathering(lambda: groups.append(len(arrived)))
        assert groups == [], "the others of this turn would come too late"
        await asyncio.sleep(0.01)
        return groups

    assert asyncio.run(gather(1)) == [1]
    assert asyncio.run(gather(3)) == [3]


def test_every_push_is_written_however_many_come() -> None:
    async def push_often() -> list[int]:
        gathering, unwritten, groups = Gathering(), list[int](), list[int]()

        def write() -> None:
            groups.append(len(unwritten))
            unwritten.clear()

        for number in range(50):
            unwritten.append(number)
            gathering(write)
            if number % 3 == 0:
                await asyncio.sleep(0)
        await asyncio.sleep(0.01)
        return groups

    groups = asyncio.run(push_often())
    assert sum(groups) == 50
    assert 0 < max(groups) <= 8


def test_a_push_from_another_thread_is_written_at_once() -> None:
    async def push_elsewhere() -> bool:
        gathering, written = Gathering(), threading.Event()
        await asyncio.to_thread(gathering, written.set)
        return written.is_set()

    assert asyncio.run(push_elsewhere())


def test_all_that_wait_are_woken_whenever_their_rows_become_durable() -> None:
    async def wait_for(futures: list[Future[None]]) -> None:
        waits = [asyncio.ensure_future(wait_until_durable(stored)) for stored in futures]
        await asyncio.sleep(0)
        await asyncio.to_thread(resolve_all, futures)
        await asyncio.wait_for(asyncio.gather(*waits), 10)

    def resolve_all(futures: list[Future[None]]) -> None:
        for stored in futures:
            stored.set_result(None)

    asyncio.run(wait_for([Future() for _ in range(2000)]))
