"""Rounds of pairs: one dataset in one store, many questions about it. A seed makes a round, a number its question.

Parts of odd rounds have dense columns.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.logql.differential.datasets import dataset, segments
from tests.logql.differential.pairs import Outcome, Pair, compared, drawn_pair
from tests.logql.differential.stores import opened
from tests.storage.entries import Entry

__all__ = ["PAIRS_PER_ROUND", "Tally", "entries_of_round", "pair_of_round", "play"]

PAIRS_PER_ROUND = 200


@dataclass
class Tally:
    """What came out; each difference names its pair and the command that shows it again."""

    outcomes: Counter[Outcome] = field(default_factory=Counter)
    differences: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        self.outcomes += other.outcomes
        self.differences += other.differences

    def __str__(self) -> str:
        lines = [f"{count:7d}  {outcome.value}" for outcome, count in self.outcomes.most_common()]
        return "\n".join([*lines, f"{len(self.differences):7d}  differ"])


def entries_of_round(seed: int) -> list[Entry]:
    return dataset(Random(seed))


def pair_of_round(seed: int, number: int, entries: list[Entry]) -> Pair:
    return drawn_pair(Random(f"{seed}/{number}"), entries)


def play(seed: int, numbers: Iterable[int] = range(PAIRS_PER_ROUND)) -> Tally:
    """Ask the questions of the round with these numbers."""
    entries = entries_of_round(seed)
    tally = Tally()
    with tempfile.TemporaryDirectory() as folder, opened(Path(folder)) as store:
        store.load(segments(Random(seed), entries), has_dense_columns=seed % 2 == 1)
        for number in numbers:
            pair = pair_of_round(seed, number, entries)
            outcome, what = compared(store, pair)
            if what:
                again = f"python -m tests.logql.differential --seed {seed} --pair {number}"
                tally.differences.append(f"{what}\nasked: {pair}\nagain: {again}")
            else:
                tally.outcomes[outcome] += 1
    return tally
