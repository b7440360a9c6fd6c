"""What a client and a delivery share: the sender over one source, its state folder, its counters."""

from __future__ import annotations

from pathlib import Path

from ingest_client.clock import Clock
from ingest_client.complaints import Complaints
from ingest_client.counters import Counters
from ingest_client.delivery.destination import Destination
from ingest_client.delivery.endpoint import Endpoint
from ingest_client.delivery.outbox import Outbox
from ingest_client.delivery.sender import Sender
from ingest_client.delivery.tallies import Tallies
from ingest_client.entries.entry import Stream
from ingest_client.settings import ClientSettings
from ingest_client.sources.source import Source
from ingest_client.state.backlog import Backlog
from ingest_client.state.deadletters import DeadLetters
from ingest_client.state.folder import StateFolder

__all__ = ["Engine", "open_folder"]


def open_folder(settings: ClientSettings, complaints: Complaints) -> StateFolder | None:
    """The state folder of this process; None when none is wanted or the directory cannot be used."""
    if settings.directory is None:
        return None
    name = f"{Endpoint.parse(settings.url)} {settings.credentials.tenant or ''}".rstrip()
    try:
        return StateFolder.create(Path(settings.directory), name)
    except OSError as error:
        complaints.complain("directory", f"{settings.directory} cannot be used: {error}; lines are kept in memory only")
        return None


class Engine:
    """Started at construction, stopped once. Raises InvalidSettings."""

    def __init__(
        self,
        settings: ClientSettings,
        source: Source,
        folder: StateFolder | None,
        notices: Stream,
        complaints: Complaints,
        clock: Clock,
    ) -> None:
        self._source, self._clock, self._tallies = source, clock, Tallies()
        self._destination = Destination(settings, complaints)
        self._backlog = _open_backlog(folder, settings, self._tallies, complaints)
        dead_letters = DeadLetters(Path(settings.directory) if settings.directory and self._backlog else None)
        outbox = Outbox(self._destination, self._backlog, dead_letters, self._tallies, complaints, settings.max_tries)
        self.sender = Sender(settings, source, outbox, notices, complaints, clock)
        self.sender.start()

    def counters(self, accepted: int, queued_bytes: int, refused: int) -> Counters:
        """A snapshot; exact once the sender is idle."""
        tallies, backlog = self._tallies, self._backlog
        return Counters(
            accepted=accepted + refused,
            queued=len(self._source),
            queued_bytes=queued_bytes,
            delivered=tallies.delivered,
            delivered_bytes=self._destination.delivered_bytes,
            dropped_buffer_full=self._source.dropped,
            dropped_rejected=tallies.rejected,
            dropped_undelivered=tallies.undelivered + refused,
            dropped_spool_full=backlog.dropped if backlog else 0,
            retries=self._destination.retries,
            spooled=backlog.pending_lines if backlog else 0,
            spooled_bytes=backlog.pending_bytes if backlog else 0,
            spool_faults=backlog.faults + backlog.damaged if backlog else 0,
            recovered=tallies.recovered,
            restamped=tallies.restamped + self._clock.corrections,
            request_seconds=self._destination.seconds,
        )

    def forget(self) -> None:
        """In a forked child: the thread is gone, everything else is the parent's."""
        self._destination.forget()
        if self._backlog is not None:
            self._backlog.forget()


def _open_backlog(
    folder: StateFolder | None, settings: ClientSettings, tallies: Tallies, complaints: Complaints
) -> Backlog | None:
    if folder is None:
        return None
    try:
        return Backlog(folder, settings, tallies, complaints)
    except OSError as error:
        complaints.complain("directory", f"{folder.path} cannot be used: {error}; lines are kept in memory only")
        return None
