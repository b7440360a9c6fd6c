"""The journal, discovery files, limits of lines, and the agent's own pages."""

from __future__ import annotations

import json
import os
import stat
import time
import urllib.error
import urllib.request
from collections import Counter
from pathlib import Path

import pytest

from ingest_client.agent.config.model import FileDiscovery, JournalConfig, LineLimits, ScrapeConfig
from ingest_client.agent.config.section import Findings, Section
from ingest_client.agent.discovery import discovered_targets
from ingest_client.agent.journal import Journal, journal_command, journal_labels, row_of
from ingest_client.agent.line_limits import LimitedLines
from ingest_client.agent.metrics import Registry
from ingest_client.agent.relabel import read_rules
from ingest_client.agent.web import Pages, as_json

ENTRY = {
    "__CURSOR": "s=1",
    "__REALTIME_TIMESTAMP": "1716235406123456",
    "MESSAGE": "NVRM: Xid (PCI:0000:44:00): 79",
    "_SYSTEMD_UNIT": "k.service",
    "PRIORITY": "3",
}
CONFIG = JournalConfig({"job": "kernel"}, matches=("_TRANSPORT=kernel",))


def test_entries_of_the_journal_are_rows() -> None:
    rules = read_rules(
        Section(
            {"relabel_configs": [{"source_labels": ["__journal__systemd_unit"], "target_label": "unit"}]},
            "",
            Findings(),
        )
    )
    row = row_of(ENTRY, CONFIG, rules, "name")
    assert row is not None
    assert (row.line, row.ts_ns) == ("NVRM: Xid (PCI:0000:44:00): 79", 1_716_235_406_123_456_000)
    assert row.labels == {"job": "kernel", "unit": "k.service"}
    assert journal_labels(ENTRY)["__journal_priority_keyword"] == "error"
    as_json_row = row_of(ENTRY, JournalConfig({}, as_json=True), (), "name")
    assert as_json_row is not None
    assert json.loads(as_json_row.line) == ENTRY


@pytest.mark.parametrize(("message", "line"), [([104, 105], "hi"), (None, ""), ("x", "x"), ([999], "")])
def test_messages_that_are_no_text(message: object, line: str) -> None:
    row = row_of({**ENTRY, "MESSAGE": message}, CONFIG, (), "name")
    assert row is not None
    assert row.line == line


def test_the_journal_is_read_from_behind_the_cursor() -> None:
    assert "--after-cursor=c" in journal_command(CONFIG, "c")
    assert journal_command(CONFIG, "")[-3:] == ["--since=-25200s", "--no-tail", "_TRANSPORT=kernel"]


def test_a_program_is_followed_and_its_cursor_kept(tmp_path: Path) -> None:
    program = tmp_path / "journalctl"
    program.write_text(f"#!/bin/sh\necho '{json.dumps(ENTRY, separators=(',', ':'))}'\necho broken\nexec sleep 30\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    journal = Journal(lambda cursor: [str(program)], lambda entry: row_of(entry, CONFIG, (), "n"), "")
    deadline_s = time.monotonic() + 10
    rows = journal.read()
    while not rows and time.monotonic() < deadline_s:
        time.sleep(0.01)
        rows = journal.read()
    assert [row.line for row in rows] == [ENTRY["MESSAGE"]]
    assert (journal.taken_cursor(), journal.taken_cursor()) == ("s=1", "")
    journal.close()


def test_without_a_journal_the_agent_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    troubles: list[str] = []
    config = ScrapeConfig("a", "a", journal=CONFIG)
    assert Journal.start(config, {}, lambda kind, text: troubles.append(text)) is None
    assert "there is no journalctl here" in troubles[0]


def test_targets_come_from_files_and_change_with_them(tmp_path: Path) -> None:
    file = tmp_path / "t.yaml"
    discovery = FileDiscovery((str(tmp_path / "*.yaml"),))
    troubles: list[str] = []

    def targets() -> list[str]:
        return [target.path for target in discovered_targets(discovery, lambda kind, text: troubles.append(text))]

    file.write_text("- targets: [localhost]\n  labels: {job: a, __path__: /x/*.log}\n- labels: {__path__: /y}\n")
    assert targets() == ["/x/*.log", "/y"]
    file.write_text("- labels: {__path__: /zzz}\n")
    os.utime(file, (5, 5))
    assert targets() == ["/zzz"]
    assert set(troubles) == {""}
    file.write_text("- {")
    assert targets() == []
    assert "t.yaml" in troubles[-1]


@pytest.mark.parametrize(
    ("limits", "lines", "kept"),
    [
        (LineLimits(max_line_bytes=4), ["abcd", "abcde", "ääx", "ää"], ["abcd", "ää"]),
        (LineLimits(max_line_bytes=3, truncates=True), ["abcd", "ää"], ["abc", "ä"]),
        (LineLimits(), ["x" * 100], ["x" * 100]),
        (LineLimits(lines_per_s=1, burst=2, drops=True), ["a", "b", "c"], ["a", "b"]),
    ],
)
def test_limits_of_lines(limits: LineLimits, lines: list[str], kept: list[str]) -> None:
    dropped: Counter[str] = Counter()
    assert LimitedLines(limits, dropped, lambda: 0.0).apply(lines) == kept
    assert dropped.total() == (0 if limits.truncates else len(lines) - len(kept))


def test_lines_over_the_rate_wait() -> None:
    slept: list[float] = []
    limited = LimitedLines(LineLimits(lines_per_s=10, burst=2), Counter(), lambda: 0.0, slept.append)
    assert limited.apply(["a"] * 7) == ["a"] * 7
    assert slept == [0.5]


def test_pages() -> None:
    registry = Registry()
    registry.family("lines_total", "all", "counter").add(3, {"a": 'quote " back \\ line \n'})
    pages = Pages("127.0.0.1", 0, {"/metrics": lambda: ("text/plain", registry.page()), "/x": lambda: as_json([1])})
    url = f"http://127.0.0.1:{pages.port}"
    with urllib.request.urlopen(f"{url}/metrics?a=b", timeout=5) as answer:
        assert 'lines_total{a="quote \\" back \\\\ line \\n"} 3' in answer.read().decode()
    with urllib.request.urlopen(f"{url}/x", timeout=5) as answer:
        assert json.loads(answer.read()) == [1]
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(f"{url}/none", timeout=5)
    caught.value.close()
    assert caught.value.code == 404
    pages.close()


def test_idle_metrics_are_forgotten() -> None:
    registry = Registry()
    registry.family("m", "m", "counter", max_idle_s=1e-9).add(1)
    assert registry.page() == "\n"
