"""The flags of ``logctl serve``."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest
import yaml

from logctl.commands import serve


def run(*flags: str) -> int:
    parser = argparse.ArgumentParser()
    serve.add_arguments(parser)
    return serve.run(parser.parse_args(flags))


@pytest.mark.parametrize(
    ("listen", "address", "port"),
    [("0.0.0.0:80", "0.0.0.0", 80), (":3100", "", 3100), ("[::1]:9", "::1", 9), ("localhost:1", "localhost", 1)],
)
def test_listen_and_data_win_over_the_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], listen: str, address: str, port: int
) -> None:
    file = tmp_path / "skaldlog.yaml"
    file.write_text("server: {http_listen_port: 7}\ncommon: {path_prefix: elsewhere}\n")
    assert run("--print-config", "--config", str(file), "--listen", listen, "--data", "here") == 0
    printed = yaml.safe_load(capsys.readouterr().out)
    assert (printed["server"]["http_listen_address"], printed["server"]["http_listen_port"]) == (address, port)
    assert printed["common"]["path_prefix"] == "here"


@pytest.mark.parametrize("listen", ["3100x", "host:", "host:http", "host:70000", "host:-1"])
def test_an_address_that_cannot_be_is_refused_by_its_flag(capsys: pytest.CaptureFixture[str], listen: str) -> None:
    assert run("--check-config", "--listen", listen) == 1
    assert capsys.readouterr().err.startswith("--listen: ")


def test_a_right_configuration_is_only_looked_at(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--check-config", "--data", str(tmp_path / "data")) == 0
    assert capsys.readouterr().out == "the configuration is right\n"
    assert not (tmp_path / "data").exists()


def test_a_wrong_configuration_is_told_on_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--check-config", "--set", "server.log_level=loud") == 1
    printed = capsys.readouterr()
    assert (printed.out, printed.err.startswith("--set: server.log_level: 'loud' is none of")) == ("", True)
