"""Who may ask for what: every request passes here before its handler runs, with or without authentication.

A request that passes names only tenants of its caller; one that names none gets the only tenant that its caller has.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from starlette.types import Scope

from server.auth.authorization import Basic, parse_authorization
from server.auth.grant import Grant
from server.auth.passwords import PasswordChecker
from server.auth.records import TokenRecord, UserRecord
from server.auth.rights import Need, Right
from server.auth.token import is_token_of, token_id
from server.auth.watched import WatchedFile
from server.config.settings import Settings
from server.http.errors import BadRequest, Forbidden, NotAuthenticated
from server.tenancy import DEFAULT_TENANT

__all__ = ["EVERYBODY", "Caller", "Gate", "open_gate", "tokens_path", "users_path"]

TENANT_HEADER = b"x-scope-orgid"
_AUTHORIZATION = b"authorization"
_WRONG = "the credentials are wrong, or no longer valid"


@dataclass(frozen=True, slots=True)
class Caller:
    """``name`` is for people to read: ``token grafana``, ``user ada``. ``record``: what let it in, if anything did."""

    name: str
    grant: Grant
    record: TokenRecord | UserRecord | None = None


EVERYBODY = Caller("everybody", Grant(frozenset({"*"}), frozenset(Right)))


class Gate(Protocol):
    async def admit(self, scope: Scope, need: Need) -> Caller:
        """Raises BadRequest, NotAuthenticated, Forbidden, TooManyPasswords."""

    def stands(self, caller: Caller) -> bool:
        """Whether what let it in is still the same, and valid."""

    def close(self) -> None:
        """End its threads."""


def open_gate(settings: Settings, clock: Callable[[], float] = time.time) -> Gate:
    """Raises CredentialError when a file of credentials cannot be used."""
    return _AskingGate(settings, clock) if settings.authentication.enabled else _OpenGate(settings)


def tokens_path(settings: Settings) -> Path:
    return Path(settings.authentication.tokens_file or Path(settings.data_dir) / "auth" / "tokens.json")


def users_path(settings: Settings) -> Path:
    return Path(settings.authentication.users_file or Path(settings.data_dir) / "auth" / "users.json")


class _OpenGate:
    """Lets everybody in; what remains is that nobody names two tenants in two headers."""

    def __init__(self, settings: Settings) -> None:
        self._has_tenants = settings.auth_enabled

    async def admit(self, scope: Scope, need: Need) -> Caller:
        if self._has_tenants:
            _only(scope, TENANT_HEADER, "X-Scope-OrgID")
        return EVERYBODY

    def stands(self, caller: Caller) -> bool:
        return True

    def close(self) -> None:
        """It has none."""


class _AskingGate:
    """Asks for a token or a password, and holds the request to what its owner may do."""

    def __init__(self, settings: Settings, clock: Callable[[], float]) -> None:
        self._has_tenants = settings.auth_enabled
        self._clock = clock
        self._tokens = WatchedFile(tokens_path(settings), TokenRecord, lambda record: record.id, time.monotonic)
        self._users = WatchedFile(users_path(settings), UserRecord, lambda record: record.name, time.monotonic)
        self._passwords = PasswordChecker(time.monotonic)
        self._open = {Need.OPEN}
        self._open |= {Need.PROBE} if settings.authentication.open_ready else set()
        self._open |= {Need.METRICS} if settings.authentication.open_metrics else set()

    async def admit(self, scope: Scope, need: Need) -> Caller:
        if need in self._open:
            return EVERYBODY
        tenant_header = _only(scope, TENANT_HEADER, "X-Scope-OrgID")
        caller = await self._caller(_only(scope, _AUTHORIZATION, "Authorization"))
        _check_right(caller, need)
        if need in _OF_TENANTS:
            self._check_tenants(scope, caller, tenant_header)
        return caller

    def stands(self, caller: Caller) -> bool:
        record = caller.record
        if isinstance(record, TokenRecord):
            return self._tokens.find(record.id) == record and not record.is_expired(self._clock())
        return record is None or self._users.find(record.name) == record

    def close(self) -> None:
        self._passwords.close()

    async def _caller(self, header: bytes | None) -> Caller:
        if not header:
            raise NotAuthenticated("no credentials: send a bearer token or basic authentication")
        given = parse_authorization(header)
        found = await self._user(given) if isinstance(given, Basic) else self._owner(given.token)
        if found is None:
            raise NotAuthenticated(_WRONG)
        return found

    def _owner(self, token: str) -> Caller | None:
        identifier = token_id(token)
        record = self._tokens.find(identifier) if identifier else None
        if record is None or not is_token_of(token, record.sha256) or record.is_expired(self._clock()):
            return None
        return Caller(f"token {record.name}", record.grant, record)

    async def _user(self, given: Basic) -> Caller | None:
        record = self._users.find(given.username)
        stored = record.password if record is not None else None
        is_right = await self._passwords.is_right(given.username, given.password, stored)
        return Caller(f"user {given.username}", record.grant, record) if record is not None and is_right else None

    def _check_tenants(self, scope: Scope, caller: Caller, header: bytes | None) -> None:
        if not self._has_tenants:
            _check_tenant(caller, DEFAULT_TENANT)
        elif header:
            for name in header.split(b"|"):
                _check_tenant(caller, name.partition(b":")[0].decode("utf-8", "replace"))
        elif caller.grant.only_tenant is not None:
            others = [pair for pair in scope["headers"] if pair[0] != TENANT_HEADER]
            scope["headers"] = [*others, (TENANT_HEADER, caller.grant.only_tenant.encode())]


_OF_TENANTS = frozenset({Need.READ, Need.WRITE, Need.DELETE, Need.ADMIN})
_OF_ALL = {Need.SERVER: Right.ADMIN, Need.METRICS: Right.READ}


def _check_right(caller: Caller, need: Need) -> None:
    if need in (Need.ANY, Need.PROBE):
        return
    right = _OF_ALL.get(need) or Right(need)
    if right not in caller.grant.rights:
        raise Forbidden(f"{caller.name} has not the right to {right}")
    if need in _OF_ALL and (not caller.grant.is_for_every_tenant or caller.grant.matchers):
        raise Forbidden(f"{caller.name} may not see what concerns all tenants")


def _check_tenant(caller: Caller, tenant: str) -> None:
    if not caller.grant.covers(tenant):
        raise Forbidden(f"{caller.name} is not for tenant '{tenant}'")


def _only(scope: Scope, name: bytes, shown: str) -> bytes | None:
    """The value of a header that must not be there twice: whoever reads it next might take the other one."""
    values = [value for key, value in scope["headers"] if key == name]
    if len(values) > 1:
        raise BadRequest(f"more than one {shown} header")
    return bytes(values[0]) if values else None
