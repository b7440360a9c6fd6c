"""What a delete request means: the rows that its log query selects."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from logql.ast import LabelFilterStage, LineFilter, LogQuery, ParserStage
from logql.errors import QueryError
from logql.scan.selection import Selection
from logql.stages.pipeline import Pipeline
from logql.streams import stream_matcher
from logql.syntax import parse
from logql.syntax.validate import validate
from storage.deletes import DeleteRequest, Hits
from storage.source import Source

__all__ = ["delete_hits", "parse_delete"]

_STAGES = (LineFilter, LabelFilterStage, ParserStage)


def parse_delete(text: str) -> LogQuery:
    """The query of a delete request: a selector with line filters, parsers and label filters. Raises QueryError."""
    expr = parse(text)
    validate(expr)
    if not isinstance(expr, LogQuery) or not all(isinstance(stage, _STAGES) for stage in expr.stages):
        raise QueryError("a delete takes a log query with line filters, parsers and label filters only")
    return expr


def delete_hits(request: DeleteRequest) -> Hits:
    """Raises ValueError for a query that this version cannot read."""
    try:
        query = parse_delete(request.query)
        deciding = Pipeline.deciding(query.stages)
    except QueryError as error:
        raise ValueError(str(error)) from error
    matches = stream_matcher(query.selector)

    def hits(source: Source) -> NDArray[np.bool_] | None:
        # One for each source: requests live for days, and a selection remembers every table of streams it has seen.
        selection = Selection(matches, request.start_ns, request.end_ns + 1)
        if not selection.may_hold(source):
            return None
        frame = deciding(selection.frame(source))
        if not len(frame):
            return None
        hit = np.zeros(len(source), np.bool_)
        hit[frame.rows] = True
        return hit

    return hits
