"""Everything a query can fail with. The texts are Loki's where clients match them.

QueryError                  base; ``status`` is the HTTP status that fits
|-- ParseError              the query is not LogQL, or breaks a rule of it (400)
|-- PipelineError           an entry of a metric query carries an error label (400)
|-- LimitExceeded           a limit of the tenant or of the server (400)
|   `-- QueryBlocked        the tenant's operator does not want it (400)
|-- QueryTimeout            the deadline passed (504)
`-- QueryCancelled          the client went away (499)
"""

from __future__ import annotations

from storage.labels import Labels


class QueryError(Exception):
    """Base of all errors of this package; ``str()`` is the text for the user."""

    status = 400


class ParseError(QueryError):
    """``parse error at line 1, col 11: syntax error: ...`` or ``parse error : ...`` when no position applies."""

    def __init__(self, message: str, line: int | None = None, column: int | None = None) -> None:
        where = " " if line is None else f" at line {line}, col {column}"
        super().__init__(f"parse error{where}: {message}")
        self.message, self.line, self.column = message, line, column


class PipelineError(QueryError):
    """A metric query met an entry whose labels carry ``__error__``: its number would be wrong, so there is none."""

    def __init__(self, labels: Labels) -> None:
        error = labels["__error__"]
        super().__init__(
            f"pipeline error: '{error}' for series: '{labels.text}'.\n"
            f'Use a label filter to intentionally skip this error. (e.g | __error__!="{error}").\n'
            'To skip all potential errors you can match empty errors.(e.g __error__="")\n'
            'The label filter can also be specified after unwrap. (e.g | unwrap latency | __error__="" )\n'
        )


class LimitExceeded(QueryError):
    """A limit was reached; the text names it and the remedy."""


class QueryBlocked(LimitExceeded):
    """The tenant's operator has blocked this query, or all of its kind."""

    def __init__(self) -> None:
        super().__init__("query blocked by policy")


class QueryTimeout(QueryError):
    """The query's deadline passed."""

    status = 504

    def __init__(self) -> None:
        super().__init__(
            "request timed out, decrease the duration of the request or add more label matchers "
            "(prefer exact match over regex match) to reduce the amount of data processed"
        )


class QueryCancelled(QueryError):
    """Nobody waits for the answer any more."""

    status = 499

    def __init__(self) -> None:
        super().__init__("the request was cancelled by the client")
