"""Which keys become columns."""

from __future__ import annotations

import pyarrow as pa
import pytest

from logql.dense.readers import line_readers
from storage.dense import DensePlanner

ROWS = 400
SHAPES = {
    "json": lambda n: (
        f'{{"level":"{"ab"[n % 2]}","took":{n % 97}.{n % 8}50,"id":"{n * 2654435761:x}","rare{n % 50}":1,"port":{n}}}'
    ),
    "logfmt": lambda n: f"level={'ab'[n % 2]} took={n % 97}ms id={n * 2654435761:x} rare{n % 50}=1",
    "text": lambda n: f"[TRT] layer {n} of many",
}


def planned(lines: list[str], share: float) -> dict[str, str]:
    planner = DensePlanner(line_readers(), share)
    planner.add(pa.array(lines, pa.string()))
    return {f"{column.format_name}.{column.label}": column.kind.value for column in planner.plan().columns}


def lines(*shapes: str) -> list[str]:
    return [SHAPES[shapes[n % len(shapes)]](n) for n in range(ROWS)]


@pytest.mark.parametrize(
    ("shapes", "expected"),
    [
        (("json",), {"json.level", "json.took", "json.port"}),
        (("logfmt",), {"logfmt.level", "logfmt.took"}),
        (("text",), set()),
        (("text",) * 19 + ("json",), set()),
        (("json", "text", "text"), {"json.level", "json.took", "json.port"}),
    ],
)
def test_frequent_keys_whose_values_repeat_or_are_numbers_become_columns(
    shapes: tuple[str, ...], expected: set[str]
) -> None:
    assert planned(lines(*shapes), share=100.0).keys() == expected


def test_numbers_that_hardly_repeat_are_stored_as_numbers() -> None:
    found = planned(lines("json"), share=100.0)
    assert (found["json.level"], found["json.port"]) == ("few", "numbers")


def test_the_cheapest_keys_fit_the_budget() -> None:
    everything, some, nothing = (planned(lines("json"), share) for share in (100.0, 0.1, 0.0))
    assert nothing == {}
    assert "json.level" in some
    assert len(some) < len(everything)


def test_lines_with_too_many_keys_have_no_columns() -> None:
    wide = ["{" + ",".join(f'"k{n}_{k}":1' for k in range(60)) + "}" for n in range(40)]
    assert planned(wide, share=100.0) == {}


def test_there_are_never_more_columns_than_a_part_can_bear() -> None:
    wide = ["{" + ",".join(f'"k{k}":{n % 3}' for k in range(60)) + "}" for n in range(40)]
    assert len(planned(wide, share=100.0)) == 32
