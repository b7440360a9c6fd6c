"""Every setting, once. Names and places are Loki's where a setting means what Loki's means; ``storage`` and ``query``
are sections of Skaldlog's own.
"""

from __future__ import annotations

from server.config.authentication import AUTHENTICATION
from server.config.blocked import BLOCKED_QUERIES
from server.config.bucket import BUCKET
from server.config.kinds import (
    BOOL,
    DURATION,
    MOMENT,
    POSITIVE_SIZE,
    SIZE,
    TENANT,
    TEXT,
    TEXTS,
    WHOLE_DURATION,
    Kind,
    choice,
    number,
    whole,
)
from server.config.otlp import OTLP_RULES
from server.config.overrides import OVERRIDES
from server.config.retention import RETENTION_RULES
from server.config.setting import Setting

__all__ = ["TABLE"]

_LOG_LEVEL = choice("debug", "info", "warn", "error")
_ZSTD_LEVEL = whole(0, 19)


def _push(name: str, kind: Kind, text: str, suffix: str = "") -> Setting:
    return Setting(f"limits_config.{name}", kind, f"push.{name}{suffix}", text)


def _query(name: str, kind: Kind, text: str, suffix: str = "") -> Setting:
    return Setting(f"limits_config.{name}", kind, f"query.{name}{suffix}", text)


_GENERAL = (
    Setting(
        "auth_enabled",
        BOOL,
        "auth_enabled",
        "Take the tenant from the X-Scope-OrgID header and refuse requests without one. Off, everything belongs to "
        "the tenant `fake`. (Loki's own default is true.)",
    ),
    Setting("common.path_prefix", TEXT, "data_dir", "The folder of the write-ahead log and the parts (`--data`)."),
    Setting(
        "server.http_listen_address",
        TEXT,
        "http.listen_address",
        "The address to listen on (`--listen`). (Loki listens on all.)",
    ),
    Setting("server.http_listen_port", whole(0, 65535), "http.listen_port", "The port; 0 takes any free one."),
    Setting("server.log_level", _LOG_LEVEL, "http.log_level", "What the server says about itself."),
    Setting(
        "server.own_log_tenant",
        TENANT,
        "http.log_tenant",
        "The server's own log lines are stored for this tenant, too; empty: only written to stderr.",
    ),
    Setting(
        "server.http_server_idle_timeout",
        DURATION,
        "http.idle_timeout_s",
        "An idle connection is kept open so long.",
    ),
    Setting(
        "server.http_server_read_header_timeout",
        DURATION,
        "http.read_header_timeout_s",
        "The headers of a request arrive within it, or the connection is closed with 408. (Loki has no limit.)",
    ),
    Setting("server.http_server_read_timeout", DURATION, "http.read_timeout_s", "The same for its body."),
    Setting(
        "server.http_server_write_timeout",
        DURATION,
        "http.write_timeout_s",
        "Who takes less than a KiB a second of an answer for so long is cut off. (In Loki, the time of an answer.)",
    ),
    Setting(
        "server.http_listen_conn_limit",
        whole(0),
        "http.max_connections",
        "Connections at once, bounded by the files that the process may open; 0: only by these. When all are taken, "
        "the one that has waited longest without a request makes room. (Loki has no limit.)",
    ),
    Setting(
        "server.max_receiving_size",
        POSITIVE_SIZE,
        "http.max_receiving_bytes",
        "Bodies of all requests that are being received or worked on, together; more get 503 with Retry-After.",
    ),
    Setting(
        "server.graceful_shutdown_timeout",
        DURATION,
        "http.graceful_shutdown_timeout_s",
        "Requests that are being answered get so long to finish when the server stops.",
    ),
    Setting("frontend.max_body_size", POSITIVE_SIZE, "http.max_form_bytes", "The longest form of a query by POST."),
    Setting(
        "frontend.compress_responses",
        BOOL,
        "http.compress_responses",
        "Compress answers for clients that accept zstd or gzip: worth it where the network is slower than a disk.",
    ),
    Setting(
        "frontend.max_outstanding_per_tenant",
        whole(1),
        "http.max_outstanding_queries",
        "Queries of a tenant that may wait for their turn; more are refused with 429. (Loki lets 2048 wait.)",
    ),
    Setting("querier.max_concurrent", whole(1, 16), "http.max_concurrent_queries", "Queries that run at once."),
    Setting(
        "querier.multi_tenant_queries_enabled",
        BOOL,
        "multi_tenant_queries_enabled",
        "Questions may be about several tenants: `X-Scope-OrgID: a|b`. Streams then have the label `__tenant_id__`.",
    ),
    Setting(
        "querier.tail_max_duration",
        DURATION,
        "http.tail_max_duration_s",
        "A tail is closed when it is so old; clients open another. 0s lets it live.",
    ),
    Setting(
        "distributor.max_recv_msg_size",
        POSITIVE_SIZE,
        "push.max_recv_msg_size",
        "The longest body of a push, as sent.",
    ),
    Setting(
        "distributor.max_decompressed_size",
        POSITIVE_SIZE,
        "push.max_decompressed_size",
        "The longest body of a push after decompression.",
    ),
)

