"""Checking a data folder: every file against its checksums, and making lost indexes again."""

from storage.fsck.check import check_folder
from storage.fsck.report import Finding, Report

__all__ = ["Finding", "Report", "check_folder"]
