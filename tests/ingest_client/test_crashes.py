"""What a process wrote is delivered after its death, by the next one, once: however it died."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from ingest_client import PushClient
from tests.ingest_client.clients import quick_settings
from tests.ingest_client.programs import run_program
from tests.ingest_client.receiver import Receiver, Reply, receiving, refusal

QUIET_FORK = ("-W", "ignore::DeprecationWarning")
SETUP = """
    import gc, os, signal, sys, threading, time
    from ingest_client import PushClient, ClientSettings, SkaldlogHandler
    settings = ClientSettings(url=sys.argv[1], directory=sys.argv[2], batch_wait_s=60.0, exit_deadline_s=0.5,
                              backoff_base_s=0.05, backoff_cap_s=0.05)
    client = PushClient(settings, {"job": "process"})
"""


def start_again(receiver: Receiver, directory: Path) -> None:
    """The next process of the same service."""
    with PushClient(quick_settings(receiver.url, directory=str(directory)), {"job": "process"}) as client:
        client.push("next start")


def distinct(receiver: Receiver) -> list[str]:
    """The lines that a server keeps, in order of their times."""
    kept = {(int(value[0]), value[1], str(value[2:])) for value in receiver.values}
    return [line for _, line, _ in sorted(kept)]


DEATHS = {
    "SIGKILL": ("os.kill(os.getpid(), signal.SIGKILL)", -signal.SIGKILL),
    "SIGSEGV": ("import ctypes; ctypes.string_at(0)", -signal.SIGSEGV),
    "SIGTERM": ("os.kill(os.getpid(), signal.SIGTERM)", -signal.SIGTERM),
    "abort": ("os.abort()", -signal.SIGABRT),
    "os._exit": ("os._exit(3)", 3),
}


@pytest.mark.parametrize(("death", "status"), DEATHS.values(), ids=DEATHS)
def test_lines_written_just_before_a_death_arrive_at_the_next_start(tmp_path: Path, death: str, status: int) -> None:
    program = f"""
    for number in range(100):
        client.push(f"line {{number:03d}}", {{"request": number}})
    {death}
    """
    with receiving() as receiver:
        assert run_program(SETUP + program, receiver.url, str(tmp_path)).returncode == status
        assert receiver.lines == []
        start_again(receiver, tmp_path)
        assert distinct(receiver) == [*(f"line {number:03d}" for number in range(100)), "next start"]
        assert ["line 007", {"request": "7"}] in [value[1:] for value in receiver.values]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("reply", [Reply(reset=True), refusal(503)], ids=["an answer that is lost", "a refusal"])
def test_what_was_under_way_at_a_death_is_stored_once(tmp_path: Path, reply: Reply) -> None:
    program = """
    for number in range(50):
        client.push(f"line {number:03d}", urgent=number == 20)
    time.sleep(0.5)
    os.kill(os.getpid(), signal.SIGKILL)
    """
    down = [True]
    with receiving(lambda: reply if down else Reply()) as receiver:
        run_program(SETUP + program, receiver.url, str(tmp_path))
        down.clear()
        start_again(receiver, tmp_path)
        assert distinct(receiver) == [*(f"line {number:03d}" for number in range(50)), "next start"]


def test_the_folder_of_a_living_process_is_left_alone(tmp_path: Path) -> None:
    program = """
    client.push("mine")
    print("ready", flush=True)
    other = PushClient(settings, {"job": "process"})
    other.push("other")
    other.close(2.0)
    os._exit(0)
    """
    with receiving() as receiver:
        run_program(SETUP + program, receiver.url, str(tmp_path))
        assert receiver.lines == ["other"]
        start_again(receiver, tmp_path)
        assert sorted(receiver.lines) == ["mine", "next start", "other"]


def test_a_forked_child_has_a_ring_of_its_own_and_both_are_delivered_once(tmp_path: Path) -> None:
    program = """
    client.push("parent 1")
    child = os.fork()
    if child == 0:
        client.push("child")
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    client.push("parent 2")
    os.kill(os.getpid(), signal.SIGKILL)
    """
    with receiving() as receiver:
        run = run_program(SETUP + program, receiver.url, str(tmp_path), python_flags=QUIET_FORK)
        assert (run.returncode, run.stderr) == (-signal.SIGKILL, "")
        start_again(receiver, tmp_path)
        assert distinct(receiver) == ["parent 1", "child", "parent 2", "next start"]


def test_a_child_that_outlives_its_parent_does_not_keep_the_parents_lines_back(tmp_path: Path) -> None:
    program = """
    client.push("parent")
    child = os.fork()
    if child == 0:
        time.sleep(3)
        os._exit(0)
    os.kill(os.getpid(), signal.SIGKILL)
    """
    with receiving() as receiver:
        run_program(SETUP + program, receiver.url, str(tmp_path), python_flags=QUIET_FORK)
        start_again(receiver, tmp_path)
        assert distinct(receiver) == ["parent", "next start"]


def test_an_orderly_end_with_the_server_away_takes_no_time_and_loses_nothing(tmp_path: Path) -> None:
    program = """
    client.push("kept")
    started_s = time.monotonic()
    client.close(30.0)
    assert time.monotonic() - started_s < 10
    """
    with receiving() as receiver:
        url = receiver.url
        down = [True]
        receiver.next_reply = lambda: refusal(503) if down else Reply()
        assert run_program(SETUP + program, url, str(tmp_path)).returncode == 0
        down.clear()
        start_again(receiver, tmp_path)
        assert distinct(receiver) == ["kept", "next start"]


def test_a_directory_that_cannot_be_used_is_told_and_lines_are_kept_in_memory(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with receiving() as receiver:
        run = run_program(SETUP + '    client.push("line")', receiver.url, str(tmp_path / "file"))
        assert run.returncode == 0
        assert "cannot be used" in run.stderr
        assert receiver.lines == ["line"]


def test_the_records_of_logging_outlive_a_crash_too(tmp_path: Path) -> None:
    program = """
    import logging
    logger = logging.getLogger("app")
    logger.addHandler(SkaldlogHandler(client=client))
    logger.warning("disk is %s", "odd", extra={"request_id": 7})
    os.kill(os.getpid(), signal.SIGKILL)
    """
    with receiving() as receiver:
        run_program(SETUP + program, receiver.url, str(tmp_path))
        start_again(receiver, tmp_path)
        found = {value[1]: value[2] for value in receiver.values if len(value) > 2}
        assert found == {"disk is odd": {"level": "warn", "logger": "app", "request_id": "7"}}
