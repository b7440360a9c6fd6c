"""The rules of the tenant header."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.http.errors import BadRequest, HttpError, Unauthorized
from server.tenancy import MAX_TENANT_BYTES, tenant_of


@pytest.mark.parametrize(
    ("header", "tenant"),
    [
        (b"team", "team"),
        (b"ok-._!*'()", "ok-._!*'()"),
        (b"a" * MAX_TENANT_BYTES, "a" * MAX_TENANT_BYTES),
        (b"a:b", "a"),
        (b"a|a", "a"),
        (b"...", "..."),
    ],
)
def test_good_headers_name_their_tenant(header: bytes, tenant: str) -> None:
    assert tenant_of(header, auth_enabled=True) == tenant


@pytest.mark.parametrize("header", [None, b"", b":b", b"|", b"a|"])
def test_a_missing_tenant_is_unauthorized(header: bytes | None) -> None:
    with pytest.raises(Unauthorized, match=r"^no org id$"):
        tenant_of(header, auth_enabled=True)


@pytest.mark.parametrize(
    ("header", "text"),
    [
        (b"a/b", "tenant ID 'a/b' contains unsupported character '/'"),
        (b"a b$", "tenant ID 'a b$' contains unsupported character ' '"),
        ("ünï".encode(), "tenant ID 'ünï' contains unsupported character 'Ã'"),
        (b"../x", "tenant ID '../x' contains unsupported character '/'"),
        (b"a" * 151, "tenant ID is too long: max 150 characters"),
        (b".", "tenant ID is '.' or '..'"),
        (b"..", "tenant ID is '.' or '..'"),
        (b"a|b", "multiple org IDs present"),
    ],
)
def test_impossible_tenants_are_refused(header: bytes, text: str) -> None:
    with pytest.raises(BadRequest) as caught:
        tenant_of(header, auth_enabled=True)
    assert str(caught.value) == text


@pytest.mark.parametrize("header", [None, b"team", b"a/b", b"a|b"])
def test_with_tenants_off_everybody_is_the_same(header: bytes | None) -> None:
    assert tenant_of(header, auth_enabled=False) == "fake"


@given(st.binary(max_size=200))
def test_no_header_gets_out_of_a_folder(header: bytes) -> None:
    try:
        tenant = tenant_of(header, auth_enabled=True)
    except HttpError:
        return
    assert tenant not in (".", "..")
    assert not set(tenant) & set("/\\\0")
    assert 0 < len(tenant) <= MAX_TENANT_BYTES
