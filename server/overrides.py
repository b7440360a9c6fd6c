"""Keeping the overrides of tenants fresh: the file of ``runtime_config`` is looked at now and then."""

from __future__ import annotations

import asyncio
import logging

from server.config import ConfigError
from server.services import Services

__all__ = ["keep_overrides_fresh"]

log = logging.getLogger("skaldlog")


async def keep_overrides_fresh(services: Services) -> None:
    """Until cancelled. A file that cannot be used is named in the log and in the metrics, and changes nothing."""
    reloaded = services.metrics.server.overrides_reloaded
    reloaded.set(1)
    while True:
        await asyncio.sleep(services.settings.overrides_file.period_s)
        try:
            if await services.threads.query(services.tenants.refresh):
                reloaded.set(1)
                log.info("the overrides of %s are in force", services.settings.overrides_file.path)
        except ConfigError as error:
            reloaded.set(0)
            log.error("the overrides stay as they were: %s", error)
