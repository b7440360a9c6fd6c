"""What a canary has found, for people and for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict

from logctl.commands.canary.ledger import Totals
from logctl.table import table_lines

__all__ = ["report_json", "report_lines"]

_HEADS = ("read by", ">seen", ">missing", ">late", ">duplicate", ">out of order", ">unexpected", ">mean", ">max")


def report_lines(totals: Totals) -> Iterator[str]:
    """A table; latencies from a line's time to when it was read."""
    yield f"{totals.written} lines written, {totals.refused} refused"
    rows = []
    for name, reader in totals.readers.items():
        counts = (reader.seen, reader.missing, reader.late, reader.duplicate, reader.out_of_order, reader.unexpected)
        mean_s = reader.latency_sum_s / max(reader.seen, 1)
        rows.append([name, *map(str, counts), f"{mean_s:.3f} s", f"{reader.latency_max_s:.3f} s"])
    yield from table_lines(_HEADS, rows)


def report_json(totals: Totals) -> str:
    """The same in one line."""
    return json.dumps({**asdict(totals), "faults": totals.faults})
