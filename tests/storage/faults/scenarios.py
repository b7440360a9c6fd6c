"""What is done while something goes wrong: a row for each operation. A new operation is a new row."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from storage.settings import StorageSettings
from storage.stores import S3Settings
from tests.storage.faults.content import Outcome
from tests.storage.faults.world import World

__all__ = ["SCENARIOS", "Scenario"]

Step = Callable[[World], object]

SMALL = StorageSettings(head_age_s=1e9, wal_segment_bytes=3000, chunk_bytes=2000, retry_s=0.001)
COLD = replace(SMALL, cold_after_s=3600, s3=S3Settings("logs", attempts=1), cache_bytes=0)
HOT = replace(COLD, is_hot_in_bucket=True, cache_bytes=1 << 20)
LONG = 29  # a prime, so that no kind of call is always passed over


@dataclass(frozen=True, slots=True)
class Scenario:
    """``stride``: of the calls that fail in continuous integration; long scenarios have more of them."""

    name: str
    steps: Sequence[Step]
    settings: StorageSettings = SMALL
    stride: int = 5


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


def keep(world: World) -> None:
    """What is due: moves, too, where there is a bucket."""
    world.database.keep_now()


def expire(*apps: str) -> Step:
    return lambda world: world.expire(*apps)


def erase(world: World) -> None:
    world.erase()


def restore(world: World) -> None:
    world.restore()


SCENARIOS = [
    Scenario("ingest", [push(0), push(1), push(0, 2), push(3, 4, 5), push(0, tenant="other"), push(6)]),
    Scenario("flush", [push(0), push(0, tenant="other"), flush, push(1, 2), flush, push(3), restart, push(4)]),
    Scenario("delete", [push(0, 1), delete(0), flush, push(2), delete(1), restart, delete(2), flush, push(3)]),
    Scenario("merge", [push(0), flush, push(1, 2), flush, merge, push(3, 0), flush, merge, restart, push(4), merge]),
    Scenario("merge twice", [push(0), flush, push(1), flush, merge, push(2), flush, merge, cut_power(Outcome.LOST)]),
    Scenario("backup", [push(0, 1), flush, push(2), back_up, push(3), flush, delete(0), back_up, push(4)]),
    Scenario(
        "restore", [push(0, 1), flush, push(2), delete(0), back_up, restore, push(3), back_up, restore], SMALL, LONG
    ),
    Scenario(
        "erase", [push(0), delete(0), flush, push(3), delete(3), restart, erase, push(4), flush, erase], stride=LONG
    ),
    Scenario(
        "expire", [push(0), flush, push(2), expire("db"), push(3), flush, merge, expire("web"), restart], stride=LONG
    ),
    Scenario("move", [push(0), flush, keep, push(1, 2), flush, keep, merge, restart, push(3), flush, keep], COLD, LONG),
    Scenario("move and expire", [push(0), flush, keep, push(1), delete(0), erase, keep, expire("db")], COLD, LONG),
    Scenario("bucket", [push(0), flush, push(1), flush, merge, delete(1), erase, restart, push(2), flush], HOT, LONG),
    Scenario("restart", [push(0, 1), flush, push(2), restart, push(3), restart, flush, push(4), flush, restart]),
    Scenario("power cut", [push(0), flush, push(1), cut_power(Outcome.LOST), push(2), flush, cut_power(Outcome.TORN)]),
    Scenario("kill", [push(0), cut_power(Outcome.KILLED), push(1), flush, cut_power(Outcome.KILLED), push(2), restart]),
    Scenario("damaged log", [push(0), push(1), push(2), damage_log, restart, push(3), flush]),
    Scenario("damaged index", [push(0), push(1), flush, damage_index, restart, push(3), flush]),
    Scenario("lost index", [push(0), push(1), flush, lose_index, restart, push(3), flush, restart]),
]
