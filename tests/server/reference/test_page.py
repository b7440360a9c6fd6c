"""docs/reference.md is what the code says, and the code says what it has."""

from __future__ import annotations

import re
from pathlib import Path

from server.config.table import TABLE
from server.metrics import FIGURES
from server.reference import reference_page
from tests.server.application import Api

PAGE = Path(__file__).parents[3] / "docs" / "reference.md"


def test_the_page_is_up_to_date() -> None:
    # After a change of settings or metrics: python -m server.reference > docs/reference.md
    assert PAGE.read_text() == reference_page()


def test_every_setting_is_on_it() -> None:
    assert set(re.findall(r"^\| `([a-z0-9_.]+)` \|", PAGE.read_text(), re.MULTILINE)) >= {each.name for each in TABLE}


def test_every_metric_of_a_server_is_on_it(tmp_path: Path) -> None:
    page = PAGE.read_text()
    with Api(tmp_path) as api:
        api.push({"app": "web"}, ["1", "too old"])
        shown = set(re.findall(r"^# TYPE (\S+) ", api.get("/metrics").text, re.MULTILINE))
    assert len(shown) > 30
    assert [name for name in sorted(shown) if f"| `{name}` |" not in page] == []


def test_figures_of_the_store_have_a_meaning(tmp_path: Path) -> None:
    keys = [figure.key for figure in FIGURES]
    assert len(set(keys)) == len(keys)
    with Api(tmp_path) as api:
        assert set(api.database.metrics()) <= set(keys)
