"""The journal of systemd, through ``journalctl``: entries as rows, with a cursor to go on from.

A thread reads what the program writes into a bounded queue; when nobody takes, the pipe fills and the program waits.
"""

from __future__ import annotations

import json
import queue
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from typing import IO, Any

from ingest_client.agent.config.model import JournalConfig, ScrapeConfig
from ingest_client.agent.relabel import RelabelRule, relabelled
from ingest_client.agent.row import Row

__all__ = ["Journal", "journal_command", "journal_labels", "row_of"]

_QUEUED = 2_000
_PROGRAM = "journalctl"
_PRIORITIES = ("emerg", "alert", "crit", "error", "warning", "notice", "info", "debug")


def journal_command(config: JournalConfig, cursor: str) -> list[str]:
    """The program with its arguments: from behind the cursor, else from ``max_age`` on."""
    command = [_PROGRAM, "--output=json", "--follow", "--no-pager", "--all"]
    if config.path:
        command.append(f"--directory={config.path}")
    command += [f"--after-cursor={cursor}"] if cursor else [f"--since=-{round(config.max_age_s)}s", "--no-tail"]
    return [*command, *config.matches]


def journal_labels(entry: Mapping[str, Any]) -> dict[str, str]:
    """The fields of an entry as ``__journal_*`` labels, for relabelling."""
    labels = {f"__journal_{name.lower()}": value for name, value in entry.items() if isinstance(value, str)}
    priority = entry.get("PRIORITY")
    if isinstance(priority, str) and priority.isdigit() and int(priority) < len(_PRIORITIES):
        labels["__journal_priority_keyword"] = _PRIORITIES[int(priority)]
    return labels


def row_of(
    entry: Mapping[str, Any], config: JournalConfig, rules: tuple[RelabelRule, ...], job_name: str
) -> Row | None:
    """The row of an entry, at the time at which it was written; None where relabelling drops it."""
    labels = relabelled({"job": job_name, **journal_labels(entry), **config.labels}, rules)
    if labels is None:
        return None
    line = json.dumps(entry, ensure_ascii=False) if config.as_json else _message(entry.get("MESSAGE"))
    stamp = str(entry.get("__REALTIME_TIMESTAMP", ""))
    ts_ns = int(stamp) * 1_000 if stamp.isdigit() else time.time_ns()
    public = {name: value for name, value in labels.items() if not name.startswith("__")}
    return Row(line, ts_ns, public, "journal")


class Journal:
    """A running ``journalctl``. It is started again when it ends."""

    def __init__(self, command: Callable[[str], list[str]], make_row: Callable[[Any], Row | None], cursor: str) -> None:
        self._command, self._make_row = command, make_row
        self._queue: queue.Queue[str] = queue.Queue(_QUEUED)
        self._cursor, self._saved_cursor = cursor, cursor
        self._process: subprocess.Popen[str] | None = None
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="journal", daemon=True)
        self._thread.start()

    @classmethod
    def start(
        cls, config: ScrapeConfig, saved: Mapping[str, Any], complain: Callable[[str, str], None]
    ) -> Journal | None:
        """Start it; None, with a complaint, where there is no journal."""
        wanted = config.journal
        if wanted is None or shutil.which(_PROGRAM) is None:
            complain("journal", f"{config.job_name}: there is no {_PROGRAM} here, nothing is read from the journal")
            return None
        return cls(
            lambda cursor: journal_command(wanted, cursor),
            lambda entry: row_of(entry, wanted, config.relabel, config.job_name),
            str(saved.get("cursor", "")),
        )

    def read(self) -> list[Row]:
        """The rows that came since the last call."""
        rows = []
        for _ in range(_QUEUED):
            try:
                text = self._queue.get_nowait()
            except queue.Empty:
                break
            try:
                entry = json.loads(text)
                row = self._make_row(entry)
            except (ValueError, AttributeError):
                continue
            self._cursor = str(entry.get("__CURSOR", self._cursor))
            if row is not None:
                rows.append(row)
        return rows

    def taken_cursor(self) -> str:
        """The cursor of the last row that was read, if it is another one than at the last call."""
        if self._cursor == self._saved_cursor:
            return ""
        self._saved_cursor = self._cursor
        return self._cursor

    def close(self) -> None:
        """End the program."""
        self._closed.set()
        process = self._process
        if process is not None:
            process.terminate()
        self._thread.join(5.0)

    def _follow(self) -> None:
        cursor = self._cursor
        while not self._closed.is_set():
            with subprocess.Popen(
                self._command(cursor), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, errors="replace"
            ) as process:
                self._process = process
                cursor = self._pass_on(process.stdout, cursor)
                process.terminate()
            self._closed.wait(5.0)

    def _pass_on(self, lines: IO[str] | None, cursor: str) -> str:
        for line in lines or ():
            while not self._closed.is_set():
                try:
                    self._queue.put(line, timeout=0.5)
                    break
                except queue.Full:
                    continue
            if self._closed.is_set():
                return cursor
            cursor = _cursor_of(line) or cursor
        return cursor


def _cursor_of(line: str) -> str:
    start = line.find('"__CURSOR":"')
    return line[start + 12 : line.find('"', start + 12)] if start >= 0 else ""


def _message(value: object) -> str:
    """Messages that are no text come as a list of bytes."""
    if isinstance(value, list):
        try:
            return bytes(value).decode("utf-8", "replace")
        except (ValueError, TypeError):
            return ""
    return "" if value is None else str(value)
