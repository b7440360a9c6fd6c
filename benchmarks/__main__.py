"""The command: exit status 0 when all answers were as expected, 1 when one was wrong, 2 when the server failed."""

from __future__ import annotations

import sys

from benchmarks.arguments import parse_arguments
from benchmarks.connection import ServerRefused
from benchmarks.run import run


def main() -> int:
    arguments = parse_arguments()
    try:
        report = run(arguments)
    except (OSError, ServerRefused) as error:
        print(f"{arguments.url}: {error}", file=sys.stderr)
        return 2
    print(report.as_json() if arguments.output == "json" else report.as_table())
    return 1 if any(each.is_wrong for each in report.asked) else 0


if __name__ == "__main__":
    sys.exit(main())
