"""``logctl parts``, ``retention``, ``delete``, ``backup`` and ``fsck`` on a real server."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from logctl.table import size_text, table_lines
from tests.end_to_end.conftest import ServerMaker
from tests.end_to_end.server_process import ServerProcess


@pytest.fixture
def server(make_server: ServerMaker, monkeypatch: pytest.MonkeyPatch) -> ServerProcess:
    """Eight lines of two days in two parts of each day; lines of ``env="dev"`` have expired."""
    rule = {"selector": '{env="dev"}', "period": "1h", "priority": 1}
    limits = {"reject_old_samples": False, "retention_stream": [rule]}
    made = make_server({"limits_config": limits, "storage": {"merges": False, "keep_interval": "1h"}})
    monkeypatch.setenv("LOKI_ADDR", made.url)
    now_ns = time.time_ns()
    for part in range(2):
        streams = [
            {
                "stream": {"app": "web", "env": env},
                "values": [
                    [str(now_ns - (days * 86_400 + 60 + part) * 10**9), f"{env} {part} {days}"] for days in (0, 1)
                ],
            }
            for env in ("prod", "dev")
        ]
        assert made.client().push_json(streams).status == 204
        assert made.client().post("/flush").status == 204
    return made


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "logctl", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def ask(*arguments: str) -> str:
    done = run(*arguments)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def lines() -> set[str]:
    return set(ask("query", '<app="web">', "--since", "72h", "--output", "raw").splitlines())


def test_parts_are_listed_and_summed(server: ServerProcess) -> None:
    head, *rows, total = ask("parts").splitlines()
    assert head.split()[:4] == ["from", "to", "lines", "streams"]
    assert [row.split()[2] for row in rows] == ["2"] * 4
    assert total.startswith("4 parts: 8 lines, ")
    assert server.client().post("/skaldlog/api/v1/merge").status == 204
    merged = [json.loads(row) for row in ask("parts", "-o", "jsonl").splitlines()]
    assert [(part["rows"], part["is_merged"], part["store"]) for part in merged] == [(4, True, "disk")] * 2


def test_retention_tells_and_then_does(server: ServerProcess) -> None:
    said = ask("retention", "--dry-run")
    assert said.count("rewrite") == 2
    assert "1 of 2 streams are older than their retention periods" in said
    assert len(lines()) == 8
    assert ask("retention") == said
    assert lines() == {"prod 0 0", "prod 0 1", "prod 1 0", "prod 1 1", "dev 0 0", "dev 1 0"}
    assert ask("retention", "--dry-run") == ""


def test_deletes_are_asked_for_listed_and_taken_back(server: ServerProcess) -> None:
    request_id = ask("delete", "create", '<env="dev"> |= "dev 1"', "--since", "72h").strip()
    assert not {"dev 1 0", "dev 1 1"} & lines()
    listed = ask("delete", "list").splitlines()
    assert listed[1].split()[:2] == [request_id, "received"]
    assert listed[1].endswith('{env="dev"} |= "dev 1"')
    assert ask("delete", "cancel", request_id) == ""
    assert len(lines()) == 8
    again = run("delete", "cancel", request_id)
    assert (again.returncode, "could not find delete request" in again.stderr) == (1, True)


@pytest.mark.parametrize("arguments", [["delete", "create"], ["delete", "cancel"]])
def test_a_delete_needs_to_know_what(arguments: list[str]) -> None:
    done = run(*arguments)
    assert (done.returncode, arguments[1] in done.stderr) == (2, True)


def test_a_copy_of_a_running_server_is_sound(server: ServerProcess, tmp_path: Path) -> None:
    ask("backup", "--data", str(server.data), str(tmp_path / "backups"))
    ask("restore", "--data", str(tmp_path / "copy"), str(tmp_path / "backups"))
    assert ask("fsck", "--data", str(tmp_path / "copy")).startswith("4 parts with 8 lines")
    assert ask("fsck", "--data", str(server.data)).strip().endswith("all is well")


def test_a_table_aligns_numbers_to_the_right() -> None:
    rows = [["a", "1", "x"], ["long", "100", "\x1b[31m"]]
    assert list(table_lines(("name", ">n", "end"), rows)) == ["name    n  end", "a       1  x", "long  100  \\x1b[31m"]


@pytest.mark.parametrize(
    ("size_bytes", "text"), [(0, "0 B"), (999, "999 B"), (1536, "1.5 KB"), (5 << 20, "5 MB"), (3 << 50, "3.07e+03 TB")]
)
def test_sizes(size_bytes: int, text: str) -> None:
    assert size_text(size_bytes) == text