_PUSH_LIMITS = (
    _push("ingestion_rate_mb", number(0), "MiB a second that a tenant may push."),
    _push("ingestion_burst_size_mb", number(0), "MiB that a tenant may push at once."),
    _push("max_entries_per_push", whole(1), "Lines of one push. (Loki counts bytes only, and empty lines have none.)"),
    _push("max_streams_per_push", whole(1), "Different streams of one push. (Loki has no such limit.)"),
    _push("max_line_size", SIZE, "The longest line; 0 switches the limit off."),
    _push("max_line_size_truncate", BOOL, "Cut longer lines instead of refusing them."),
    _push("max_line_size_truncate_identifier", TEXT, "What a cut line ends with."),
    _push("max_label_names_per_series", whole(1), "Labels of a stream, `service_name` not counted."),
    _push("max_label_name_length", whole(1), "Bytes of a label's name."),
    _push("max_label_value_length", whole(1), "Bytes of a label's value."),
    _push("max_global_streams_per_user", whole(0), "Active streams of a tenant; 0 switches the limit off."),
    _push("per_stream_rate_limit", SIZE, "Bytes a second that a stream may get; 0 switches the limit off."),
    _push("per_stream_rate_limit_burst", SIZE, "Bytes that a stream may get at once."),
    _push("enforced_labels", TEXTS, "Labels that every stream has to have."),
    _push("block_ingestion_until", MOMENT, "Refuse all pushes until then, as `2026-12-31T00:00:00Z`.", "_s"),
    _push(
        "block_ingestion_status_code",
        whole(200, 599),
        "The status of that refusal; with 200 the lines are dropped and the sender is told nothing.",
    ),
    _push("reject_old_samples", BOOL, "Refuse lines older than `reject_old_samples_max_age`."),
    _push("reject_old_samples_max_age", WHOLE_DURATION, "How old a pushed line may be.", "_s"),
    _push("creation_grace_period", WHOLE_DURATION, "How far in the future a pushed line may be.", "_s"),
    _push("allow_structured_metadata", BOOL, "Accept structured metadata."),
    _push("max_structured_metadata_size", SIZE, "Bytes of a line's structured metadata; 0 switches the limit off."),
    _push(
        "max_structured_metadata_entries_count",
        whole(0),
        "Pairs of structured metadata of a line; 0 switches the limit off.",
    ),
    _push("increment_duplicate_timestamp", BOOL, "Move a line that has its predecessor's time by 1 ns."),
    _push(
        "discover_service_name",
        TEXTS,
        "Labels that `service_name` is taken from, first one first; an empty list switches it off.",
    ),
    _push("discover_log_levels", BOOL, "Add `detected_level` to the structured metadata of every line."),
    _push("log_level_fields", TEXTS, "Names of fields that hold a line's level, first one first."),
    _push(
        "log_level_from_json_max_depth",
        whole(0),
        "Levels of nesting searched for a JSON line's level; 0 searches all.",
    ),
    Setting(
        "limits_config.otlp_config",
        OTLP_RULES,
        "push.otlp_rules",
        "Which OTLP attributes become labels, structured metadata or nothing; by default some of the resource's are "
        "labels ([otlp.md](otlp.md)).",
    ),
)

