"""``name = ip("range")``."""

from __future__ import annotations

import pytest

from logql.errors import ParseError
from tests.logql.frames import stage_of
from tests.logql.stages.label_filter.rows import judged, verdict


@pytest.mark.parametrize(
    ("value", "is_inside"),
    [
        ("10.1.2.3", True),
        ("from 10.1.2.3:80", True),
        ("11.0.0.1", False),
        ("11.0.0.1 10.0.0.1", True),
        ("::1:2:3", False),
        ("10.0.0.256", False),
        ("no address", False),
        ("", False),
    ],
)
def test_some_address_of_the_value_is_in_the_range(value: str, is_inside: bool) -> None:
    assert verdict('| v=ip("10.0.0.0/8")', value) == (is_inside, None)
    assert verdict('| v!=ip("10.0.0.0/8")', value) == (not is_inside, None)


@pytest.mark.parametrize("op", ["=", "!="])
def test_an_entry_without_the_label_is_dropped(op: str) -> None:
    assert verdict(f'| v{op}ip("10.0.0.0/8")', None) == (False, None)


@pytest.mark.parametrize("op", ["=", "!="])
@pytest.mark.parametrize("value", [{}, {"v": "10.0.0.1"}, {"v": "none"}])
def test_an_entry_with_an_error_passes_and_keeps_it(op: str, value: dict[str, str]) -> None:
    rows = [{**value, "__error__": "First"}, {"v": "1.1.1.1"}]
    assert judged(f'| v{op}ip("10.0.0.0/8")', rows)[0] == (True, "First", None)


@pytest.mark.parametrize("tail", ['| v=ip("1.2.3")', '| v=ip("x") or a="b"', '| a="b" and (a="c" or v!=ip("1.2.3"))'])
def test_what_is_no_range_is_refused_before_anything_runs(tail: str) -> None:
    with pytest.raises(ParseError, match="ip: invalid pattern"):
        stage_of(tail)
