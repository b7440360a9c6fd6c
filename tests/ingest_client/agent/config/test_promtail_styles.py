"""Configurations as people write them for promtail: they load, pipelines included, and what is not supported is named.

Written for this test after the styles that public ones have; docs/reliability.md says how many of those load.
"""

from __future__ import annotations

import pytest
import yaml

from ingest_client.agent.config.load import read_config
from ingest_client.agent.config.section import Findings
from ingest_client.agent.pipeline import build_pipeline
from ingest_client.agent.stages.stage import Context

HEAD = """
server: {http_listen_port: 9080, grpc_listen_port: 0}
positions: {filename: /tmp/positions.yaml}
clients: [{url: http://loki:3100/loki/api/v1/push}]
"""
STYLES = {
    "files of the system": """
scrape_configs:
  - job_name: system
    static_configs:
      - targets: [localhost]
        labels: {job: varlogs, __path__: /var/log/*log}
""",
    "access logs of nginx, as JSON": """
scrape_configs:
  - job_name: nginx
    static_configs: [{targets: [localhost], labels: {job: nginx, __path__: /var/log/nginx/access.json}}]
    pipeline_stages:
      - json: {expressions: {status: status, method: verb, upstream: 'upstream."response time"', ts: time_iso8601}}
      - timestamp: {source: ts, format: RFC3339, location: Europe/Berlin}
      - labels: {status: , method: }
      - metrics:
          requests: {type: Counter, description: all of them, prefix: web_, config: {match_all: true, action: inc}}
          seconds: {type: Histogram, source: upstream, config: {buckets: [0.1, 1, 10]}}
      - drop: {expression: '.*healthz.*', drop_counter_reason: probes}
""",
    "containers by their files": """
scrape_configs:
  - job_name: docker
    static_configs: [{labels: {job: docker, __path__: /var/lib/docker/containers/*/*-json.log}}]
    pipeline_stages:
      - docker: {}
      - regex: {source: filename, expression: '/containers/(?P<container>[0-9a-f]{12})'}
      - labels: {container: }
      - labeldrop: [filename]
""",
    "containers by Docker's socket": r"""
scrape_configs:
  - job_name: flog
    docker_sd_configs:
      - {host: 'unix:///var/run/docker.sock', refresh_interval: 5s, filters: [{name: label, values: [logging=on]}]}
    relabel_configs:
      - {source_labels: [__meta_docker_container_name], regex: '/(.*)', target_label: container}
      - {source_labels: [__meta_docker_container_log_stream], target_label: logstream}
      - {regex: '__meta_docker_container_label_(.+)', action: labelmap}
""",
    "pods, by old field names": r"""
scrape_configs:
  - job_name: pods
    kubernetes_sd_configs: [{role: pod}]
    pipeline_stages: [{cri: {}}]
    relabel_configs:
      - {source_labels: [__meta_kubernetes_pod_node_name], target_label: __host__}
      - {source_labels: [__meta_kubernetes_namespace, app], separator: /, target_label: job, action: replace}
      - {source_labels: [__meta_kubernetes_pod_uid, __meta_kubernetes_pod_container_name], separator: /,
         replacement: /var/log/pods/*$1/*.log, target_label: __path__}
""",
    "the journal": """
scrape_configs:
  - job_name: journal
    journal: {json: false, max_age: 12h, path: /var/log/journal, matches: _TRANSPORT=kernel, labels: {job: journal}}
    relabel_configs:
      - {source_labels: [__journal__systemd_unit], target_label: unit}
      - {source_labels: [__journal_priority_keyword], target_label: level}
""",
    "syslog": """
scrape_configs:
  - job_name: syslog
    syslog: {listen_address: '0.0.0.0:1514', idle_timeout: 60s, label_structured_data: true, labels: {job: syslog}}
    relabel_configs: [{source_labels: [__syslog_message_hostname], target_label: host}]
""",
    "matches within matches": r"""
scrape_configs:
  - job_name: app
    static_configs: [{labels: {job: app, __path__: /srv/**/app.log, __path_exclude__: /srv/**/old/*}}]
    pipeline_stages:
      - match:
          selector: '{job="app"} |~ "(?i)error" != "expected"'
          pipeline_name: errors
          stages:
            - multiline: {firstline: '^\d{4}-\d{2}-\d{2}', max_wait_time: 3s, max_lines: 500}
            - regex: {expression: '^(?s)(?P<time>\S+ \S+) \[(?P<level>\w+)\] (?P<text>.*)$'}
            - match: {selector: '{level="debug"}', action: drop, drop_counter_reason: debug}
            - timestamp: {source: time, format: '2006-01-02 15:04:05,000', action_on_failure: skip}
            - output: {source: text}
""",
    "templates and tenants": r"""
scrape_configs:
  - job_name: tenants
    static_configs: [{labels: {job: tenants, __path__: /a.log}}]
    pipeline_stages:
      - logfmt: {mapping: {level: lvl, customer: , msg: }}
      - template: {source: level, template: '{{ ToLower .Value | trunc 4 }}'}
      - template: {source: new, template: '{{ if eq .level "warn" }}W{{ else }}{{ .level }}{{ end }}: {{ .msg }}'}
      - replace: {expression: '(\d{16})', replace: '****{{ .Value | Sha2Hash "salt" }}'}
      - tenant: {source: customer}
      - static_labels: {team: edge}
      - labelallow: [job, team]
      - pack: {labels: [level], ingest_timestamp: false}
""",
    "limits, samples and metadata": """
limits_config: {readline_rate_enabled: true, readline_rate: 1000, max_line_size: 256kb, max_line_size_truncate: true}
target_config: {sync_period: 10s}
scrape_configs:
  - job_name: loud
    encoding: utf-16
    decompression: {enabled: true, initial_delay: 1s, format: gz}
    file_sd_configs: [{files: [/etc/targets/*.yaml], refresh_interval: 1m}]
    pipeline_stages:
      - limit: {rate: 10, burst: 20, drop: true, by_label_name: host}
      - sampling: {rate: 0.25}
      - structured_metadata: {trace_id: , user: }
      - drop: {older_than: 24h, longer_than: 8kb}
      - decolorize:
""",
    "windows and clouds": """
scrape_configs:
  - {job_name: events, windows_events: {eventlog_name: System, use_incoming_timestamp: true, bookmark_path: ./b.xml}}
  - {job_name: kafka, kafka: {brokers: [k:9092], topics: [logs]}}
  - {job_name: gelf, gelf: {listen_address: '0.0.0.0:12201'}}
  - {job_name: relay, loki_push_api: {server: {http_listen_port: 3500}}}
  - job_name: parsed
    static_configs: [{labels: {job: x, __path__: /x}}]
    pipeline_stages: [{eventlogmessage: {source: message}}, {geoip: {db: /g.mmdb, source: ip, db_type: city}}]
""",
    "options that promtail passes over": """
scrape_configs:
  - job_name: odd
    static_configs: [{labels: {job: odd, __path__: /x}}]
    pipeline_stages: [{docker: {container_labels: [a]}}, {output: {source: log, remove_keys: [time]}}]
""",
}
NAMED = {
    "pods, by old field names": ["kubernetes_sd_configs"],
    "syslog": ["syslog"],
    "windows and clouds": ["windows_events", "kafka", "gelf", "loki_push_api", "eventlogmessage", "geoip"],
    "options that promtail passes over": ["docker.container_labels", "output.remove_keys"],
}