_QUERY_LIMITS = (
    _query("max_query_series", whole(0), "Series of a metric query's answer."),
    _query("max_entries_limit_per_query", whole(0), "The largest `limit` of a log query."),
    _query("max_query_length", WHOLE_DURATION, "From a query's start to its end; 0s switches the limit off.", "_s"),
    _query("max_query_range", WHOLE_DURATION, "The longest `[range]`; 0s switches the limit off.", "_s"),
    _query("max_query_lookback", WHOLE_DURATION, "How far back a query sees; 0s switches the limit off.", "_s"),
    _query("max_streams_matchers_per_query", whole(0), "Matchers of all selectors of a query."),
    _query(
        "blocked_queries",
        BLOCKED_QUERIES,
        "Queries that `query` and `query_range` refuse: `[{pattern: '{app=\"x\"}'}, {pattern: '.*prod.*', regex: true, "
        "types: filter}, {hash: 2943214005}]`. All that an item gives must hold; types are `metric`, `filter` and "
        "`limited` (without a filter), the hash is `query_hash` of the server's log.",
    ),
    _query("required_labels", TEXTS, "Labels that every selector of a range query has to name."),
    _query("minimum_labels_number", whole(0), "How many labels every selector of a range query has to name."),
    _query("max_query_bytes_read", SIZE, "Bytes of lines that a query may have to read; 0 switches the limit off."),
    _query(
        "max_querier_bytes_read",
        SIZE,
        "The same with another text: one process is all there is; 0 switches the limit off.",
    ),
    _query("max_chunks_per_query", whole(0), "Chunks that a query may have to read; 0 switches the limit off."),
    _query("max_concurrent_tail_requests", whole(0), "Tails of a tenant at a time; 0 switches the limit off."),
    _query("query_timeout", DURATION, "A query that runs longer is given up.", "_s"),
    Setting(
        "pattern_ingester.enabled",
        BOOL,
        "query.patterns_enabled",
        "Answer `patterns`. (Loki's own default is false.)",
    ),
    _query(
        "enable_multi_variant_queries",
        BOOL,
        "Answer `variants(rate({..}[5m]), ..) of ({..}[5m])`; its series have the number of their variant as a label.",
    ),
    _query("volume_enabled", BOOL, "Answer `index/volume` and `index/volume_range`."),
    _query("volume_max_series", whole(0), "Series of a volume before its `limit` cuts them; 0 switches the limit off."),
)

_KEEPING = (
    Setting(
        "limits_config.retention_period",
        WHOLE_DURATION,
        "retention.period_s",
        "Lines older than this go; 0s keeps them for ever.",
    ),
    Setting(
        "limits_config.retention_stream",
        RETENTION_RULES,
        "retention.rules",
        "Other periods for some streams: `[{selector: '{env=\"dev\"}', priority: 1, period: 24h}]`. Of several rules "
        "the highest priority wins, of those the longest period.",
    ),
    Setting(
        "limits_config.retention_size",
        SIZE,
        "retention.max_bytes",
        "Bytes that a tenant's parts may have on disk; beyond it the oldest go first. 0B is no limit.",
    ),
    Setting(
        "limits_config.deletion_mode",
        choice("disabled", "filter-only", "filter-and-delete"),
        "deletes.mode",
        "Whether a tenant may delete: not at all, hidden but kept, or hidden and later erased.",
    ),
    Setting(
        "compactor.delete_request_cancel_period",
        WHOLE_DURATION,
        "deletes.cancel_period_s",
        "A delete can be cancelled for so long; afterwards its rows leave the disk.",
    ),
    Setting(
        "compactor.delete_max_interval",
        WHOLE_DURATION,
        "deletes.max_interval_s",
        "The largest `max_interval` of a delete.",
    ),
    Setting(
        "overrides",
        OVERRIDES,
        "overrides",
        "Limits of single tenants: `{some-tenant: {retention_period: 30d, deletion_mode: disabled}}`. Every name of "
        "`limits_config` can stand there.",
    ),
    Setting(
        "runtime_config.file",
        TEXT,
        "overrides_file.path",
        "A YAML file with `overrides:` of its own, which win; it is read again when it changes, without a restart.",
    ),
    Setting("runtime_config.period", DURATION, "overrides_file.period_s", "How often that file is looked at."),
)

