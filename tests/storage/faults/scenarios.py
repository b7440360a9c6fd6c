"""What is done while something goes wrong: a row for each operation. A new operation is a new row."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from storage.settings import StorageSettings
from tests.storage.faults.content import Outcome
from tests.storage.faults.world import World

__all__ = ["SCENARIOS", "Scenario"]

Step = Callable[[World], object]

SMALL = StorageSettings(head_age_s=1e9, wal_segment_bytes=3000, chunk_bytes=2000)


@dataclass(frozen=True, slots=True)
class Scenario:
    name: str
    steps: Sequence[Step]
    settings: StorageSettings = SMALL


def push(*numbers: int, tenant: str = "fake") -> Step:
    return lambda world: world.push(tenant, numbers)


def flush(world: World) -> None:
    world.database.flush()


def back_up(world: World) -> None:
    """Beside a running server."""
    world.now_s += 60
    _ = world.database
    world.back_up()


def delete(number: int, tenant: str = "fake") -> Step:
    return lambda world: world.delete(tenant, number)


def restart(world: World) -> None:
    world.close()
    _ = world.database


def cut_power(outcome: Outcome) -> Step:
    return lambda world: world.lose_power(outcome, random.Random(0))


def damage_log(world: World) -> None:
    """A byte of the first record, which others follow; its rows may be lost."""
    world.close()
    for path in world.machine.files(".wal")[:1]:
        world.machine.scribble(path, 300)
        world.forgive_first("fake")


def damage_index(world: World) -> None:
    world.close()
    for path in world.machine.files(".index")[:1]:
        world.machine.scribble(path, 40)


def lose_index(world: World) -> None:
    world.close()
    for path in world.machine.files(".index")[:1]:
        world.machine.unlink(path)


def merge(world: World) -> None:
    world.database.merge_now()


SCENARIOS = [
    Scenario("ingest", [push(0), push(1), push(0, 2), push(3, 4, 5), push(0, tenant="other"), push(6)]),
    Scenario("flush", [push(0), push(0, tenant="other"), flush, push(1, 2), flush, push(3), restart, push(4)]),
    Scenario("delete", [push(0, 1), delete(0), flush, push(2), delete(1), restart, delete(2), flush, push(3)]),
    Scenario("merge", [push(0), flush, push(1, 2), flush, merge, push(3, 0), flush, merge, restart, push(4), merge]),
    Scenario("merge twice", [push(0), flush, push(1), flush, merge, push(2), flush, merge, cut_power(Outcome.LOST)]),
    Scenario("backup", [push(0, 1), flush, push(2), back_up, push(3), flush, delete(0), back_up, push(4)]),
    Scenario("restart", [push(0, 1), flush, push(2), restart, push(3), restart, flush, push(4), flush, restart]),
    Scenario("power cut", [push(0), flush, push(1), cut_power(Outcome.LOST), push(2), flush, cut_power(Outcome.TORN)]),
    Scenario("kill", [push(0), cut_power(Outcome.KILLED), push(1), flush, cut_power(Outcome.KILLED), push(2), restart]),
    Scenario("damaged log", [push(0), push(1), push(2), damage_log, restart, push(3), flush]),
    Scenario("damaged index", [push(0), push(1), flush, damage_index, restart, push(3), flush]),
    Scenario("lost index", [push(0), push(1), flush, lose_index, restart, push(3), flush, restart]),
]
