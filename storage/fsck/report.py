"""What a check found."""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = ["START_DOES", "Finding", "Report"]

START_DOES = "the next start sets it aside and goes on without it; restore it from a backup"


@dataclass(frozen=True, slots=True)
class Finding:
    """One object that is not as it should be. ``is_mended``: the check has put it right."""

    name: str
    problem: str
    remedy: str
    is_mended: bool = False


@dataclass(slots=True)
class Report:
    """Counts of what was looked at, in objects, rows and bytes, and what is wrong."""

    parts: int = 0
    rows: int = 0
    part_bytes: int = 0
    log_files: int = 0
    log_records: int = 0
    deletes: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        return all(finding.is_mended for finding in self.findings)
