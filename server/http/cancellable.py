"""Blocking queries that end when nobody waits for them any more."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from starlette.requests import Request

from logql.cancel import Cancel
from logql.errors import QueryBlocked, QueryCancelled
from server.http.errors import ClientGone
from server.services import Services

__all__ = ["run_cancellable"]

R = TypeVar("R")


async def run_cancellable(request: Request, services: Services, tenant: str, call: Callable[[Cancel], R]) -> R:
    """What ``call`` answers in a query thread, once it is the tenant's turn.

    Its flag is set when the client leaves, then ClientGone is raised. TooManyRequests is, when too many wait already.
    The request's body must have been read: what arrives next can only be the news that the client is gone.
    """
    cancel = Cancel()
    work = asyncio.ensure_future(_in_turn(services, tenant, call, cancel))
    departure = asyncio.ensure_future(_departure(request))
    try:
        await asyncio.wait((work, departure), return_when=asyncio.FIRST_COMPLETED)
        if work.done():
            return work.result()
        work.add_done_callback(_ignore_outcome)
        raise ClientGone
    finally:
        cancel.cancel()
        departure.cancel()


async def _in_turn(services: Services, tenant: str, call: Callable[[Cancel], R], cancel: Cancel) -> R:
    async with services.queue.turn(tenant):
        if cancel.is_cancelled:
            raise QueryCancelled
        try:
            return await services.threads.query(call, cancel)
        except QueryBlocked:
            services.metrics.queries.blocked.add(1, tenant)
            raise


async def _departure(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _ignore_outcome(work: asyncio.Future[R]) -> None:
    # Otherwise the loop complains about an exception that nobody retrieved.
    if not work.cancelled():
        work.exception()
