"""Reading all of a data folder as a start would, and further: every chunk, every section, every record.

Looking changes nothing, so it can be done beside a running server; what that server replaces meanwhile is left out.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from storage.deletes import DeleteRequest, objects_by_request
from storage.fsck.parts import check_part
from storage.fsck.problem import problem_of
from storage.fsck.report import START_DOES, Finding, Report
from storage.part import Stores, part_keys
from storage.part.sections import BUILDERS, Builders
from storage.progress import Progress, silent
from storage.stores import DiskStore, LogFiles
from storage.wal import BadRecord, read_records

__all__ = ["check_folder"]

_TWICE = "the next start makes it from the other of its two"


def check_folder(
    root: Path, stores: Stores, rebuild: bool = False, progress: Progress = silent, builders: Builders = BUILDERS
) -> Report:
    """Check the log, the parts of all ``stores`` and the delete requests below ``root``.

    With ``rebuild`` lost and damaged indexes are made again, with the sections that ``builders`` make; then no server
    may use the folder. Raises OSError when a store cannot be listed.
    """
    report = Report()
    _check_log(LogFiles(root / "wal"), report)
    _check_deletes(DiskStore(root / "deletes"), report)
    keys = [(store, key) for store in stores.all for key in part_keys(store.list())]
    for number, (store, key) in enumerate(keys):
        check_part(store, key, report, builders if rebuild else None)
        progress(number + 1, len(keys))
    return report


def _check_log(files: LogFiles, report: Report) -> None:
    numbers = files.numbers()
    for number in numbers:
        report.log_files += 1
        for record in read_records(files.read(number)):
            if not isinstance(record, BadRecord):
                report.log_records += 1
            elif not (record.is_cut_off and number == numbers[-1]):
                problem = f"bytes {record.offset} to {record.stop}: {record.cause}"
                report.findings.append(Finding(f"wal/{files.path(number).name}", problem, START_DOES))


def _check_deletes(store: DiskStore, report: Report) -> None:
    for objects in objects_by_request(store.list()):
        report.deletes += 1
        problems = {key: problem_of(partial(_read_delete, store, key)) for key in objects}
        remedy = _TWICE if "" in problems.values() else "its rows are seen again: ask for it again"
        report.findings += [Finding(f"deletes/{key}", problem, remedy) for key, problem in problems.items() if problem]


def _read_delete(store: DiskStore, key: str) -> DeleteRequest:
    return DeleteRequest.from_bytes(store.get(key), key)
