"""The write-ahead log: what makes a 204 survive SIGKILL and a power cut. Format: docs/format/log.md."""

from storage.wal.log import WriteAheadLog
from storage.wal.record import BadRecord, Record, read_records
from storage.wal.replay import Damage, replay

__all__ = ["BadRecord", "Damage", "Record", "WriteAheadLog", "read_records", "replay"]
