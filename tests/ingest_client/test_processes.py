"""Exit, fork, and the promise that the client imports nothing but Python."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.ingest_client.programs import run_program
from tests.ingest_client.receiver import OK, Reply, receiving, refusal

ROOT = str(Path(__file__).parents[2])

ISOLATED = """
    import sys

    class OnlyPython:
        def find_spec(self, name, path=None, target=None):
            top = name.partition(".")[0]
            if top not in sys.stdlib_module_names and top != "ingest_client":
                raise ModuleNotFoundError(f"{name} is not part of Python", name=name)

    sys.meta_path.insert(0, OnlyPython())
    sys.path.insert(0, sys.argv[1])
    from ingest_client import PushClient, ClientSettings, SkaldlogHandler, TensorRTMissing
    from ingest_client import trt
    with PushClient(ClientSettings(url=sys.argv[2]), {"job": "isolated"}) as client:
        client.push("hello")
    try:
        trt.get_logger(sys.argv[2])
    except TensorRTMissing as error:
        print(error)
"""


def test_the_client_works_with_nothing_but_python_and_names_what_tensorrt_needs() -> None:
    with receiving() as receiver:
        run = run_program(ISOLATED, ROOT, receiver.url, python_flags=("-I", "-S"))
        assert receiver.lines == ["hello"]
    assert run.returncode == 0, run.stderr
    for package in ("tensorrt: not installed", "tensorrt_lean: not installed", "tensorrt_dispatch: not installed"):
        assert package in run.stdout
    assert "pip install tensorrt, tensorrt-lean or tensorrt-dispatch" in run.stdout


SETUP = """
    import os, sys, time
    from ingest_client import PushClient, ClientSettings
    client = PushClient(ClientSettings(url=sys.argv[1], batch_wait_s=60.0, exit_deadline_s=2.0), {"job": "process"})
"""

# Newer Pythons warn of any fork beside threads.
QUIET_FORK = ("-W", "ignore::DeprecationWarning")

ENDINGS = {
    "falling off the end": 'client.push("last")',
    "sys.exit": 'client.push("last"); sys.exit(0)',
    "an uncaught error": 'client.push("last"); raise SystemExit(0)',
}


@pytest.mark.parametrize("ending", ENDINGS.values(), ids=ENDINGS)
def test_queued_lines_are_delivered_at_exit(ending: str) -> None:
    with receiving() as receiver:
        run = run_program(SETUP + f"    {ending}", receiver.url)
        assert (run.returncode, run.stderr) == (0, "")
        assert receiver.lines == ["last"]


def test_exit_ends_in_time_when_the_server_is_down_and_says_what_was_lost() -> None:
    run = run_program(SETUP + '    client.push("last"); client.push("very last")', "http://127.0.0.1:9")
    assert run.returncode == 0
    assert "2 lines were not delivered" in run.stderr


@pytest.mark.parametrize("reply", [OK, Reply(delay_s=0.3)], ids=["a quick server", "a batch in flight"])
def test_a_forked_child_sends_its_own_lines_and_not_its_parents(reply: Reply) -> None:
    program = """
    client.push("parent 1", urgent=True)
    time.sleep(0.1)
    client.push("parent 2")
    child = os.fork()
    if child == 0:
        client.push("child")
        sys.exit(0)
    os.waitpid(child, 0)
    client.push("parent 3")
    """
    with receiving(lambda: reply) as receiver:
        run = run_program(SETUP + program, receiver.url, python_flags=QUIET_FORK)
        assert (run.returncode, run.stderr) == (0, "")
        assert sorted(receiver.lines) == ["child", "parent 1", "parent 2", "parent 3"]


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_children_of_multiprocessing_deliver_before_they_end(method: str, tmp_path: Path) -> None:
    program = f"""
import multiprocessing, sys
from ingest_client import PushClient, ClientSettings

def settings():
    return ClientSettings(url=sys.argv[1], batch_wait_s=60.0)

def work(url, number):
    global client
    if client is None:
        client = PushClient(ClientSettings(url=url, batch_wait_s=60.0), {{"job": "process"}})
    client.push(f"child {{number}}")

client = None
if __name__ == "__main__":
    context = multiprocessing.get_context("{method}")
    if "{method}" == "fork":
        client = PushClient(settings(), {{"job": "process"}})
        client.push("parent")
    children = [context.Process(target=work, args=(sys.argv[1], number)) for number in range(3)]
    for child in children: child.start()
    for child in children: child.join()
    sys.exit(max(child.exitcode for child in children))
"""
    script = tmp_path / "program.py"
    script.write_text(program)
    with receiving() as receiver:
        command = [sys.executable, *QUIET_FORK, str(script), receiver.url]
        run = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
        assert (run.returncode, run.stderr) == (0, "")
        expected = ["child 0", "child 1", "child 2", *(["parent"] if method == "fork" else [])]
        assert sorted(receiver.lines) == expected


def test_the_sender_survives_a_closed_stderr() -> None:
    program = """
    os.close(2)
    client.push("refused", urgent=True)
    client.flush(5)
    client.push("kept")
    """
    replies = [refusal(400)]
    with receiving(lambda: replies.pop() if replies else OK) as receiver:
        assert run_program(SETUP + program, receiver.url).returncode == 0
        assert receiver.lines == ["kept"]


def test_lines_sent_before_a_kill_are_delivered() -> None:
    program = """
    client.push("urgent", urgent=True)
    time.sleep(1.0)
    os.kill(os.getpid(), 9)
    """
    with receiving() as receiver:
        assert run_program(SETUP + program, receiver.url).returncode == -signal.SIGKILL
        assert receiver.lines == ["urgent"]
