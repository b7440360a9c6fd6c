"""The targets of the fuzzer hold for what it begins from and for a few changes of that; ``scripts/fuzz`` goes on."""

from __future__ import annotations

from random import Random

import pytest

from tests.fuzz.__main__ import main
from tests.fuzz.mutation import mutated
from tests.fuzz.targets import TARGETS

ROUNDS = 40


@pytest.mark.parametrize("name", TARGETS)
def test_what_is_nearly_good_is_answered_or_refused(name: str) -> None:
    target, random = TARGETS[name], Random(name)
    for data in (b"", *target.seeds, *(mutated(random, target.seeds) for _ in range(ROUNDS))):
        target.run(data)


def test_the_command_says_what_it_did(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["1", "--only", "headers", "--seed", "1"]) == 0
    told = capsys.readouterr().out
    assert "1 targets, 1 s each, --seed 1" in told
    assert "nothing broke" in told
