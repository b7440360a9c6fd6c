"""Deletes: what a tenant asked to be gone. Hidden from the moment it was asked, erased after the cancel window."""

from storage.deletes.hidden import HiddenSource, Hits
from storage.deletes.hiding import Hiding
from storage.deletes.journal import DeleteJournal, objects_by_request
from storage.deletes.request import DeleteRequest, DeleteState

__all__ = ["DeleteJournal", "DeleteRequest", "DeleteState", "HiddenSource", "Hiding", "Hits", "objects_by_request"]
