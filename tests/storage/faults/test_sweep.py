"""Every k-th call of small scenarios fails once, in the worst ways; ``scripts/faults`` has every call and way."""

from __future__ import annotations

import logging
import random
from collections.abc import Iterator

import pytest

from storage.kernels import load_kernels
from storage.settings import StorageSettings
from tests.storage.faults.content import Outcome
from tests.storage.faults.fault import Crash, Fault, FaultKind
from tests.storage.faults.machine import Machine
from tests.storage.faults.scenarios import SCENARIOS, Scenario
from tests.storage.faults.sweep import ERRORS, Round, sweep
from tests.storage.faults.world import World, quiet_crashes, rows_of


@pytest.fixture(scope="module")
def compiled() -> None:
    """Filters of merged parts would take most of the time."""
    load_kernels()


@pytest.fixture(autouse=True)
def quiet_log() -> Iterator[None]:
    """Thousands of damages are told of."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.slow
@pytest.mark.usefixtures("compiled")
@pytest.mark.parametrize("outcome", [Outcome.LOST, Outcome.TORN], ids=lambda outcome: outcome.value)
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_a_crash_at_any_call_loses_no_acknowledged_row(scenario: Scenario, outcome: Outcome) -> None:
    assert sum(sweep(scenario, [], [outcome], stride=scenario.stride)) > 2


@pytest.mark.slow
@pytest.mark.usefixtures("compiled")
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_an_error_at_any_call_is_answered_and_loses_no_acknowledged_row(scenario: Scenario) -> None:
    assert sum(sweep(scenario, [(FaultKind.IO_ERROR, False)], [], stride=scenario.stride)) > 2


@pytest.mark.parametrize("kind", [FaultKind.NO_SPACE, FaultKind.IO_ERROR, FaultKind.READ_ERROR, FaultKind.SHORT_WRITE])
def test_a_disk_that_fails_for_good_loses_no_acknowledged_row(kind: FaultKind) -> None:
    assert (kind, True) in ERRORS or kind is FaultKind.SHORT_WRITE
    scenario = next(each for each in SCENARIOS if each.name == "flush")
    assert sum(sweep(scenario, [(kind, kind is not FaultKind.SHORT_WRITE)], [])) > 5


def test_a_read_that_fails_once_brings_no_deleted_row_back() -> None:
    scenario = next(each for each in SCENARIOS if each.name == "delete")
    assert sum(sweep(scenario, [(FaultKind.READ_ERROR, False)], [])) > 10


class ForgetfulMachine(Machine):
    """Says that it has synced, and has not."""

    def sync_folder(self, path: object) -> None:
        pass


def test_the_sweep_sees_a_missing_sync() -> None:
    world = World(ForgetfulMachine(), StorageSettings(head_age_s=1e9))
    world.push("fake", [0])
    world.lose_power(Outcome.LOST, random.Random(0))
    with pytest.raises(AssertionError, match="acknowledged rows lost"):
        world.check()
    world.close()


def test_the_ledger_sees_rows_twice_and_rows_of_nobody() -> None:
    world = World(Machine(), StorageSettings(head_age_s=1e9))
    world.push("fake", [0])
    rows = rows_of(0)
    with pytest.raises(AssertionError, match="rows twice"):
        world.ledger.check("fake", [*rows, rows[0]])
    with pytest.raises(AssertionError, match="nobody sent"):
        world.ledger.check("fake", [*rows, *rows_of(1)])
    world.close()


def test_a_crash_ends_the_machine_for_all_threads() -> None:
    machine = Machine()
    world = World(machine, StorageSettings(head_age_s=1e9))
    world.push("fake", [0])
    machine.arm(Fault(FaultKind.CRASH, 1))
    with quiet_crashes():
        with pytest.raises(Crash):
            world.push("fake", [1])
        with pytest.raises(Crash):
            world.database.flush()
        world.lose_power(Outcome.KEPT, random.Random(0))
    world.check()
    world.close()


def test_a_round_names_what_it_did() -> None:
    fault = Fault(FaultKind.IO_ERROR, 3, is_lasting=True)
    assert str(Round(SCENARIOS[0], fault)) == "ingest: I/O error at call 3 and all after it"
