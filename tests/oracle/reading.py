"""How far a parser reads a line of a metric query: until every needed label was found (section 17.2).

"Found" can be read as set on the entry by any stage, or as seen on the line by this parser, whatever became of it. A
defect that only one of the two would meet has no answer that the page decides.
"""

from __future__ import annotations

from tests.oracle.errors import Unspecified
from tests.oracle.row import Row

__all__ = ["Reading"]


class Reading:
    """One parser on one row."""

    def __init__(self, row: Row) -> None:
        self._row = row
        self._seen: set[str] = set()

    def take(self, name: str, value: str) -> None:
        """The label ``name``, not yet renamed by a collision, is on the line."""
        self._seen.add(name)
        self._row.extract(name, value)

    @property
    def _ends(self) -> tuple[bool, bool]:
        return self._row.needed.is_found_in(self._row.found), self._row.needed.is_found_in(self._seen)

    @property
    def is_over(self) -> bool:
        return all(self._ends)

    def fail(self, error: str, details: str) -> None:
        """The line has a defect here."""
        if any(self._ends):
            raise Unspecified("a defect behind labels that may count as found")
        self._row.fail(error, details, is_parser=True)
