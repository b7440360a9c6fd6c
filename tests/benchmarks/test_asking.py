"""What the benchmark makes of answers: totals, medians, and which answers it calls wrong."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.asking import Asked, Times, total_of
from benchmarks.questions import Question, questions_about
from benchmarks.workload import Workload

COUNTS = {"json": 3, "logfmt": 2, "tensorrt": 4, "access": 1, "error": 5, "first stream": 9}


def matrix(*series: list[str]) -> dict[str, Any]:
    return {
        "resultType": "matrix",
        "result": [{"metric": {}, "values": [[60, v] for v in values]} for values in series],
    }


@pytest.mark.parametrize(
    ("data", "total"),
    [
        ({"resultType": "streams", "result": []}, 0),
        ({"resultType": "streams", "result": [{"values": [["1", "a"], ["2", "b"]]}, {"values": [["1", "c"]]}]}, 3),
        (matrix(), 0),
        (matrix(["1", "2"], ["3"]), 6),
        (matrix(["0.4", "0.3"]), 1),
        (matrix(["NaN", "2"]), 2),
    ],
)
def test_totals(data: dict[str, Any], total: int) -> None:
    assert total_of(data) == total


@pytest.mark.parametrize(
    ("seconds", "times"),
    [([3.0], (3.0, 3.0, 3.0)), ([5.0, 1.0, 2.0], (2.0, 1.0, 5.0)), ([4.0, 1.0, 2.0, 9.0], (3.0, 1.0, 9.0))],
)
def test_times_are_median_least_and_most(seconds: list[float], times: tuple[float, float, float]) -> None:
    assert Times.of(seconds) == Times(*times)


@pytest.mark.parametrize(
    ("expected", "total", "wrong"), [(3, 3, False), (3, 2, True), (0, 1, True), (None, 2, False), (3, None, False)]
)
def test_an_answer_that_differs_from_a_known_one_is_wrong(expected: int | None, total: int | None, wrong: bool) -> None:
    assert Asked(Question("q", "{}", expected), total=total).is_wrong is wrong


def test_each_question_has_a_name_of_its_own_and_asks_about_the_hour() -> None:
    workload = Workload(lines=10_000, streams=50, seed=7, end_ns=7_200_000_000_000)
    questions = questions_about(workload, COUNTS)
    assert len({question.name for question in questions}) == len(questions) == 12
    for question in questions:
        parameters = question.parameters(workload.end_ns)
        assert (parameters["start"], parameters["end"]) == (3_600_000_000_000, 7_200_000_000_000)
        assert ("limit" in parameters) != ("step" in parameters)
