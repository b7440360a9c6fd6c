"""``logctl fsck``: is every file of a data folder what was written?"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from logctl.server_settings import add_settings_arguments
from logctl.upkeep import run_upkeep

if TYPE_CHECKING:
    from server.upkeep import Report

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of this command."""
    add_settings_arguments(parser)
    parser.add_argument(
        "--rebuild", action="store_true", help="make lost and damaged indexes again; the server must not be running"
    )


def run(args: argparse.Namespace) -> int:
    """Print what was checked and what is wrong; 1 when something is and was not mended."""
    from server.upkeep import check

    return run_upkeep(args, "checking", lambda settings, progress: check(settings, args.rebuild, progress), _show)


def _show(report: Report) -> int:
    for finding in report.findings:
        end = "mended" if finding.is_mended else finding.remedy
        print(f"{finding.name}: {finding.problem}: {end}")
    print(_summary(report))
    return 0 if report.is_clean else 1


def _summary(report: Report) -> str:
    end = f"{len(report.findings)} findings" if report.findings else "all is well"
    return (
        f"{report.parts} parts with {report.rows} lines in {report.part_bytes} bytes, {report.log_files} log files "
        f"with {report.log_records} records, {report.deletes} delete requests: {end}"
    )
