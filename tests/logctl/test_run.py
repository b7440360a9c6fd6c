"""``logctl run``: the program is as it was, and its output is on the server as well."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.ingest_client.receiver import Receiver, Reply, receiving, refusal

NOWHERE = "http://127.0.0.1:9"


def command(url: str, directory: Path | str, program: list[str], *options: str) -> list[str]:
    """The command line of one run."""
    logctl = [sys.executable, "-m", "logctl", "run", "--addr", url, "--directory", str(directory)]
    return [*logctl, "--host", "edge-07", *options, "--", *program]


def run(url: str, program: list[str], *options: str, directory: Path | str = "", stdin: bytes = b"") -> Any:
    return subprocess.run(
        command(url, directory, program, *options), input=stdin, capture_output=True, timeout=60, check=False
    )


def shell(script: str) -> list[str]:
    return ["sh", "-c", script]


def found(receiver: Receiver) -> dict[str, dict[str, str]]:
    """Metadata by line, of the program's own lines."""
    return {
        value[1]: {name: text for name, text in value[2].items() if name != "pid"}
        for value in receiver.values
        if not value[1].startswith("logctl run: ")
    }


def own(receiver: Receiver) -> list[list[Any]]:
    """What the wrapper says itself: (line, metadata)."""
    return [value[1:] for value in receiver.values if value[1].startswith("logctl run: ")]


@pytest.mark.parametrize(
    ("script", "status", "is_up"),
    [
        ("exit 0", 0, True),
        ("exit 3", 3, False),
        ("exit 255", 255, True),
        ("kill -SEGV $$", 139, False),
        ("kill -KILL $$", 137, True),
    ],
)
def test_the_status_is_the_programs_also_with_the_server_dead(
    tmp_path: Path, script: str, status: int, is_up: bool
) -> None:
    with receiving() as receiver:
        url = receiver.url if is_up else NOWHERE
        done = run(url, shell(f"echo out; echo err >&2; {script}"), directory=tmp_path)
    assert (done.returncode, done.stdout) == (status, b"out\n")
    assert done.stderr.startswith(b"err\n")


@pytest.mark.parametrize(("program", "status"), [("no-such-program", 127), ("/etc/passwd", 126)])
def test_a_program_that_cannot_be_run_is_told_as_a_shell_would(program: str, status: int) -> None:
    with receiving() as receiver:
        done = run(receiver.url, [program])
        assert done.returncode == status
        assert done.stderr.startswith(f"logctl run: {program}: ".encode())
        assert own(receiver)[0][1]["level"] == "error"


def test_bytes_pass_through_unchanged_and_apart(tmp_path: Path) -> None:
    data = bytes(range(256)) * 40 + b"\nno end of line"
    (tmp_path / "data").write_bytes(data)
    with receiving() as receiver:
        done = run(receiver.url, shell(f"cat {tmp_path}/data; cat {tmp_path}/data >&2"))
    assert (done.stdout, done.stderr) == (data, data)


def test_standard_input_is_the_programs() -> None:
    with receiving() as receiver:
        assert run(receiver.url, ["cat"], stdin=b"a\nb\n").stdout == b"a\nb\n"
        assert list(found(receiver)) == ["a", "b"]


def test_lines_arrive_in_order_with_labels_and_their_output() -> None:
    with receiving() as receiver:
        run(receiver.url, shell("echo one; echo two; echo three >&2"), "--model", "yolov5s", "--label", "site=north")
        assert {value: metadata["stream"] for value, metadata in found(receiver).items()} == {
            "one": "stdout",
            "two": "stdout",
            "three": "stderr",
        }
        for labels, _ in receiver.pushes:
            assert labels == {"job": "sh", "host": "edge-07", "model": "yolov5s", "site": "north"}
        first, last = own(receiver)
        assert first[0] == "logctl run: started: sh -c 'echo one; echo two; echo three >&2'"
        assert first[1]["event"] == "run_start"
        assert (last[1]["event"], last[1]["status"], last[1]["level"]) == ("run_end", "0", "info")


LINES = {
    "[11/22/2026-10:00:00] [I] === Performance summary ===": {"level": "info"},
    "[11/22/2026-10:00:01] [E] [TRT] 1: Error Code 1: Cuda Runtime (out of memory)": {
        "level": "error",
        "event": "oom",
        "error_code": "1",
        "cascade": "root",
    },
    "[TRT] [W] Layer 'Slice_1' (SLICE): Unsupported on DLA. Switching this layer's device type to GPU.": {
        "level": "warn",
        "event": "fallback",
        "layer": "Slice_1",
    },
    "plain words": {},
}


