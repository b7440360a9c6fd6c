"""Merging parts: few large ones, sorted and well compressed, in the place of many small ones."""

from storage.merge.hooks import ColumnMaker, MergeHooks
from storage.merge.merge import Merge
from storage.merge.merger import Merger

__all__ = ["ColumnMaker", "Merge", "MergeHooks", "Merger"]