@pytest.mark.parametrize("style", STYLES)
def test_a_configuration_loads_and_names_what_is_not_supported(style: str) -> None:
    config, findings = read_config(HEAD + STYLES[style]), Findings()
    for scrape in config.scrape:
        build_pipeline(scrape.stages, scrape.where, findings, Context())
    assert findings.mistakes == []
    warned = [warning.partition(":")[0] for warning in (*config.warnings, *findings.warnings)]
    named = NAMED.get(style, [])
    assert [place for name in named for place in warned if place.endswith(name)] == warned
    assert len(warned) == len(named)


@pytest.mark.parametrize(
    ("client", "told"),
    [
        ("{url: 'http://a:3100', tenant_id: t, batchwait: 5s, batchsize: 102400, timeout: 30s}", ""),
        ("{url: 'https://u:p@a/loki/api/v1/push?x=y', basic_auth: {username: u, password: p}}", ""),
        (
            "{url: 'http://a/api/prom/push', backoff_config: {min_period: 1s, max_period: 5m, max_retries: 20}}",
            "retries",
        ),
        ("{url: 'https://a', tls_config: {insecure_skip_verify: true, server_name: b}}", "server_name"),
        ("{url: 'http://a', external_labels: {host: b}, headers: {X-A: b}}", "headers"),
    ],
)
def test_clients_of_all_kinds_load(client: str, told: str) -> None:
    config = read_config(yaml.safe_dump({"clients": [yaml.safe_load(client)]}))
    assert all(told and told in warning for warning in config.warnings)
    assert bool(config.warnings) == bool(told)
