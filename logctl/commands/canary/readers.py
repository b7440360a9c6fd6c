"""The two ways of reading lines back: asking again and again, and one tail for the whole time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence

from logctl.api import Api
from logctl.commands.canary.ledger import QUERY, TAIL, Ledger, Order
from logctl.errors import CommandError
from logctl.live import Lost, Message, open_tail
from logctl.options import Connection
from logctl.times import Window

__all__ = ["QueryReader", "TailReader"]

_PAGE_LINES = 1000
_PAUSE_S = 0.5
_HISTORY_LINES = 1000


class QueryReader:
    """Asks for all lines that are owed; a failing server is no answer, and is asked again."""

    def __init__(self, connection: Connection, query: str) -> None:
        self._api, self._query = Api(connection), query
        self.trouble = ""

    def ask(self, ledger: Ledger) -> None:
        """One round."""
        owed = ledger.owed(QUERY)
        while owed is not None:
            window, asked_s = Window(owed[0], owed[1] + 1), time.time()
            limit = [("limit", str(_PAGE_LINES)), ("direction", "FORWARD")]
            try:
                data = self._api.query_range([("query", self._query), *limit, *window.parameters()])
            except CommandError as error:
                self.trouble = str(error)
                return
            found = _times(data["result"])
            is_cut = len(found) >= _PAGE_LINES
            end_ns = max(found)[0] if is_cut else window.end_ns
            ledger.answered([ts_ns for _, ts_ns in found], (window.start_ns, end_ns), asked_s, time.time())
            owed = (end_ns, owed[1]) if is_cut and end_ns > window.start_ns else None


class TailReader:
    """Reads one tail after the other until ``stopping``."""

    def __init__(self, connection: Connection, query: str) -> None:
        self._connection, self._query = connection, query
        self.trouble = ""
        self.reconnects = -1

    def run(self, ledger: Ledger, stopping: threading.Event, is_open: threading.Event) -> None:
        """``is_open`` is set when the first tail is."""
        begin_ns = time.time_ns()
        while not stopping.is_set():
            owed = ledger.owed(TAIL)
            where = [("start", str(min(owed[0], begin_ns) if owed else begin_ns)), ("limit", str(_HISTORY_LINES))]
            self.reconnects += 1
            try:
                with open_tail(self._connection, [("query", self._query), *where]) as receive:
                    is_open.set()
                    self._read(receive, ledger, stopping)
            except (Lost, CommandError) as error:
                self.trouble = str(error)
            begin_ns = time.time_ns()
            stopping.wait(_PAUSE_S)

    def _read(self, receive: Callable[[], Message], ledger: Ledger, stopping: threading.Event) -> None:
        order = Order()
        while not stopping.is_set():
            for _, ts_ns in _times(receive().get("streams") or []):
                ledger.came(ts_ns, order, time.time())


def _times(streams: Sequence[Message]) -> list[tuple[int, int]]:
    """The time of each entry, and the one that its line tells (-1 when it tells none)."""
    found = []
    for stream in streams:
        for value in stream["values"]:
            told = value[1].partition(" ")[0]
            found.append((int(value[0]), int(told) if told.isascii() and told.isdigit() else -1))
    return found
