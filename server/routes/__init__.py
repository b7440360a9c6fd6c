"""Every route of the API, once."""

from server.auth import Need
from server.http.routing import Route
from server.openapi.catalogue import RINGS
from server.routes import legacy, operations
from server.routes.deletes import delete
from server.routes.detected import detected_fields, detected_labels, field_values
from server.routes.docs import docs, openapi
from server.routes.explain import explain
from server.routes.format_query import format_query
from server.routes.index import index_shards, index_stats, volume, volume_range
from server.routes.labels import label_names, label_values, series
from server.routes.limits import drilldown_limits, generation_numbers, tenant_limits
from server.routes.otlp import push_otlp
from server.routes.parts import keep_now, merge, parts, retention
from server.routes.patterns import patterns
from server.routes.push import push
from server.routes.queries import query, query_range
from server.routes.ring import member_list, ring
from server.routes.shutdown import cancel_prepared, is_prepared, prepare, shutdown
from server.routes.tail import legacy_tail, tail

__all__ = ["PUSHES", "ROUTES"]

_READ = ("GET", "POST")

PUSHES = (
    Route("/loki/api/v1/push", ("POST",), push, Need.WRITE, ends_line=True, needs_store=True),
    Route("/otlp/v1/logs", ("POST",), push_otlp, Need.WRITE),
)

ROUTES = (
    *PUSHES,
    Route("/loki/api/v1/query_range", _READ, query_range, Need.READ, needs_store=True),
    Route("/loki/api/v1/query", _READ, query, Need.READ, needs_store=True),
    Route("/loki/api/v1/labels", _READ, label_names, Need.READ, needs_store=True),
    Route("/loki/api/v1/label", _READ, label_names, Need.READ, needs_store=True),
    Route("/loki/api/v1/label/{name}/values", _READ, label_values, Need.READ, needs_store=True),
    Route("/loki/api/v1/series", _READ, series, Need.READ, needs_store=True),
    Route("/loki/api/v1/index/stats", _READ, index_stats, Need.READ, needs_store=True),
    Route("/loki/api/v1/index/shards", _READ, index_shards, Need.READ, needs_store=True),
    Route("/loki/api/v1/index/volume", _READ, volume, Need.READ, needs_store=True),
    Route("/loki/api/v1/index/volume_range", _READ, volume_range, Need.READ, needs_store=True),
    Route("/loki/api/v1/detected_labels", _READ, detected_labels, Need.READ, needs_store=True),
    Route("/loki/api/v1/detected_fields", _READ, detected_fields, Need.READ, needs_store=True),
    Route("/loki/api/v1/detected_field/{name}/values", _READ, field_values, Need.READ, needs_store=True),
    Route("/loki/api/v1/patterns", _READ, patterns, Need.READ, needs_store=True),
    Route("/loki/api/v1/format_query", _READ, format_query, Need.ANY),
    Route("/skaldlog/api/v1/parts", ("GET",), parts, Need.ADMIN, needs_store=True),
    Route("/skaldlog/api/v1/merge", ("POST",), merge, Need.ADMIN, needs_store=True),
    Route("/skaldlog/api/v1/retention", ("GET",), retention, Need.ADMIN, needs_store=True),
    Route("/skaldlog/api/v1/retention", ("POST",), keep_now, Need.SERVER, needs_store=True),
    Route("/skaldlog/api/v1/explain", _READ, explain, Need.READ, needs_store=True),
    Route("/loki/api/v1/delete", ("GET",), delete, Need.READ, ends_line=True, needs_store=True),
    Route("/loki/api/v1/delete", ("POST", "PUT", "DELETE"), delete, Need.DELETE, ends_line=True, needs_store=True),
    Route("/loki/api/v1/tail", _READ, tail, Need.READ, needs_store=True, is_websocket=True),
    Route("/loki/api/v1/cache/generation_numbers", ("GET",), generation_numbers, Need.READ),
    Route("/loki/api/v1/drilldown-limits", ("GET",), drilldown_limits, Need.READ),
    Route("/config/tenant/v1/limits", ("GET",), tenant_limits, Need.READ),
    Route("/api/prom/push", ("POST",), legacy.push, Need.WRITE, ends_line=True, needs_store=True),
    Route("/api/prom/query", _READ, legacy.query, Need.READ, needs_store=True),
    Route("/api/prom/label", _READ, legacy.label_names, Need.READ, needs_store=True),
    Route("/api/prom/label/{name}/values", _READ, legacy.label_values, Need.READ, needs_store=True),
    Route("/api/prom/series", _READ, series, Need.READ, needs_store=True),
    Route("/api/prom/tail", _READ, legacy_tail, Need.READ, needs_store=True, is_websocket=True),
    Route("/loki/api/v1/status/buildinfo", ("GET",), operations.build_info, Need.ANY),
    Route("/ready", ("GET",), operations.ready, Need.PROBE),
    Route("/metrics", ("GET",), operations.metrics, Need.METRICS),
    Route("/services", ("GET",), operations.services_list, Need.SERVER),
    Route("/config", ("GET",), operations.config, Need.SERVER),
    Route("/flush", _READ, operations.flush, Need.SERVER, ends_line=True, needs_store=True),
    Route("/ingester/shutdown", ("POST",), shutdown, Need.SERVER, ends_line=True, needs_store=True),
    Route("/ingester/prepare_shutdown", ("GET",), is_prepared, Need.SERVER),
    Route("/ingester/prepare_shutdown", ("POST",), prepare, Need.SERVER),
    Route("/ingester/prepare_shutdown", ("DELETE",), cancel_prepared, Need.SERVER),
    *(Route(path, ("GET",), ring, Need.SERVER) for path in RINGS),
    Route("/memberlist", ("GET",), member_list, Need.SERVER),
    Route("/log_level", ("GET",), operations.show_log_level, Need.SERVER),
    Route("/log_level", ("POST",), operations.change_log_level, Need.SERVER),
    Route("/openapi.json", ("GET",), openapi, Need.OPEN),
    Route("/docs", ("GET",), docs, Need.OPEN),
)
