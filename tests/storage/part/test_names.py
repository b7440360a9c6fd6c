"""Tenants' names on disk: each its own folder, none a way out of the store."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.part import tenant_folder, tenant_of


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20))
def test_a_tenant_is_found_again_by_its_folder(tenant: str) -> None:
    folder = tenant_folder(tenant)
    assert tenant_of(folder + "/2026-11-22/x.index") == tenant
    assert "/" not in folder
    assert "\0" not in folder
    assert folder not in {".", ".."}


@pytest.mark.parametrize("tenant", ["fake", "a..b", "team-1_x!*'()", "x.tmp", ".hidden"])
def test_usual_names_stay_as_they_are(tenant: str) -> None:
    assert tenant_folder(tenant) == tenant


@pytest.mark.parametrize("tenant", ["", "x" * 256, "é" * 150, "\ud800"])
def test_names_that_no_disk_can_hold_are_refused(tenant: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - also UnicodeEncodeError
        tenant_folder(tenant)
