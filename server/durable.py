"""Waiting on the event loop for a future that the store resolves from its own thread."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future

__all__ = ["wait_until_durable"]


async def wait_until_durable(stored: Future[None]) -> None:
    """Raises what the future fails with. Cancelling the wait leaves the future alone: others share its fsync.

    Half the price of ``asyncio.wrap_future``, which also carries cancellation the other way.
    """
    loop = asyncio.get_running_loop()
    waiter = loop.create_future()

    def finish() -> None:
        if not waiter.cancelled():
            waiter.set_result(None)

    stored.add_done_callback(lambda _: loop.call_soon_threadsafe(finish))
    await waiter
    stored.result()
