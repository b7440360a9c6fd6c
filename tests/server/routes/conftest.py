"""Applications for the tests of routes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server.application import Api


@pytest.fixture
def api(tmp_path: Path) -> Iterator[Api]:
    """Tenants off, old lines welcome."""
    with Api(tmp_path, "limits_config.reject_old_samples=false") as made:
        yield made


@pytest.fixture
def guarded_api(tmp_path: Path) -> Iterator[Api]:
    """Tenants on, limits at their defaults."""
    with Api(tmp_path, "auth_enabled=true") as made:
        yield made
