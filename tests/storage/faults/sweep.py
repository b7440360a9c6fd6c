"""One round: a scenario with one fault, and whether all that was promised is kept. The sweep: every call and fault."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count, takewhile

from tests.storage.faults.content import Outcome
from tests.storage.faults.fault import Crash, Fault, FaultKind
from tests.storage.faults.machine import Machine
from tests.storage.faults.scenarios import Scenario
from tests.storage.faults.world import REFUSALS, World, quiet_crashes

__all__ = ["ERRORS", "Round", "sweep"]

ERRORS = (
    (FaultKind.SHORT_WRITE, False),
    (FaultKind.NO_SPACE, False),
    (FaultKind.NO_SPACE, True),
    (FaultKind.IO_ERROR, False),
    (FaultKind.IO_ERROR, True),
    (FaultKind.LOST_ANSWER, False),
    (FaultKind.READ_ERROR, False),
    (FaultKind.READ_ERROR, True),
)


@dataclass(frozen=True, slots=True)
class Round:
    """``outcome`` is for crashes only; the seed decides what is torn."""

    scenario: Scenario
    fault: Fault
    outcome: Outcome | None = None
    seed: int = 0

    def __str__(self) -> str:
        lasting = " and all after it" if self.fault.is_lasting else ""
        outcome = f", unsynced is {self.outcome.value}, seed {self.seed}" if self.outcome else ""
        return f"{self.scenario.name}: {self.fault.kind.value} at call {self.fault.at_call}{lasting}{outcome}"

    def run(self) -> int:
        """Answers how often the fault hit; 0 when the scenario makes fewer calls. Raises AssertionError."""
        with quiet_crashes():
            machine = Machine()
            machine.arm(self.fault)
            world = World(machine, self.scenario.settings)
            try:
                return self._crash(world, self.outcome) if self.outcome else self._err(world)
            except Exception as error:
                error.add_note(f"in the round of {self}")
                raise
            finally:
                world.lose_power(Outcome.LOST, random.Random(0))

    def _crash(self, world: World, outcome: Outcome) -> int:
        try:
            for step in self.scenario.steps:
                step(world)
        except Crash:
            pass
        else:
            return 0
        chance = random.Random(self.seed)
        world.lose_power(outcome, chance)
        world.machine.arm(None)
        world.check()
        # Whatever the start did is as good as lost until it is synced.
        world.lose_power(Outcome.LOST, chance)
        world.check()
        _carry_on(world)
        return 1

    def _err(self, world: World) -> int:
        for step in self.scenario.steps:
            try:
                step(world)
                world.check(lost_are_counted=self.fault.kind is FaultKind.READ_ERROR)
            except REFUSALS:
                continue
        hits = world.machine.hits
        world.machine.arm(None)
        if self.fault.kind is FaultKind.READ_ERROR:  # what a start could not read, the next one finds
            world.close()
        world.check()
        _carry_on(world)
        return hits


def _carry_on(world: World) -> None:
    """All is as if nothing had been: backups are whole, clients send again, the server flushes, stops and starts."""
    world.check_backup()
    world.push_all_again()
    world.check()
    world.database.flush()
    world.check()
    world.close()
    world.check()
    world.lose_power(Outcome.LOST, random.Random(0))
    world.check()
    world.check_kept()


def sweep(
    scenario: Scenario,
    errors: Iterable[tuple[FaultKind, bool]] = ERRORS,
    outcomes: Iterable[Outcome] = tuple(Outcome),
    seeds: Sequence[int] = (0,),
    stride: int = 1,
) -> Iterator[int]:
    """How often the fault hit in each round, until the scenario runs through without it. ``stride``: of the calls."""
    for kind, is_lasting in errors:
        series = (Round(scenario, Fault(kind, call, is_lasting)) for call in count(1, stride))
        yield from takewhile(bool, (each.run() for each in series))
    for outcome in outcomes:
        for seed in seeds if outcome is Outcome.TORN else seeds[:1]:
            series = (Round(scenario, Fault(FaultKind.CRASH, call), outcome, seed) for call in count(1, stride))
            yield from takewhile(bool, (each.run() for each in series))
