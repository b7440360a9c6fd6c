"""Checking one part: its index, then every byte of its data."""

from __future__ import annotations

from functools import partial

from storage.fsck.problem import problem_of
from storage.fsck.report import START_DOES, Finding, Report
from storage.part import Part
from storage.part.names import ARROW_SUFFIX, INDEX_SUFFIX
from storage.part.rebuild import rebuild_index
from storage.part.sections import Builders
from storage.stores import Store

__all__ = ["check_part"]

_REBUILD = "logctl fsck --rebuild, or the next start, makes it from the data"


def check_part(store: Store, key: str, report: Report, builders: Builders | None) -> None:
    """Add what is wrong with a part to ``report``; one that a merge has replaced since it was listed is passed over.

    With ``builders`` a lost index is made again.
    """
    findings = [*_index_findings(store, key, builders)]
    if all(finding.is_mended for finding in findings):
        findings += _data_findings(store, key, report)
    if store.list(key):
        report.findings += findings


def _index_findings(store: Store, key: str, builders: Builders | None) -> list[Finding]:
    present = set(store.list(key))
    name, index_key = f"parts/{key}{INDEX_SUFFIX}", key + INDEX_SUFFIX
    if key + ARROW_SUFFIX not in present:
        return [Finding(name, "its data is missing", START_DOES)]
    problem = problem_of(lambda: Part.load(store, index_key)) if index_key in present else "the index is missing"
    if not problem:
        return []
    is_mended = builders is not None and not problem_of(partial(_rebuild, store, key, builders))
    return [Finding(name, problem, _REBUILD, is_mended)]


def _data_findings(store: Store, key: str, report: Report) -> list[Finding]:
    part = Part.load(store, key + INDEX_SUFFIX)
    problem = problem_of(part.verify)
    if problem:
        return [Finding(f"parts/{key}{ARROW_SUFFIX}", problem, "restore it from a backup")]
    report.parts += 1
    report.rows += part.index.rows
    report.part_bytes += part.index.arrow_bytes
    return []


def _rebuild(store: Store, key: str, builders: Builders) -> None:
    index, contents = rebuild_index(store, key, builders)
    store.put(key + INDEX_SUFFIX, index.to_bytes(contents))
