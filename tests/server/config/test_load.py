"""Settings from file, environment and flags; what is wrong is named with its place and a suggestion."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.config import ConfigError, Settings, load_settings, settings_text
from server.config.kinds import HIDDEN, SECRET
from server.config.table import TABLE


def load_text(folder: Path, text: str) -> Settings:
    file = folder / "skaldlog.yaml"
    file.write_text(text)
    return load_settings(file)


def refusals(folder: Path, text: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load_text(folder, text)
    return str(caught.value).removeprefix(f"{folder}/").replace(f"\n{folder}/", "\n").split("\n")


def test_nothing_given_is_the_defaults() -> None:
    assert load_settings() == Settings()


def test_an_empty_file_is_the_defaults(tmp_path: Path) -> None:
    assert load_text(tmp_path, "# nothing\nserver:\n") == Settings()


def test_a_file_sets_what_it_names(tmp_path: Path) -> None:
    settings = load_text(
        tmp_path,
        "auth_enabled: true\n"
        "server: {http_listen_port: 0, log_level: WARN}\n"
        "limits_config:\n"
        "  reject_old_samples: false\n"
        "  reject_old_samples_max_age: 30d1h\n"
        "  max_line_size: 1MB\n"
        "  discover_service_name: [job, app]\n"
        "  query_timeout: 500ms\n",
    )
    assert settings.auth_enabled
    assert (settings.http.listen_port, settings.http.log_level) == (0, "warn")
    assert (settings.push.reject_old_samples, settings.push.reject_old_samples_max_age_s) == (False, 721 * 3600)
    assert (settings.push.max_line_size, settings.push.discover_service_name) == (1 << 20, ("job", "app"))
    assert settings.query.query_timeout_s == 0.5


def test_environment_beats_file_and_flags_beat_environment(tmp_path: Path) -> None:
    file = tmp_path / "skaldlog.yaml"
    file.write_text("server: {http_listen_port: 1, http_listen_address: a}\nauth_enabled: true\n")
    environment = {"SKALDLOG_SERVER_HTTP_LISTEN_PORT": "2", "SKALDLOG_SERVER_HTTP_LISTEN_ADDRESS": "b", "HOME": "/"}
    settings = load_settings(file, environment, ["server.http_listen_port=3"])
    assert (settings.http.listen_port, settings.http.listen_address, settings.auth_enabled) == (3, "b", True)


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        (
            "limits_config:\n  max_query_serie: 3",
            "skaldlog.yaml:2: limits_config.max_query_serie: unknown setting; "
            "did you mean limits_config.max_query_series?",
        ),
        (
            "server:\n  auth_enabled: true",
            "skaldlog.yaml:2: server.auth_enabled: unknown setting; did you mean auth_enabled?",
        ),
        (
            "limit_config:\n  max_query_series: 3",
            "skaldlog.yaml:1: limit_config: unknown setting; did you mean limits_config?",
        ),
        (
            "http_listen_prot: 1",
            "skaldlog.yaml:1: http_listen_prot: unknown setting; did you mean server.http_listen_port?",
        ),
        ("zebra: 1", "skaldlog.yaml:1: zebra: unknown setting; docs/reference.md lists them all"),
        ("auth_enabled: 7", "skaldlog.yaml:1: auth_enabled: '7' is neither true nor false"),
        ("auth_enabled:", "skaldlog.yaml:1: auth_enabled: None is neither true nor false"),
        ("server: 3", "skaldlog.yaml:1: server: is a section: it takes a mapping of settings"),
        (
            "server: {http_listen_port: 70000}",
            "skaldlog.yaml:1: server.http_listen_port: 70000 is out of range: 0 to 65535",
        ),
        (
            "server: {http_listen_port: [1]}",
            "skaldlog.yaml:1: server.http_listen_port: ['1'] is not a whole number",
        ),
        (
            "server: {log_level: loud}",
            "skaldlog.yaml:1: server.log_level: 'loud' is none of debug, info, warn, error",
        ),
        (
            "limits_config: {query_timeout: 60}",
            "skaldlog.yaml:1: limits_config.query_timeout: '60' is not a duration: "
            "write it with units, like 30s, 10m, 1h30m or 1w",
        ),
        (
            "limits_config: {max_query_length: 1500ms}",
            "skaldlog.yaml:1: limits_config.max_query_length: '1500ms' is not a whole number of seconds",
        ),
        (
            "limits_config: {max_line_size: huge}",
            "skaldlog.yaml:1: limits_config.max_line_size: 'huge' is not a size: write it like 256KB, 4MB or 1GB",
        ),
        ("storage: {head_size: 0B}", "skaldlog.yaml:1: storage.head_size: must be more than 0"),
        (
            "limits_config: {ingestion_rate_mb: .inf}",
            "skaldlog.yaml:1: limits_config.ingestion_rate_mb: '.inf' is not a number",
        ),
        (
            "limits_config: {ingestion_rate_mb: -1}",
            "skaldlog.yaml:1: limits_config.ingestion_rate_mb: -1 is out of range: 0 or more",
        ),
        (
            "limits_config: {discover_service_name: {a: b}}",
            "skaldlog.yaml:1: limits_config.discover_service_name: {'a': 'b'} is not a list of texts",
        ),
        (
            "auth_enabled: true\nauth_enabled: false",
            "skaldlog.yaml:2: auth_enabled: is given twice, first at skaldlog.yaml:1",
        ),
        ("- a", "skaldlog.yaml: must be a mapping of settings, like `server: {http_listen_port: 3100}`"),
        ("a: [", "skaldlog.yaml:1: is not YAML: expected the node content, but found '<stream end>'"),
    ],
)
def test_a_wrong_file_is_refused_by_name_and_line(tmp_path: Path, text: str, refusal: str) -> None:
    assert [line.replace(f"{tmp_path}/", "") for line in refusals(tmp_path, text)] == [refusal]


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    assert len(refusals(tmp_path, "zebra: 1\nauth_enabled: 2\nserver: {log_level: x}\n")) == 3


def test_a_file_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nowhere\.yaml: cannot be read: .*No such file"):
        load_settings(tmp_path / "nowhere.yaml")


@pytest.mark.parametrize(
    ("name", "suggestion"),
    [
        ("SKALDLOG_AUTH_ENABLE", "SKALDLOG_AUTH_ENABLED"),
        ("SKALDLOG_SERVER_PORT", "SKALDLOG_SERVER_LOG_LEVEL|SKALDLOG_SERVER_HTTP_LISTEN_PORT"),
        ("SKALDLOG_STORAGE_ZZZ", ""),
        ("SKALDLOG_URL", ""),
        ("SKALDLOG_LISTEN", ""),
    ],
)
def test_an_unknown_variable_is_refused(name: str, suggestion: str) -> None:
    with pytest.raises(ConfigError, match=f"environment: {name}: unknown setting; .*({suggestion})"):
        load_settings(environment={name: "1"})


@pytest.mark.parametrize("name", ["SKALDLOG", "XSKALDLOG_AUTH_ENABLE", "LOKI_AUTH_ENABLED"])
def test_variables_of_others_are_left_alone(name: str) -> None:
    assert load_settings(environment={name: "1"}) == Settings()


def test_a_bad_value_of_a_variable_names_variable_and_setting() -> None:
    with pytest.raises(ConfigError, match=r"^environment: SKALDLOG_AUTH_ENABLED \(auth_enabled\): 'x' is neither"):
        load_settings(environment={"SKALDLOG_AUTH_ENABLED": "x"})


def test_an_assignment_needs_a_value() -> None:
    with pytest.raises(ConfigError, match=r"^--set: auth_enabled: needs a value: NAME=VALUE$"):
        load_settings(assignments=["auth_enabled"])


def test_printed_settings_read_back(tmp_path: Path) -> None:
    settings = load_settings(assignments=["limits_config.max_query_length=90m", "common.path_prefix=/a b/c: d"])
    assert load_text(tmp_path, settings_text(settings)) == settings


@given(st.sampled_from([setting for setting in TABLE if setting.kind is not SECRET]), st.data())
def test_any_value_that_is_read_is_printed_so_that_it_reads_back(setting: object, data: st.DataObject) -> None:
    assert setting in TABLE
    kind = TABLE[TABLE.index(setting)].kind
    raw = data.draw(st.one_of(st.text(), st.integers(), st.booleans(), st.floats(), st.lists(st.text()), st.none()))
    try:
        value = kind.read(raw)
    except ValueError:
        return
    assert kind.read(kind.show(value)) == value


SECRETS = [setting.name for setting in TABLE if setting.kind is SECRET]


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_is_used_and_never_shown(tmp_path: Path, name: str) -> None:
    settings = load_settings(assignments=[f"{name}=s3://k:hush@eu/b"])
    assert settings != Settings()
    for shown in (settings_text(settings), repr(settings), str(settings)):
        assert "hush" not in shown
    assert HIDDEN in settings_text(settings)
    with pytest.raises(ConfigError, match="stars are what is shown in place of a secret"):
        load_text(tmp_path, settings_text(settings))


def test_a_bucket_may_stand_in_either_of_lokis_places(tmp_path: Path) -> None:
    values = "bucketnames: logs, endpoint: minio:9000, access_key_id: k, secret_access_key: s, s3forcepathstyle: true"
    own = load_text(tmp_path, f"storage_config: {{aws: {{{values}, insecure: true, region: eu}}}}")
    common = load_text(tmp_path, f"common: {{storage: {{s3: {{{values}, insecure: true, region: eu}}}}}}")
    assert own == common
    assert own.storage.s3.endpoint_url == "http://minio:9000"
    assert (own.storage.s3.bucket, own.storage.s3.is_path_style) == ("logs", True)


def test_secrets_come_from_the_environment_too() -> None:
    settings = load_settings(environment={"SKALDLOG_STORAGE_CONFIG_AWS_SECRET_ACCESS_KEY": "hush"})
    assert settings.storage.s3.secret_access_key == "hush"


@pytest.mark.parametrize(
    ("url", "bucket", "endpoint", "region"),
    [
        ("s3://key:se%2Fcret@eu-west-1/logs", "logs", None, "eu-west-1"),
        ("s3://key:se%2Fcret@minio.local:9000/logs", "logs", "https://minio.local:9000", ""),
        ("s3://key:se%2Fcret@127.0.0.1:9000/logs/", "logs", "https://127.0.0.1:9000", ""),
    ],
)
def test_a_bucket_can_be_one_url(url: str, bucket: str, endpoint: str | None, region: str) -> None:
    found = load_settings(assignments=[f"storage_config.aws.s3={url}"]).storage.s3.resolved()
    assert (found.bucket, found.endpoint_url, found.region) == (bucket, endpoint, region)
    assert (found.access_key_id, found.secret_access_key) == ("key", "se/cret")


@pytest.mark.parametrize("url", ["logs", "s3://eu-west-1", "http://key:secret@host/logs", "s3:///logs"])
def test_a_url_that_names_no_bucket_is_refused_without_telling_its_secret(url: str) -> None:
    with pytest.raises(ValueError, match="write it as s3://KEY:SECRET@REGION/BUCKET") as caught:
        load_settings(assignments=[f"storage_config.aws.s3={url}"]).storage.s3.resolved()
    assert url not in str(caught.value)


def test_an_upload_part_smaller_than_s3_takes_is_refused(tmp_path: Path) -> None:
    assert refusals(tmp_path, "storage: {bucket_upload_part_size: 4MB}") == [
        "skaldlog.yaml:1: storage.bucket_upload_part_size: '4MB' is less than the 5MB that S3 wants"
    ]
