"""``logctl push``: every line arrives or is reported."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.ingest_client.receiver import Reply, receiving, refusal
from tests.logctl.recorded import logctl


def test_lines_of_standard_input_arrive_with_labels_and_metadata() -> None:
    with receiving() as receiver:
        before_ns = time.time_ns()
        run = logctl(
            "push", "--label=job=trtexec", "--label", 'gpu="0"', "--metadata=level=warn", "--org-id=edge",
            stdin="first\r\n\n[W] größer\nno newline".encode() + b" \xff", LOKI_ADDR=receiver.url,
        )  # fmt: skip
        assert (run.returncode, run.stdout, run.stderr) == (0, "", "4 lines accepted\n")
        assert receiver.lines == ["first", "", "[W] größer", "no newline \ufffd"]
        assert receiver.pushes[0][0] == {"gpu": "0", "job": "trtexec"}
        assert {value[2]["level"] for value in receiver.values} == {"warn"}
        assert before_ns < int(receiver.values[0][0]) < time.time_ns()
        assert receiver.requests[0][2]["X-Scope-OrgID"] == "edge"


def test_files_are_sent_one_after_the_other_with_a_default_label(tmp_path: Path) -> None:
    for name in ("b", "a"):
        (tmp_path / name).write_text(f"{name} 1\n{name} 2\n")
    with receiving() as receiver:
        run = logctl("-q", "push", str(tmp_path / "b"), str(tmp_path / "a"), LOKI_ADDR=receiver.url)
        assert (run.returncode, run.stderr) == (0, "")
        assert receiver.lines == ["b 1", "b 2", "a 1", "a 2"]
        assert receiver.pushes[0][0] == {"job": "logctl"}


def test_a_file_larger_than_the_queue_loses_nothing_to_a_slow_server(tmp_path: Path) -> None:
    lines = [f"line {number} {'x' * 50}" for number in range(60_000)]
    (tmp_path / "large").write_text("\n".join(lines))
    with receiving(lambda: Reply(delay_s=0.02)) as receiver:
        run = logctl("push", str(tmp_path / "large"), LOKI_ADDR=receiver.url)
        assert (run.returncode, run.stderr) == (0, "60000 lines accepted\n")
        assert receiver.lines == lines


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (refusal(400, "entry too old\nmore"), "answers 400: entry too old"),
        (refusal(401, "no org id\n"), "401: no org id"),
        (refusal(500, "disk full"), "500: disk full"),
        (Reply(reset=True, keep=False), "does not answer"),
    ],
)
def test_lines_that_are_not_accepted_are_one_line_and_status_1(reply: Reply, told: str) -> None:
    with receiving(lambda: reply) as receiver:
        run = logctl("push", stdin=b"a\nb\n", LOKI_ADDR=receiver.url)
    assert (run.returncode, run.stdout) == (1, "")
    assert run.stderr.startswith("logctl: 2 of 2 lines not accepted: ")
    assert told in run.stderr
    assert run.stderr.count("\n") == 1


def test_retries_carry_a_push_over_a_passing_failure() -> None:
    replies = [refusal(503), refusal(429)]
    with receiving(lambda: replies.pop() if replies else Reply()) as receiver:
        run = logctl("push", "--retries=3", stdin=b"a\n", LOKI_ADDR=receiver.url)
        assert run.returncode == 0
        assert receiver.lines == ["a"]


def test_an_unreachable_server_is_told_at_once() -> None:
    run = logctl("push", stdin=b"a\n" * 100_000, LOKI_ADDR="http://127.0.0.1:9")
    assert run.returncode == 1
    assert "http://127.0.0.1:9 does not answer: Connection refused" in run.stderr
    assert run.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        (["--label=job"], 2, "write it as name=value"),
        (["--label==x"], 2, "write it as name=value"),
        (["--metadata=x"], 2, "write it as name=value"),
        (["--label=a-b=x"], 2, "label name 'a-b'"),
        (["/nowhere/file"], 1, "/nowhere/file: No such file or directory"),
        (["/"], 1, "/: Is a directory"),
    ],
)
def test_wrong_arguments_are_named(arguments: list[str], status: int, told: str) -> None:
    run = logctl("push", *arguments, LOKI_ADDR="http://127.0.0.1:9")
    assert run.returncode == status
    assert told in run.stderr
    assert run.stderr.count("\n") == 1
