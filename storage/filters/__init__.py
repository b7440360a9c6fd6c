"""Skip filters: per chunk, which short texts its lines and metadata hold, so that queries skip chunks unread.

A filter permits to skip and never decides an answer: it may say that a text could be there when it is not, never the
other way round. See ``grams`` for what is kept, ``docs/format/filters.md`` for the bytes.
"""

from storage.filters.builder import FilterBuilder
from storage.filters.escapes import plain_pieces
from storage.filters.grams import GramKeys
from storage.filters.reader import PartFilters
from storage.filters.shelf import kept_filters

__all__ = ["FilterBuilder", "GramKeys", "PartFilters", "kept_filters", "plain_pieces"]
