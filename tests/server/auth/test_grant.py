"""What a grant can be, and what it covers."""

from __future__ import annotations

import pytest

from server.auth import CredentialError, Grant, Right


@pytest.mark.parametrize(
    ("tenants", "rights", "selector", "text"),
    [
        ((), ("read",), "", "at least one tenant"),
        (("a",), (), "", "one right"),
        (("a",), ("root",), "", "rights are read, write, delete, admin"),
        (("*", "a"), ("read",), "", "give it alone"),
        (("a|b",), ("read",), "", "cannot be a tenant"),
        (("a/b",), ("read",), "", "unsupported character '/'"),
        (("..",), ("read",), "", "tenant ID is '.' or '..'"),
        (("",), ("read",), "", "no org id"),
        (("a:sub",), ("read",), "", "by its name"),
        (("a" * 151,), ("read",), "", "too long"),
        (("ä",), ("read",), "", "unsupported character"),
        (("a",), ("read",), "{", "the selector { is wrong"),
        (("a",), ("read",), "{}", "the selector {} is wrong"),
        (("a",), ("read",), '{a="b"} | json', "is wrong"),
        (("a",), ("read", "admin"), '{a="b"}', "no selector can narrow"),
    ],
)
def test_what_no_grant_can_be(tenants: tuple[str, ...], rights: tuple[str, ...], selector: str, text: str) -> None:
    with pytest.raises(CredentialError) as caught:
        Grant.of(tenants, rights, selector)
    assert text in str(caught.value)


@pytest.mark.parametrize(
    ("tenants", "tenant", "is_covered"),
    [("*", "a", True), ("a", "a", True), ("a,b", "b", True), ("a", "b", False), ("a", "A", False), ("a", "*", False)],
)
def test_what_it_covers(tenants: str, tenant: str, is_covered: bool) -> None:
    assert Grant.of(tenants.split(","), ["read"]).covers(tenant) == is_covered


def test_it_is_read_back_as_it_was_written() -> None:
    grant = Grant.of(["b", "a"], ["write", "read"], '{team="x", env!="dev"}')
    shown = grant.to_json()
    assert shown == {"tenants": ["a", "b"], "rights": ["read", "write"], "selector": '{team="x", env!="dev"}'}
    assert Grant.of(**shown) == grant
    assert [matcher.name for matcher in grant.matchers] == ["team", "env"]
    assert grant.rights == {Right.READ, Right.WRITE}
