"""Commits to servers: every client of the configuration gets every line; a commit is done when all of them are.

Lines wait on the disk, so that little is in memory: a commit is fed to the deliveries when they have room.
"""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import replace

from ingest_client.agent.commits import Commit, Commits
from ingest_client.agent.config.model import ClientConfig
from ingest_client.complaints import Complaints
from ingest_client.delivery.delivery import Delivery, Line
from ingest_client.settings import ClientSettings

__all__ = ["Shipper"]

# Memory of the lines that deliveries have, as counted below.
_MAX_FED_BYTES = 16 << 20
_LINE_BYTES = 250
_PAIR_BYTES = 130
_MAX_FED_ENTRIES = 200_000
# As a delivery counts, which is about twice what is sent: a request costs the server a sync, so few large ones.
_REQUEST_BYTES = 4 << 20
_OWN_LABELS = {"job": "ingest-client"}
_NO_LIMIT = 1 << 30


class Shipper:
    """``feed`` and ``deliver`` are called by the agent's thread, acknowledgements come on those of the deliveries."""

    def __init__(self, clients: tuple[ClientConfig, ...], commits: Commits, complaints: Complaints) -> None:
        self._clients, self._commits, self._complaints = clients, commits, complaints
        self._deliveries: dict[tuple[str, str], Delivery] = {}
        self._unfed: deque[tuple[int, Commit | None]] = deque((number, None) for number in commits.numbers)
        self._waiting: dict[int, int] = {}
        self._acknowledged: deque[int] = deque()
        self._lock = threading.Lock()
        self._fed_bytes: dict[int, int] = {}
        self.acknowledged_lines = 0

    def deliver(self, commit: Commit) -> None:
        """Have a commit sent when its turn comes."""
        # In memory only if it can go at once: else the disk has it.
        self._unfed.append((commit.number, commit if not self._unfed else None))

    def feed(self) -> bool:
        """Give the deliveries what they have room for, and settle what arrived; whether something moved."""
        moved = self._settle()
        while self._unfed and sum(self._fed_bytes.values()) < _MAX_FED_BYTES:
            number, commit = self._unfed.popleft()
            commit = commit or self._commits.load(number)
            if commit is not None:
                self._put(commit)
            moved = True
        return moved

    @property
    def waiting(self) -> int:
        """Commits that were not acknowledged by every server."""
        return len(self._unfed) + len(self._waiting)

    def deliveries(self) -> dict[tuple[str, str], Delivery]:
        """All of them, by client and tenant."""
        return dict(self._deliveries)

    def flush(self, timeout_s: float) -> bool:
        """Wait until what was fed is delivered; False when the time was too short."""
        flushed = [delivery.flush(timeout_s) for delivery in self._deliveries.values()]
        self._settle()
        return all(flushed)

    def close(self, timeout_s: float) -> None:
        """End all deliveries; what was not delivered is committed and goes first the next time."""
        for delivery in self._deliveries.values():
            delivery.close(timeout_s)
        self._settle()

    def _put(self, commit: Commit) -> None:
        parts = [(client, tenant, lines) for client in self._clients for tenant, lines in commit.lines.items()]
        parts = [part for part in parts if part[2][1]]
        with self._lock:
            self._waiting[commit.number] = len(parts)
        self._fed_bytes[commit.number] = sum(
            len(line) + _LINE_BYTES + _PAIR_BYTES * len(metadata)
            for _, _, (_, rows) in parts
            for _, _, line, metadata in rows
        )
        for client, tenant, (label_sets, rows) in parts:
            delivery = self._delivery(client, tenant)
            streams = [delivery.stream({**client.external_labels, **labels}) for labels in label_sets]
            lines: list[Line] = [
                (streams[index], ts_ns, line, metadata or None) for index, ts_ns, line, metadata in rows
            ]
            delivery.put(lines, lambda: self._one_done(commit.number))
        if not parts:
            self._acknowledged.append(commit.number)

    def _one_done(self, number: int) -> None:
        with self._lock:
            self._waiting[number] -= 1
            if self._waiting[number] == 0:
                self._acknowledged.append(number)

    def _settle(self) -> bool:
        moved = False
        while self._acknowledged:
            number = self._acknowledged.popleft()
            with self._lock:
                self._waiting.pop(number, None)
            self._fed_bytes.pop(number, None)
            self._commits.delivered(number)
            moved = True
        return moved

    def _delivery(self, client: ClientConfig, tenant: str) -> Delivery:
        key = (client.name, tenant)
        delivery = self._deliveries.get(key)
        if delivery is None:
            delivery = self._deliveries[key] = Delivery(_settings(client, tenant), _OWN_LABELS, self._complaints)
        return delivery


def _settings(client: ClientConfig, tenant: str) -> ClientSettings:
    """A client's settings for one tenant: nothing is dropped or changed here, since the commit says what is sent."""
    settings = client.settings
    credentials = replace(settings.credentials, tenant=tenant or settings.credentials.tenant)
    return replace(
        settings,
        credentials=credentials,
        batch_bytes=_REQUEST_BYTES,
        max_entries=_MAX_FED_ENTRIES,
        max_bytes=8 * _MAX_FED_BYTES,
        wire="json",
        gzip_level=1,
        batch_wait_s=0.02,
        max_label_values=_NO_LIMIT,
    )
