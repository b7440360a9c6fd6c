"""Reading the log at start. Whatever the files hold, the server starts.

An unfinished record at the end of the last file is a write that a crash cut short: never acknowledged, it is cut off.
Anything else that cannot be read is damage: a copy of the file is set aside, the good records around it are used and
kept. What cannot be repaired (a full disk) stays as it is for the next start.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from storage.stores.log_files import LogFiles
from storage.wal.log import WriteAheadLog
from storage.wal.record import BadRecord, Record, read_records
from storage.wal.rows import KnownStreams

__all__ = ["Damage", "replay"]

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Damage:
    """Bytes of a log file that were given up: the file, the first bad byte and what is wrong there."""

    file: str
    offset: int
    cause: str


def replay(files: LogFiles, log: WriteAheadLog, apply: Callable[[Record], None]) -> list[Damage]:
    """Give every good record to ``apply`` in the order of writing and hand the files over to ``log``.

    Raises OSError when nothing of a file can be read: a start without its rows would number new records like those in
    it, and once they are flushed the next start would skip both.
    """
    numbers = files.numbers()
    known: KnownStreams = {}
    damages: list[Damage] = []
    for number in numbers:
        damages += _replay_file(files, log, apply, known, number, number == numbers[-1])
    return damages


def _replay_file(
    files: LogFiles,
    log: WriteAheadLog,
    apply: Callable[[Record], None],
    known: KnownStreams,
    number: int,
    is_last: bool,
) -> list[Damage]:
    path = str(files.path(number))
    try:
        data = files.read(number)
    except OSError as error:
        logger.error("log file %s cannot be read at once, so what can be read is taken: %s", path, error)
        data = files.read_around_damage(number)
        is_last = False  # the place of an unreadable record is no unfinished write
    sequences: dict[str, int] = {}
    bad: list[BadRecord] = []
    for record in read_records(data, known):
        if isinstance(record, BadRecord):
            bad.append(record)
            continue
        sequences[record.tenant] = record.sequence
        apply(record)
    log.adopt(number, sequences, _repair(files, number, data, bad, is_last))
    return [Damage(path, each.offset, each.cause) for each in bad if not (is_last and each.is_cut_off)]


def _repair(files: LogFiles, number: int, data: bytes, bad: list[BadRecord], is_last: bool) -> int:
    """Take the bad bytes out of the file; answers the size that it has now."""
    if not bad:
        return len(data)
    try:
        if is_last and bad[0].is_cut_off:
            logger.warning("log file %d ends in an unfinished write at byte %d: cut off", number, bad[0].offset)
            files.cut(number, bad[0].offset)
            return bad[0].offset
        copy = files.quarantine(number)
        for each in bad:
            cause = f"bytes {each.offset} to {each.stop}: {each.cause}"
            logger.error("log file %d is damaged (%s): a copy is kept as %s", number, cause, copy)
        good = _without(data, bad)
        files.replace(number, good)
        return len(good)
    except OSError as error:
        logger.error("damaged log file %s cannot be repaired now: %s", files.path(number), error)
        return len(data)


def _without(data: bytes, bad: list[BadRecord]) -> bytes:
    starts = [0, *(each.stop for each in bad)]
    stops = [*(each.offset for each in bad), len(data)]
    return b"".join(data[start:stop] for start, stop in zip(starts, stops, strict=True))
