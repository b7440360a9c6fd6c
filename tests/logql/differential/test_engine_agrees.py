"""The engine answers generated questions as the oracle does.

TESTS_PAIRS sets how many pairs are played; a difference names the command that shows it again.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, Phase, given, settings

from tests.logql.differential.pairs import Outcome
from tests.logql.differential.rounds import PAIRS_PER_ROUND, Tally, play
from tests.logql.differential.strategies import seeds

__all__: list[str] = []

PAIRS = int(os.environ.get("TESTS_PAIRS", "2000"))
MAX_LEFT_OPEN_SHARE = 0.05
MIN_SHARE_WITH_ROWS = 0.4  # of what is compared: empty answers agree too easily

_played = Tally()


@settings(
    max_examples=max(1, PAIRS // PAIRS_PER_ROUND),
    deadline=None,
    phases=[Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(seeds)
def test_engine_answers_as_the_oracle(seed: int) -> None:
    tally = play(seed)
    _played.add(tally)
    assert not tally.differences, "\n\n".join(tally.differences[:3])


def test_what_is_compared_says_something() -> None:
    """Runs behind the test above and looks at what it played."""
    outcomes = _played.outcomes
    print(_played)
    compared = sum(outcomes.values()) - outcomes[Outcome.UNSPECIFIED]
    assert outcomes[Outcome.UNSPECIFIED] <= MAX_LEFT_OPEN_SHARE * sum(outcomes.values())
    assert outcomes[Outcome.AGREED] >= MIN_SHARE_WITH_ROWS * compared
