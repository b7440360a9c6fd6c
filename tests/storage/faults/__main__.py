"""The full sweep: every scenario, fault, outcome and seed. ``python -m tests.storage.faults [SEEDS [SCENARIO...]]``."""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence

from storage.kernels import load_kernels
from tests.storage.faults.scenarios import SCENARIOS
from tests.storage.faults.sweep import sweep


def main(seeds: int, names: Sequence[str]) -> None:
    """Prints a line a scenario; raises AssertionError, naming the round, at the first row lost."""
    logging.disable(logging.CRITICAL)
    load_kernels()
    all_rounds = all_hits = 0
    for scenario in SCENARIOS:
        if names and scenario.name not in names:
            continue
        hits = list(sweep(scenario, seeds=range(seeds)))
        all_rounds, all_hits = all_rounds + len(hits), all_hits + sum(hits)
        print(f"{scenario.name}: {len(hits)} rounds, {sum(hits)} faults injected, 0 rows lost", flush=True)
    print(f"all: {all_rounds} rounds, {all_hits} faults injected, 0 rows lost")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5, sys.argv[2:])