_OWN = (
    Setting(
        "query.memory_budget",
        POSITIVE_SIZE,
        "query.memory_budget_bytes",
        "Memory of one query.",
    ),
    Setting("query.workers", whole(0), "query_workers", "Threads that scan; 0 takes one a core."),
    Setting(
        "storage.head_size", POSITIVE_SIZE, "storage.head_bytes", "A tenant's head becomes a part at this size ..."
    ),
    Setting("storage.head_age", DURATION, "storage.head_age_s", "... or at this age."),
    Setting(
        "storage.retry_interval",
        DURATION,
        "storage.retry_s",
        "Between attempts at a flush, or at a bucket that a start needs.",
    ),
    Setting(
        "storage.max_unflushed_size",
        POSITIVE_SIZE,
        "storage.max_unflushed_bytes",
        "Heads of all tenants together; beyond it pushes are refused with a retryable error.",
    ),
    Setting(
        "storage.wal_segment_size",
        POSITIVE_SIZE,
        "storage.wal_segment_bytes",
        "A new log file begins at this size.",
    ),
    Setting("storage.wal_size", POSITIVE_SIZE, "storage.wal_bytes", "Heads are flushed when the log is larger."),
    Setting("storage.chunk_size", POSITIVE_SIZE, "storage.chunk_bytes", "Lines of one chunk of a part."),
    Setting("storage.merges", BOOL, "storage.merges", "Merge small parts in the background."),
    Setting(
        "storage.merge_fan_in",
        whole(2),
        "storage.merge_fan_in",
        "Parts are merged when they are so many times as large together as the largest of them ...",
    ),
    Setting(
        "storage.merge_quiet", DURATION, "storage.merge_quiet_s", "... or when their day is over and quiet for so long."
    ),
    Setting(
        "storage.merge_max_size",
        POSITIVE_SIZE,
        "storage.merge_max_bytes",
        "Lines of a merged part, at most about so many.",
    ),
    Setting(
        "storage.merge_cpu_share",
        number(0.01),
        "storage.merge_cpu_share",
        "Share of one core that merging takes; the rest of the time it pauses.",
    ),
    Setting(
        "storage.merge_compression_level",
        whole(1, 19),
        "storage.merge_compression_level",
        "zstd level of merged parts.",
    ),
    Setting(
        "storage.dense_share",
        number(0),
        "storage.dense_share",
        "What columns of JSON and logfmt keys may take in a merged part, of its stored lines; 0: no columns.",
    ),
    Setting(
        "storage.keep_interval",
        DURATION,
        "storage.keep_interval_s",
        "How often retention, deletes and moves to the bucket are looked after.",
    ),
    Setting(
        "storage.cold_after",
        WHOLE_DURATION,
        "storage.cold_after_s",
        "Parts move to the bucket when their last line is so old; 0s leaves them on the disk.",
    ),
    Setting("storage.compression_level", _ZSTD_LEVEL, "storage.compression_level", "zstd level of new parts, 0: LZ4."),
)

TABLE: tuple[Setting, ...] = _GENERAL + AUTHENTICATION + _PUSH_LIMITS + _QUERY_LIMITS + _KEEPING + _OWN + BUCKET
