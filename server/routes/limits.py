"""The limits of a tenant, for clients that adapt to them; and what Logs Drilldown asks before anything else."""

from __future__ import annotations

import orjson
import yaml
from starlette.requests import Request
from starlette.responses import Response

from server.config import limits_of
from server.http.errors import plain_text
from server.routes.reading import tenant_of_reader, tenants_of_reader
from server.services import Services
from server.version import VERSION

__all__ = ["drilldown_limits", "generation_numbers", "tenant_limits"]

# What Logs Drilldown reads or shows of the limits, and what there is no setting for.
_SHOWN = (
    "discover_log_levels",
    "discover_service_name",
    "log_level_fields",
    "max_entries_limit_per_query",
    "max_line_size_truncate",
    "max_query_length",
    "max_query_lookback",
    "max_query_range",
    "max_query_series",
    "otlp_config",
    "query_timeout",
    "retention_period",
    "volume_enabled",
    "volume_max_series",
)
_FIXED = {"max_query_bytes_read": "0B", "metric_aggregation_enabled": False, "pattern_persistence_enabled": False}


async def drilldown_limits(request: Request, services: Services) -> Response:
    settings = services.settings_of(tenants_of_reader(request, services))
    limits = limits_of(settings)
    shown = {name: limits[name] for name in _SHOWN} | _FIXED
    body = {"limits": shown, "pattern_ingester_enabled": settings.query.patterns_enabled, "version": VERSION}
    return Response(orjson.dumps(body), media_type="application/json")


async def tenant_limits(request: Request, services: Services) -> Response:
    limits = limits_of(services.settings_of(tenant_of_reader(request, services)))
    return plain_text(yaml.safe_dump(limits, sort_keys=True, allow_unicode=True))


async def generation_numbers(request: Request, services: Services) -> Response:
    """Asked by caches of answers, which have to forget when a delete changes them: nothing is cached here."""
    tenant_of_reader(request, services)
    return Response(b'""', media_type="application/json")