def test_lines_are_understood(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("".join(f"{line}\n" for line in LINES))
    with receiving() as receiver:
        run(receiver.url, ["cat", str(tmp_path / "log")])
        texts = "\n".join(found(receiver))
        assert all(line in texts for line in LINES)
        for line, expected in LINES.items():
            metadata = next((known for text, known in found(receiver).items() if text.startswith(line)), {})
            assert {name: metadata.get(name) for name in expected} == expected
        assert "trtexec" in {labels.get("component") for labels, _ in receiver.pushes}


def test_colours_and_progress_bars_are_shown_and_not_shipped() -> None:
    with receiving() as receiver:
        done = run(receiver.url, ["printf", r"\033[31mred\033[0m\n10%%\r50%%\r100%%\n"])
        assert done.stdout == b"\x1b[31mred\x1b[0m\n10%\r50%\r100%\n"
        assert list(found(receiver)) == ["red", "100%"]


def test_a_storm_is_folded_and_counted() -> None:
    with receiving() as receiver:
        run(receiver.url, shell("yes 'the same line' | head -n 50000"))
        lines = [value for value in receiver.values if value[1] == "the same line"]
        assert len(lines) <= 10
        assert sum(int(value[2].get("repeat_count", 1)) for value in lines) == 50_000


def test_a_crash_is_a_line_with_what_was_said_last() -> None:
    with receiving() as receiver:
        assert run(receiver.url, shell("seq 1000; echo why >&2; kill -SEGV $$")).returncode == 139
        text, metadata = own(receiver)[-1]
        assert (metadata["event"], metadata["signal"], metadata["level"]) == ("crash", "SIGSEGV", "critical")
        assert "stdout: 1000\n" in text
        assert text.endswith("stderr: why")


def test_two_busy_pipes_and_a_crash_lose_nothing() -> None:
    script = "for number in range(8000): print(number, 'x' * 90); print('e', number, 'y' * 90, file=sys.stderr)"
    program = [sys.executable, "-c", f"import os, sys\n{script}\nsys.stdout.flush(); os.kill(os.getpid(), 11)"]
    with receiving() as receiver:
        done = run(receiver.url, program)
        assert done.returncode == 139
        assert (done.stdout.count(b"\n"), done.stderr.count(b"\n")) == (8_000, 8_000)
        lines = "\n".join(value[1] for value in receiver.values).split("\n")
        expected = {f"{number} {'x' * 90}" for number in range(8_000)}
        assert expected <= set(lines)
        assert sum(line.startswith("e ") for line in lines) == 8_000


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR1])
def test_signals_reach_the_program(number: signal.Signals) -> None:
    script = f"trap 'echo got it; exit 42' {number.name[3:]}; echo ready; while :; do sleep 0.05; done"
    with receiving() as receiver:
        arguments = command(receiver.url, "", shell(script))
        process = subprocess.Popen(arguments, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL)
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        process.send_signal(number)
        assert process.stdout.read() == b"got it\n"
        process.stdout.close()
        assert process.wait(20) == 42
        assert "got it" in found(receiver)


def test_a_terminal_stays_a_terminal() -> None:
    with receiving() as receiver:
        ours, theirs = pty.openpty()
        script = "test -t 1 && echo out; test -t 2 && echo err >&2"
        process = subprocess.Popen(
            command(receiver.url, "", shell(script)), stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs
        )
        os.close(theirs)
        assert process.wait(20) == 0
        shown = os.read(ours, 1000)
        os.close(ours)
        assert sorted(shown.split()) == [b"err", b"out"]
        assert {line: metadata["stream"] for line, metadata in found(receiver).items()} == {
            "out": "stdout",
            "err": "stderr",
        }


def test_a_program_that_leaves_a_child_behind_is_not_waited_for() -> None:
    with receiving() as receiver:
        started_s = time.monotonic()
        assert run(receiver.url, shell("sleep 30 & echo done")).stdout == b"done\n"
        assert time.monotonic() - started_s < 20


def test_what_could_not_be_sent_is_sent_by_the_next_run(tmp_path: Path) -> None:
    down = [True]
    with receiving(lambda: refusal(503) if down else Reply()) as receiver:
        done = run(receiver.url, shell("echo first"), directory=tmp_path)
        assert (done.returncode, done.stdout) == (0, b"first\n")
        assert b"3 lines wait on disk" in done.stderr
        down.clear()
        assert run(receiver.url, shell("echo second"), directory=tmp_path).stderr == b""
        assert sorted(found(receiver)) == ["first", "second"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], b"say what to run"),
        (["--"], b"say what to run"),
        (["--label", "x", "--", "true"], b"write it as name=value"),
        (["--label", "a-b=x", "--", "true"], b"label name 'a-b'"),
        (["--addr", "nowhere", "--", "true"], b"address 'nowhere'"),
    ],
)
def test_wrong_usage_runs_nothing(arguments: list[str], told: bytes) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "logctl", "run", *arguments], capture_output=True, timeout=20, check=False
    )
    assert done.returncode == 2
    assert told in done.stderr
