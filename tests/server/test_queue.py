"""The queue of queries: bounded, fair between tenants, and nobody who left keeps a place."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from server.http.errors import TooManyRequests
from server.queue import QueryQueue


async def served(queue: QueryQueue, tenants: Sequence[str], order: list[str], leaving: frozenset[int]) -> list[object]:
    """Ask for all tenants at once, each for one turn of the loop; ``leaving`` lose patience. Answers what became."""

    async def ask(tenant: str) -> None:
        async with queue.turn(tenant):
            order.append(tenant)
            await asyncio.sleep(0)

    tasks = [asyncio.ensure_future(ask(tenant)) for tenant in tenants]
    await asyncio.sleep(0)
    for index in leaving:
        tasks[index].cancel()
    return await asyncio.gather(*tasks, return_exceptions=True)


@pytest.mark.parametrize(
    ("running", "waiting", "tenants", "leaving", "order", "refused"),
    [
        (2, 9, "ab", set(), "ab", 0),
        (1, 9, "aaaab", set(), "aabaa", 0),
        (1, 9, "aaabbbc", set(), "aabcabb", 0),
        (1, 2, "aaaaab", set(), "aaba", 2),
        (1, 9, "aaab", {1, 2}, "ab", 0),
        (1, 9, "aab", {0}, "aab", 0),
        (3, 9, "aaaa", {0, 1, 2}, "aaaa", 0),
    ],
)
def test_turns(running: int, waiting: int, tenants: str, leaving: set[int], order: str, refused: int) -> None:
    queue, seen = QueryQueue(running, waiting), list[str]()
    found = asyncio.run(served(queue, tenants, seen, frozenset(leaving)))
    assert "".join(seen) == order
    assert sum(isinstance(each, TooManyRequests) for each in found) == refused
    assert queue.waiting == 0
    again: list[str] = []
    asyncio.run(served(queue, "xy", again, frozenset()))
    assert again == ["x", "y"]


def test_a_place_given_to_one_who_just_left_goes_on() -> None:
    async def scene() -> list[str]:
        queue, seen = QueryQueue(1, 9), list[str]()

        async def ask(tenant: str) -> None:
            async with queue.turn(tenant):
                seen.append(tenant)

        async with queue.turn("a"):
            gone, stays = asyncio.ensure_future(ask("b")), asyncio.ensure_future(ask("c"))
            await asyncio.sleep(0)
        gone.cancel()
        await asyncio.gather(gone, stays, return_exceptions=True)
        return seen

    assert asyncio.run(scene()) == ["c"]


def test_the_refusal_says_when_to_come_again() -> None:
    error = TooManyRequests()
    assert (error.status, str(error), error.headers["Retry-After"]) == (429, "too many outstanding requests", "1")
