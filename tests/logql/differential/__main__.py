"""Replays rounds: ``python -m tests.logql.differential --seed N [--pair K] [--rounds R]``."""

from __future__ import annotations

import argparse
import sys
import time

from tests.logql.differential.rounds import Tally, entries_of_round, play


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pair", type=int, help="only this pair of the round, with its entries")
    parser.add_argument("--rounds", type=int, default=1, help="this many seeds from --seed on")
    arguments = parser.parse_args()
    if arguments.pair is not None:
        _show(arguments.seed)
        tally = play(arguments.seed, [arguments.pair])
    else:
        tally = _play_all(range(arguments.seed, arguments.seed + arguments.rounds))
    print(*tally.differences, tally, sep="\n\n")
    return 1 if tally.differences else 0


def _play_all(seeds: range) -> Tally:
    began_s, tally = time.perf_counter(), Tally()
    for seed in seeds:
        tally.add(play(seed))
    print(f"{time.perf_counter() - began_s:.1f} s")
    return tally


def _show(seed: int) -> None:
    entries = entries_of_round(seed)
    for entry in entries:
        print(entry.ts, entry.labels.text, sorted(entry.metadata), repr(entry.line))


if __name__ == "__main__":
    sys.exit(main())
