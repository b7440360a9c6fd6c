"""Log queries that go on: what is stored already, then every new row as its push is acknowledged."""

from logql.tail.held import HeldEntries
from logql.tail.inbox import DroppedEntry
from logql.tail.tail import Tail, TailQuery

__all__ = ["DroppedEntry", "HeldEntries", "Tail", "TailQuery"]
