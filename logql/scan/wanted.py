"""The sources that a query has to read, and the tally of those that it need not."""

from __future__ import annotations

from collections.abc import Sequence

from logql.scan.selection import Refusal, Selection
from logql.scan.tally import Tally
from storage.source import Source

__all__ = ["wanted_sources"]


def wanted_sources(sources: Sequence[Source], selection: Selection, tally: Tally) -> list[tuple[int, Source]]:
    """Sources that may hold rows of the answer, with their place in the order of ingestion."""
    refusals = [selection.refusal(source) for source in sources]
    judged = enumerate(zip(sources, refusals, strict=True))
    wanted = [(order, source) for order, (source, refusal) in judged if refusal is None]
    tally.planned(len(sources), len(wanted), refusals.count(Refusal.FILTERS))
    return wanted
