"""Every route of the API, once."""

from server.routes import legacy, operations
from server.routes.deletes import delete
from server.routes.detected import detected_fields, detected_labels, field_values
from server.routes.docs import docs, openapi
from server.routes.explain import explain
from server.routes.format_query import format_query
from server.routes.index import index_shards, index_stats, volume, volume_range
from server.routes.labels import label_names, label_values, series
from server.routes.limits import drilldown_limits, generation_numbers, tenant_limits
from server.routes.parts import keep_now, merge, parts, retention
from server.routes.patterns import patterns
from server.routes.push import push
from server.routes.queries import query, query_range
from server.routes.tail import tail
from server.routing import Route

__all__ = ["PUSH", "ROUTES"]

_READ = ("GET", "POST")

PUSH = Route("/loki/api/v1/push", ("POST",), push, ends_line=True, needs_store=True)

ROUTES = (
    PUSH,
    Route("/loki/api/v1/query_range", _READ, query_range, needs_store=True),
    Route("/loki/api/v1/query", _READ, query, needs_store=True),
    Route("/loki/api/v1/labels", _READ, label_names, needs_store=True),
    Route("/loki/api/v1/label", _READ, label_names, needs_store=True),
    Route("/loki/api/v1/label/{name}/values", _READ, label_values, needs_store=True),
    Route("/loki/api/v1/series", _READ, series, needs_store=True),
    Route("/loki/api/v1/index/stats", _READ, index_stats, needs_store=True),
    Route("/loki/api/v1/index/shards", _READ, index_shards, needs_store=True),
    Route("/loki/api/v1/index/volume", _READ, volume, needs_store=True),
    Route("/loki/api/v1/index/volume_range", _READ, volume_range, needs_store=True),
    Route("/loki/api/v1/detected_labels", _READ, detected_labels, needs_store=True),
    Route("/loki/api/v1/detected_fields", _READ, detected_fields, needs_store=True),
    Route("/loki/api/v1/detected_field/{name}/values", _READ, field_values, needs_store=True),
    Route("/loki/api/v1/patterns", _READ, patterns, needs_store=True),
    Route("/loki/api/v1/format_query", _READ, format_query),
    Route("/skaldlog/api/v1/parts", ("GET",), parts, needs_store=True),
    Route("/skaldlog/api/v1/merge", ("POST",), merge, needs_store=True),
    Route("/skaldlog/api/v1/retention", ("GET",), retention, needs_store=True),
    Route("/skaldlog/api/v1/retention", ("POST",), keep_now, needs_store=True),
    Route("/skaldlog/api/v1/explain", _READ, explain, needs_store=True),
    Route("/loki/api/v1/delete", ("GET", "POST", "PUT", "DELETE"), delete, ends_line=True, needs_store=True),
    Route("/loki/api/v1/tail", _READ, tail),
    Route("/loki/api/v1/cache/generation_numbers", ("GET",), generation_numbers),
    Route("/loki/api/v1/drilldown-limits", ("GET",), drilldown_limits),
    Route("/config/tenant/v1/limits", ("GET",), tenant_limits),
    Route("/api/prom/push", ("POST",), legacy.push, ends_line=True, needs_store=True),
    Route("/api/prom/query", _READ, legacy.query, needs_store=True),
    Route("/api/prom/label", _READ, legacy.label_names, needs_store=True),
    Route("/api/prom/label/{name}/values", _READ, legacy.label_values, needs_store=True),
    Route("/api/prom/series", _READ, series, needs_store=True),
    Route("/loki/api/v1/status/buildinfo", ("GET",), operations.build_info),
    Route("/ready", ("GET",), operations.ready),
    Route("/metrics", ("GET",), operations.metrics),
    Route("/services", ("GET",), operations.services_list),
    Route("/config", ("GET",), operations.config),
    Route("/flush", _READ, operations.flush, ends_line=True, needs_store=True),
    Route("/log_level", ("GET",), operations.show_log_level),
    Route("/log_level", ("POST",), operations.change_log_level),
    Route("/openapi.json", ("GET",), openapi),
    Route("/docs", ("GET",), docs),
)
