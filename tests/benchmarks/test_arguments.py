"""The benchmark's command line refuses what it could not measure."""

from __future__ import annotations

import pytest

from benchmarks.arguments import parse_arguments


@pytest.mark.parametrize(
    ("arguments", "cause"),
    [
        (["--lines", "999"], "below 1000"),
        (["--lines", "many"], "invalid"),
        (["--streams", "0"], "below 1"),
        (["--rounds", "-1"], "below 1"),
        (["--output", "xml"], "invalid choice"),
        (["--skip-push"], "--end"),
    ],
)
def test_impossible_arguments_are_refused(arguments: list[str], cause: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse_arguments(arguments)
    assert cause in capsys.readouterr().err


def test_a_million_lines_in_fifty_streams_are_the_default() -> None:
    chosen = parse_arguments([])
    assert (chosen.lines, chosen.streams, chosen.url) == (1_000_000, 50, "http://127.0.0.1:3100")
    assert parse_arguments(["--lines", "10_000"]).lines == 10_000
