"""The deployment files agree with the program and with each other."""

from __future__ import annotations

import configparser
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from ingest_client.agent.check import check_config as check_config_of_agent
from ingest_client.agent.config.expand import expand_environment

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
LOGCTL = Path(sys.executable).with_name("logctl")


def parsed(name: str) -> Any:
    return yaml.safe_load((DEPLOY / name).read_text())


def check_config(path: Path) -> subprocess.CompletedProcess[str]:
    command = [str(LOGCTL), "serve", "--config", str(path), "--check-config"]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def instructions() -> list[tuple[str, str]]:
    """(instruction, arguments) of the Dockerfile, continuation lines joined."""
    text = re.sub(r"\\\n\s*", "", (DEPLOY / "Dockerfile").read_text())
    lines = (line for line in text.splitlines() if line and not line.startswith("#"))
    return [(name, rest) for name, _, rest in (line.partition(" ") for line in lines)]


@pytest.mark.parametrize("path", [DEPLOY / "skaldlog.yaml", ROOT / "benchmarks" / "server.yaml"])
def test_example_settings_are_accepted(path: Path) -> None:
    done = check_config(path)
    assert done.returncode == 0, done.stderr


def test_a_wrong_setting_would_be_noticed(tmp_path: Path) -> None:
    config = tmp_path / "skaldlog.yaml"
    config.write_text((DEPLOY / "skaldlog.yaml").read_text().replace("auth_enabled", "auth_enabeld"))
    done = check_config(config)
    assert done.returncode == 1
    assert "auth_enabeld" in done.stderr


def test_the_image_runs_as_a_user_keeps_its_data_and_tells_its_health() -> None:
    last = dict(instructions())
    assert last["USER"] == "skaldlog"
    assert last["VOLUME"] == "/data"
    assert last["EXPOSE"] == "3100"
    assert "/ready" in last["HEALTHCHECK"]
    assert [name for name, _ in instructions()].count("FROM") == 2


def test_the_image_copies_what_exists() -> None:
    copied = [rest for name, rest in instructions() if name == "COPY" and "--from" not in rest]
    sources = [source for rest in copied for source in rest.split()[:-1]]
    assert {"server", "logql", "storage", "ingest_client", "logctl", "pyproject.toml"} <= set(sources)
    assert [source for source in sources if not (ROOT / source).exists()] == []


def test_compose_builds_the_image_and_gives_grafana_its_data_source() -> None:
    services = parsed("docker-compose.yml")["services"]
    build = services["skaldlog"]["build"]
    assert (DEPLOY / build["context"] / build["dockerfile"]).resolve() == DEPLOY / "Dockerfile"
    assert all(port.startswith("127.0.0.1:") for service in services.values() for port in service["ports"])
    mounted = services["grafana"]["volumes"][0].partition(":")[0]
    sources = yaml.safe_load((DEPLOY / mounted / "datasources" / "skaldlog.yaml").read_text())["datasources"]
    assert [(source["type"], source["url"]) for source in sources] == [("loki", "http://skaldlog:3100")]


def test_named_volumes_are_declared() -> None:
    compose = parsed("docker-compose.yml")
    used = [volume.partition(":")[0] for service in compose["services"].values() for volume in service["volumes"]]
    assert {name for name in used if not name.startswith(".")} == set(compose["volumes"])


def test_the_unit_starts_the_server_with_flags_that_exist() -> None:
    unit = configparser.ConfigParser(strict=False)
    unit.optionxform = str  # type: ignore[assignment, method-assign]
    unit.read(DEPLOY / "systemd" / "skaldlog.service")
    program, *arguments = shlex.split(unit["Service"]["ExecStart"])
    assert (Path(program).name, arguments[0]) == ("logctl", "serve")
    known = subprocess.run([LOGCTL, "serve", "--help"], capture_output=True, text=True, timeout=60, check=True).stdout
    assert [flag for flag in arguments if flag.startswith("--") and flag not in known] == []


def agent_hints(environment: dict[str, str]) -> list[str]:
    text = expand_environment((DEPLOY / "agent.yaml").read_text(), environment)
    report = check_config_of_agent(text)
    assert report.mistakes == ()
    return [hint for hint in report.hints if "matches no file at the moment" not in hint]


@pytest.mark.parametrize(
    "environment", [{}, {"GPU_READINGS": "false", "LOKI_URL": "http://skaldlog:3100", "HOSTNAME": "h"}]
)
def test_the_agents_configuration_has_no_mistakes(environment: dict[str, str]) -> None:
    assert agent_hints(environment) == []


def test_the_agents_unit_sidecar_and_image_start_it_with_what_it_needs() -> None:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment, method-assign]
    unit.read(DEPLOY / "systemd" / "skaldlog-agent.service")
    command = shlex.split(unit["Service"]["ExecStart"])
    assert command[1:] == ["agent", "--config", "/etc/skaldlog/agent.yaml", "--expand-env"]
    (sidecar,) = [
        container
        for container in parsed("kubernetes/sidecar.yaml")["spec"]["template"]["spec"]["containers"]
        if container["name"] == "skaldlog-agent"
    ]
    paths = {mount["mountPath"] for mount in sidecar["volumeMounts"]}
    assert paths == {"/var/log/tensorrt", "/var/lib/skaldlog-agent"}
    variables = {each["name"] for each in sidecar["env"]}
    assert variables <= set(re.findall(r"\$\{([A-Z_]+)", (DEPLOY / "agent.yaml").read_text()))
    image = (DEPLOY / "Dockerfile.agent").read_text()
    assert "VOLUME /var/lib/skaldlog-agent" in image
    assert 'CMD ["agent", "--config", "/etc/skaldlog/agent.yaml", "--expand-env"]' in image
