"""Limits of what a tenant may push, under Loki's names and with Loki's defaults. Times in seconds, sizes in bytes."""

from __future__ import annotations

from dataclasses import dataclass

from server.otlp_rules import DEFAULT_OTLP_RULES, OtlpRules

__all__ = ["LEVEL_FIELDS", "SERVICE_NAME_LABELS", "PushLimits"]

SERVICE_NAME_LABELS = (
    "service",
    "app",
    "application",
    "app_name",
    "name",
    "app_kubernetes_io_name",
    "container",
    "container_name",
    "k8s_container_name",
    "component",
    "workload",
    "job",
    "k8s_job_name",
)

LEVEL_FIELDS = (
    "level",
    "LEVEL",
    "Level",
    "log.level",
    "severity",
    "SEVERITY",
    "Severity",
    "SeverityText",
    "lvl",
    "LVL",
    "Lvl",
    "severity_text",
    "Severity_Text",
    "SEVERITY_TEXT",
)


@dataclass(frozen=True, slots=True)
class PushLimits:
    """0 switches a size or count limit off, except for the rate, the body sizes and the label limits."""

    ingestion_rate_mb: float = 4.0
    ingestion_burst_size_mb: float = 6.0
    max_recv_msg_size: int = 100 << 20
    max_decompressed_size: int = 100 << 20  # as max_recv_msg_size; in the reference 50 times as much
    max_entries_per_push: int = 500_000
    max_streams_per_push: int = 10_000
    max_line_size: int = 256 << 10
    max_line_size_truncate: bool = False
    max_line_size_truncate_identifier: str = ""
    max_label_names_per_series: int = 15
    max_label_name_length: int = 1024
    max_label_value_length: int = 2048
    max_global_streams_per_user: int = 5000
    per_stream_rate_limit: int = 3 << 20
    per_stream_rate_limit_burst: int = 15 << 20
    enforced_labels: tuple[str, ...] = ()
    block_ingestion_until_s: int = 0
    block_ingestion_status_code: int = 260
    reject_old_samples: bool = True
    reject_old_samples_max_age_s: int = 7 * 86_400
    creation_grace_period_s: int = 600
    allow_structured_metadata: bool = True
    max_structured_metadata_size: int = 64 << 10
    max_structured_metadata_entries_count: int = 128
    increment_duplicate_timestamp: bool = False
    discover_service_name: tuple[str, ...] = SERVICE_NAME_LABELS
    discover_log_levels: bool = True
    log_level_fields: tuple[str, ...] = LEVEL_FIELDS
    log_level_from_json_max_depth: int = 2
    otlp_rules: OtlpRules = DEFAULT_OTLP_RULES
