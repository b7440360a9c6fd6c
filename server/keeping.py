"""What the settings say about keeping and deleting, in the terms of storage."""

from __future__ import annotations

from functools import lru_cache

from logql.ast import Selector
from logql.deletes import delete_hits
from logql.dense.readers import line_readers
from logql.patterns import PatternMiner
from logql.streams import stream_matcher
from logql.syntax import parse_selector
from server.config import TenantSettings
from server.config.settings import RetentionSettings
from server.units import NS
from storage.policies import Policies
from storage.retention import Retention, RetentionRule

__all__ = ["policies_of"]


def policies_of(tenants: TenantSettings) -> Policies:
    """Every tenant by its own limits, as they are at the moment."""

    def erase_after_ns(tenant: str) -> int | None:
        deletes = tenants.of(tenant).deletes
        return deletes.cancel_period_s * NS if deletes.mode == "filter-and-delete" else None

    return Policies(
        line_readers=line_readers(),
        line_miner=PatternMiner,
        hits=delete_hits,
        retention=lambda tenant: _retention(tenants.of(tenant).retention),
        max_bytes=lambda tenant: tenants.of(tenant).retention.max_bytes,
        erase_after_ns=erase_after_ns,
    )


@lru_cache(maxsize=256)
def _retention(settings: RetentionSettings) -> Retention:
    rules = (
        RetentionRule(stream_matcher(Selector(tuple(parse_selector(rule.selector)))), rule.priority, rule.period_s * NS)
        for rule in settings.rules
    )
    return Retention(settings.period_s * NS, tuple(rules))
