"""``logctl spool``: what waits on disk, and sending it."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest_client import PushClient
from tests.ingest_client.clients import quick_settings
from tests.ingest_client.programs import run_program
from tests.ingest_client.receiver import Reply, receiving, refusal
from tests.logctl.recorded import logctl

CRASH = """
    import os, sys
    from ingest_client import ClientSettings, PushClient
    client = PushClient(ClientSettings(url=sys.argv[1], directory=sys.argv[2], batch_wait_s=60.0), {"job": "dead"})
    for number in range(10):
        client.push(str(number))
    os.kill(os.getpid(), 9)
"""


def test_what_waits_is_listed_by_process(tmp_path: Path) -> None:
    url = "http://127.0.0.1:9"
    run_program(CRASH, url, str(tmp_path))
    with PushClient(quick_settings("http://127.0.0.1:10", directory=str(tmp_path)), {"job": "living"}):
        listed = logctl("spool", "--directory", str(tmp_path)).stdout.splitlines()
    assert listed[0].split() == ["folder", "lines", "size", "for"]
    assert sorted((line.split()[1], line.split()[-1]) for line in listed[1:]) == [
        ("10", url),
        ("lives", "http://127.0.0.1:10"),
    ]


@pytest.mark.parametrize("folder", ["empty", "missing"])
def test_where_nothing_waits_nothing_is_listed(tmp_path: Path, folder: str) -> None:
    (tmp_path / "empty").mkdir()
    assert logctl("spool", "list", "--directory", str(tmp_path / folder)).stdout == ""


def test_what_the_dead_left_is_sent(tmp_path: Path) -> None:
    with receiving() as receiver:
        run_program(CRASH, receiver.url, str(tmp_path))
        done = logctl("spool", "drain", "--addr", receiver.url, "--directory", str(tmp_path))
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "10 lines accepted\n")
        assert receiver.lines == [str(number) for number in range(10)]
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_does_not_take_them_leaves_them_where_they_are(tmp_path: Path) -> None:
    down = [True]
    with receiving(lambda: refusal(503) if down else Reply()) as receiver:
        run_program(CRASH, receiver.url, str(tmp_path))
        arguments = ("spool", "drain", "--addr", receiver.url, "--directory", str(tmp_path))
        done = logctl(*arguments)
        assert done.returncode == 1
        assert "10 lines are still on disk" in done.stderr
        down.clear()
        assert logctl(*arguments).stderr == "10 lines accepted\n"
        assert sorted(receiver.lines) == [str(number) for number in range(10)]
