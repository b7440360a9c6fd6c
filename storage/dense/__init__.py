"""Keys of JSON and logfmt lines as columns of a part: which keys, how they are stored, and reading them again.

What a line holds is said by readers that come from above, so that a column is what a query's parser would find.
"""

from storage.dense.chunk import DenseLines
from storage.dense.columns import dense_columns
from storage.dense.document import FACTS, DenseFacts, facts_of
from storage.dense.merging import planned_columns
from storage.dense.plan import DensePlan, DensePlanner
from storage.dense.reader import FOUND, NOTHING, UNREAD, LineReader, ReadLines

__all__ = [
    "FACTS",
    "FOUND",
    "NOTHING",
    "UNREAD",
    "DenseFacts",
    "DenseLines",
    "DensePlan",
    "DensePlanner",
    "LineReader",
    "ReadLines",
    "dense_columns",
    "facts_of",
    "planned_columns",
]
