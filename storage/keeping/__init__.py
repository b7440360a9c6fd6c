"""Keeping: what has expired or was deleted leaves the stores, and what is old moves to the bucket."""

from storage.keeping.hooks import merge_hooks
from storage.keeping.keeper import Keeper

__all__ = ["Keeper", "merge_hooks"]
