"""The whole configuration: what is read, and every kind of mistake with its place and remedy."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from ingest_client.agent.config.load import load_config, read_config
from ingest_client.agent.errors import ConfigError

CLIENT = "clients: [{url: 'http://h:3100/loki/api/v1/push'}]\n"

FULL = """
server: {http_listen_port: 9081, grpc_listen_port: 0, log_level: warn}
positions: {filename: /tmp/p.yaml, sync_period: 5s, ignore_invalid_yaml: true}
clients:
  - url: https://u@logs.example/loki/api/v1/push
    name: one
    tenant_id: team
    batchwait: 250ms
    batchsize: 524288
    timeout: 3s
    basic_auth: {username: u, password: p}
    external_labels: {site: a}
    backoff_config: {min_period: 100ms, max_period: 5s, max_retries: 3}
    tls_config: {insecure_skip_verify: true}
limits_config: {max_line_size: 64KB, max_line_size_truncate: true, readline_rate_enabled: true, readline_rate: 5}
target_config: {sync_period: 10s}
global: {file_watch_config: {min_poll_frequency: 10ms, max_poll_frequency: 20ms}}
scrape_configs:
  - job_name: files
    static_configs:
      - targets: [localhost]
        labels: {job: j, port: 8080, __path__: "/var/log/*.log", __path_exclude__: "/var/log/x.log"}
    file_sd_configs: [{files: [/etc/t/*.yaml], refresh_interval: 1m}]
    relabel_configs: [{source_labels: [job], target_label: app}]
    encoding: utf-16
    decompression: {enabled: true, format: gz, initial_delay: 10s}
    pipeline_stages: [{docker: {}}]
  - job_name: journal
    journal: {max_age: 12h, json: true, labels: {job: systemd}, matches: _TRANSPORT=kernel}
"""


def test_everything_is_read() -> None:
    config = read_config(FULL)
    (client,) = config.clients
    assert (client.name, client.tenant, client.batch_wait_s, client.batch_bytes) == ("one", "team", 0.25, 524288)
    assert (client.settings.credentials.username, client.settings.tls.verify) == ("u", False)
    assert (client.settings.backoff_base_s, client.settings.backoff_cap_s) == (0.1, 5.0)
    assert (config.server.port, config.positions.file, config.poll_s) == (9081, Path("/tmp/p.yaml"), 0.02)
    assert (config.limits.max_line_bytes, config.limits.lines_per_s) == (65536, 5.0)
    files, journal = config.scrape
    (target,) = files.static
    assert (target.labels, target.path, target.exclude) == (
        {"job": "j", "port": "8080"},
        "/var/log/*.log",
        "/var/log/x.log",
    )
    assert (files.encoding, files.decompression.format, files.discovered[0].refresh_s) == ("utf-16", "gz", 60.0)
    assert journal.journal is not None
    assert (journal.journal.max_age_s, journal.journal.matches) == (43200.0, ("_TRANSPORT=kernel",))
    assert [warning.partition(":")[0] for warning in config.warnings] == [
        "server.log_level",
        "clients[0].backoff_config.max_retries",
    ]


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("", "clients: name at least one server to push to"),
        ("[]", "write a mapping here, not []"),
        ("a: [", "configuration: not YAML"),
        ("clients: [{}]", "clients[0].url: this key is needed"),
        ("clients: [{url: 'ftp://x'}]", "clients[0]: address 'ftp://x'"),
        (CLIENT + "scrap_configs: []", "scrap_configs: nobody knows this key; did you mean 'scrape_configs'?"),
        (CLIENT + "positions: {filname: x}", "positions.filname: nobody knows this key; did you mean 'filename'?"),
        (CLIENT + "positions: {sync_period: soon}", "positions.sync_period: 'soon' is no duration"),
        (CLIENT + "server: {http_listen_port: high}", "server.http_listen_port: write a whole number, not 'high'"),
        (CLIENT + "limits_config: {max_line_size: big}", "limits_config.max_line_size: 'big' is no size"),
        (CLIENT + "scrape_configs: {}", "scrape_configs: write a list here"),
        (CLIENT + "scrape_configs: [{}]", "scrape_configs[0].job_name: this key is needed"),
        (CLIENT + "scrape_configs: [{job_name: a}, {job_name: a}]", "two entries have the job_name 'a'"),
        (CLIENT + "scrape_configs: [{job_name: a, encoding: x}]", "scrape_configs[0].encoding: 'x' is no encoding"),
        (
            CLIENT + "scrape_configs: [{job_name: a, static_configs: [{path_labels: x, labels: {__path__: y}}]}]",
            "path_labels: 'x' names no label",
        ),
        (
            CLIENT + "scrape_configs: [{job_name: a, relabel_configs: [{regex: '(', target_label: x}]}]",
            "relabel_configs[0].regex",
        ),
        (CLIENT + "scrape_configs: [{job_name: a, relabel_configs: [{action: eat}]}]", "'eat' is none of replace"),
        ("clients: [{url: 'http://a'}, {url: 'http://a'}]", "two clients are called"),
    ],
)
def test_mistakes(text: str, mistake: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read_config(text)
    assert mistake in str(caught.value)


def test_all_mistakes_are_told_at_once() -> None:
    with pytest.raises(ConfigError) as caught:
        read_config(CLIENT + "a: 1\npositions: {b: 2}\nscrape_configs: [{job_name: x, c: 3}]")
    assert len(caught.value.mistakes) == 3


@pytest.mark.parametrize("name", ["consul_sd_configs", "syslog", "loki_push_api", "kafka", "windows_events"])
def test_what_is_not_supported_is_named(name: str) -> None:
    config = read_config(CLIENT + yaml.safe_dump({"scrape_configs": [{"job_name": "a", name: [{"x": "y"}]}]}))
    assert config.warnings == (f"scrape_configs[0].{name}: is not supported by this agent: nothing is read from it",)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("bearer_token_file: {}", "bearer_token_file"),
        ("authorization: {{credentials_file: {}}}", "authorization.credentials_file"),
        ("basic_auth: {{username: u, password_file: {}}}", "basic_auth.password_file"),
    ],
)
def test_a_secret_that_is_not_there_yet_is_read_when_it_is(tmp_path: Path, text: str, place: str) -> None:
    client = f"clients: [{{url: 'http://a', {text.format(tmp_path / 'secret')}}}]"
    (warning,) = read_config(client).warnings
    assert warning.startswith(f"clients[0].{place}: {tmp_path / 'secret'} cannot be read")
    (tmp_path / "secret").write_text("x\n")
    config = read_config(client)
    assert config.warnings == ()
    assert "secret" in repr(config.clients[0].settings.credentials)


def test_how_pods_are_read_without_their_discovery_is_said() -> None:
    document = {"scrape_configs": [{"job_name": "a", "kubernetes_sd_configs": [{"role": "pod"}]}]}
    (warning,) = read_config(CLIENT + yaml.safe_dump(document)).warnings
    assert "read /var/log/containers/*.log by static_configs, with the cri stage" in warning


def test_old_forms_are_understood() -> None:
    config = read_config(
        "client: {url: 'http://h:3100/api/prom/push'}\n"
        "scrape_configs: [{job_name: a, static_configs: [{targets: [x], labels: {job: b}}]}]"
    )
    assert config.clients[0].settings.url == "http://h:3100"
    assert config.warnings == ("scrape_configs[0].static_configs[0].labels: nothing is read: there is no __path__",)


def test_the_environment_is_expanded_only_where_that_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    path.write_text(
        "clients: [{url: '${URL:http://h:1}', tenant_id: '${TENANT:-none}', name: '$${KEPT}', "
        "external_labels: {a: '${NOT_SET}', b: '$1 ${1}'}}]"
    )
    (client,) = load_config(path, True, {"TENANT": "team"}).clients
    assert (client.settings.url, client.tenant, client.name) == ("http://h:1", "team", "${KEPT}")
    assert client.external_labels == {"a": "", "b": "$1 ${1}"}
    with pytest.raises(ConfigError):
        load_config(path)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="No such file"):
        load_config(tmp_path / "none.yaml")
