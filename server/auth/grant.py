"""What a token or a user is allowed: tenants, rights, and optionally a selector that every query of theirs gets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from logql.ast import Matcher
from logql.errors import QueryError
from logql.syntax import parse_selector
from server.auth.errors import CredentialError
from server.auth.rights import Right
from server.http.errors import HttpError
from server.tenancy import tenant_of

__all__ = ["EVERY_TENANT", "Grant"]

EVERY_TENANT = "*"
_NOT_NARROW = (Right.ADMIN,)


@dataclass(frozen=True, slots=True)
class Grant:
    """``tenants`` are names, or only ``*``. ``matchers`` are those of ``selector``, none when it is empty."""

    tenants: frozenset[str]
    rights: frozenset[Right]
    selector: str = ""
    matchers: tuple[Matcher, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Raises CredentialError for what no grant can be."""
        if not self.tenants or not self.rights:
            raise CredentialError("a grant needs at least one tenant (or *) and one right")
        if EVERY_TENANT in self.tenants and len(self.tenants) > 1:
            raise CredentialError("* stands for every tenant: give it alone")
        for tenant in self.tenants - {EVERY_TENANT}:
            _check_tenant(tenant)
        if self.selector and self.rights & {*_NOT_NARROW}:
            raise CredentialError("the right admin shows what no selector can narrow: give it without a selector")
        object.__setattr__(self, "matchers", _matchers(self.selector))

    @classmethod
    def of(cls, tenants: Iterable[str], rights: Iterable[str], selector: str = "") -> Grant:
        """From texts as they are typed or stored. Raises CredentialError."""
        try:
            given = frozenset(Right(right) for right in rights)
        except ValueError as error:
            known = ", ".join(Right)
            raise CredentialError(f"{error}: rights are {known}") from None
        return cls(frozenset(tenants), given, selector)

    @property
    def is_for_every_tenant(self) -> bool:
        return EVERY_TENANT in self.tenants

    @property
    def only_tenant(self) -> str | None:
        """The tenant of those that have one."""
        return next(iter(self.tenants)) if len(self.tenants) == 1 and not self.is_for_every_tenant else None

    def covers(self, tenant: str) -> bool:
        return self.is_for_every_tenant or tenant in self.tenants

    def to_json(self) -> dict[str, Any]:
        shown: dict[str, Any] = {"tenants": sorted(self.tenants), "rights": sorted(self.rights)}
        return {**shown, "selector": self.selector} if self.selector else shown


def _check_tenant(tenant: str) -> None:
    try:
        is_one = tenant_of(tenant.encode("utf-8", "replace"), auth_enabled=True) == tenant
    except HttpError as error:
        raise CredentialError(f"{tenant!r} cannot be a tenant: {error}") from None
    if not is_one:
        raise CredentialError(f"{tenant!r} cannot be a tenant: give each one by its name")


def _matchers(selector: str) -> tuple[Matcher, ...]:
    if not selector:
        return ()
    try:
        return parse_selector(selector)
    except QueryError as error:
        raise CredentialError(f"the selector {selector} is wrong: {error}") from None
