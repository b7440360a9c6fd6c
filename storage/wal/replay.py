"""Reading the log at start. Whatever the files hold, the server starts.

A bad record at the end of the last file is a write that a crash cut short: never acknowledged, it is cut off. Anywhere
else it is damage: a copy of the file is set aside, the records before the damage are used, the next file is read on.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from storage.stores.log_files import LogFiles
from storage.wal.log import WriteAheadLog
from storage.wal.record import BadRecord, Record, read_records

__all__ = ["Damage", "replay"]

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Damage:
    """A damaged log file: where its copy is, the first bad byte and what is wrong there."""

    quarantined: str
    offset: int
    cause: str


def replay(files: LogFiles, log: WriteAheadLog, apply: Callable[[Record], None]) -> list[Damage]:
    """Give every good record to ``apply`` in the order of writing and hand the files over to ``log``."""
    numbers = files.numbers()
    damages = [_replay_file(files, log, apply, number, number == numbers[-1]) for number in numbers]
    return [damage for damage in damages if damage is not None]


def _replay_file(
    files: LogFiles, log: WriteAheadLog, apply: Callable[[Record], None], number: int, is_last: bool
) -> Damage | None:
    data = files.read(number)
    sequences: dict[str, int] = {}
    size, damage = len(data), None
    for record in read_records(data):
        if isinstance(record, BadRecord):
            size = record.offset
            damage = _set_aside(files, number, record, is_last)
            break
        sequences[record.tenant] = record.sequence
        apply(record)
    log.adopt(number, sequences, size)
    return damage


def _set_aside(files: LogFiles, number: int, bad: BadRecord, is_last: bool) -> Damage | None:
    if is_last:
        logger.info("log file %d ends in an unfinished write at byte %d: cut off", number, bad.offset)
        files.cut(number, bad.offset)
        return None
    where = files.quarantine(number)
    files.cut(number, bad.offset)
    logger.error("log file %d is damaged at byte %d (%s): a copy is kept as %s", number, bad.offset, bad.cause, where)
    return Damage(where, bad.offset, bad.cause)
