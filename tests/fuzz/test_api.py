"""A little of what ``scripts/fuzz`` does to the API."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fuzz.api import fuzz_api


@pytest.mark.slow
def test_the_api_answers_as_its_document_says(tmp_path: Path) -> None:
    is_well, told = fuzz_api(tmp_path, examples=1)
    assert is_well, told
    assert "Test cases:" in told
