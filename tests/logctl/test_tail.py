"""``logctl tail``: wrong usage is told at once."""

from __future__ import annotations

import pytest

from tests.ingest_client.programs import run_program
from tests.logctl.recorded import ROOT, logctl
from tests.logctl.test_main import ONLY_PYTHON


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["tail", "<a='b'>", "--limit=0"], "--limit must be at least 1"),
        (["query", "--tail", "<a='b'>", "--delay-for=6"], "--delay-for must be from 0 to 5 seconds"),
        (["tail", "<a='b'>", "--delay-for=-1"], "--delay-for must be from 0 to 5 seconds"),
        (["tail", "<a='b'>", "--to=now"], "a tail has no end"),
    ],
)
def test_wrong_usage(arguments: list[str], text: str) -> None:
    run = logctl(*arguments)
    assert run.returncode == 2
    assert text in run.stderr


def test_a_server_that_is_not_there_is_told() -> None:
    run = logctl("tail", "<a='b'>", "--addr=http://127.0.0.1:9")
    assert (run.returncode, run.stdout) == (1, "")
    assert run.stderr == "logctl: http://127.0.0.1:9 does not answer: Connection refused\n"


def test_without_the_websocket_package_the_remedy_is_named() -> None:
    run = run_program(ONLY_PYTHON, ROOT, "tail", "<a='b'>", python_flags=("-I", "-S"))
    assert run.returncode == 1
    assert "pip install 'skaldlog[tail]'" in run.stderr


@pytest.mark.parametrize("command", ["query", "tail", "volume", "fields", "patterns", "delete"])
def test_help_has_examples(command: str) -> None:
    run = logctl(command, "--help")
    assert run.returncode == 0, run.stderr
    assert f"examples:\n  logctl {command}" in run.stdout
