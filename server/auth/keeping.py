"""Making, listing and taking back credentials, for the command line; a running server sees it within a second."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

from server.auth.errors import CredentialError
from server.auth.gate import tokens_path, users_path
from server.auth.grant import Grant
from server.auth.password import hash_password
from server.auth.records import Record, TokenRecord, UserRecord, parse_records, print_records
from server.auth.secret_file import locked, read_secret, write_secret
from server.auth.token import hash_of, new_token, token_id
from server.config.settings import Settings

__all__ = ["create_token", "list_tokens", "list_users", "remove_user", "revoke_token", "set_user"]

R = TypeVar("R", bound=Record)


def create_token(settings: Settings, name: str, grant: Grant, valid_s: int | None) -> str:
    """The new token, which nobody can tell again. Raises CredentialError."""
    _check_name(name)
    token, now_s = new_token(), int(time.time())
    record = TokenRecord(
        token_id(token) or "", name, hash_of(token), grant, now_s, None if valid_s is None else now_s + valid_s
    )

    def add(tokens: tuple[TokenRecord, ...]) -> Iterable[TokenRecord]:
        if any(each.name == name for each in tokens):
            raise CredentialError(f"there is a token {name!r} already: revoke it, or choose another name")
        return (*tokens, record)

    _change(tokens_path(settings), TokenRecord, add)
    return token


def revoke_token(settings: Settings, name: str) -> None:
    """By its name or its id. Raises CredentialError."""

    def without(tokens: tuple[TokenRecord, ...]) -> Iterable[TokenRecord]:
        kept = tuple(each for each in tokens if name not in (each.name, each.id))
        if len(kept) == len(tokens):
            raise CredentialError(f"there is no token {name!r}")
        return kept

    _change(tokens_path(settings), TokenRecord, without)


def list_tokens(settings: Settings) -> tuple[TokenRecord, ...]:
    return _read(tokens_path(settings), TokenRecord)


def set_user(settings: Settings, name: str, password: str, grant: Grant) -> None:
    """Add a user, or replace the one of that name. Raises CredentialError."""
    _check_name(name)
    if ":" in name:
        raise CredentialError("a user's name cannot hold a colon: it ends where the first one is")
    record = UserRecord(name, hash_password(password), grant, int(time.time()))
    _change(users_path(settings), UserRecord, lambda users: (*(u for u in users if u.name != name), record))


def remove_user(settings: Settings, name: str) -> None:
    """Raises CredentialError."""

    def without(users: tuple[UserRecord, ...]) -> Iterable[UserRecord]:
        kept = tuple(each for each in users if each.name != name)
        if len(kept) == len(users):
            raise CredentialError(f"there is no user {name!r}")
        return kept

    _change(users_path(settings), UserRecord, without)


def list_users(settings: Settings) -> tuple[UserRecord, ...]:
    return _read(users_path(settings), UserRecord)


def _check_name(name: str) -> None:
    if not name or not name.isprintable() or len(name) > 100:
        raise CredentialError(f"{name!r} is no name: 1 to 100 printable characters")


def _change(path: Path, kind: type[R], change: Callable[[tuple[R, ...]], Iterable[R]]) -> None:
    try:
        with locked(path):
            write_secret(path, print_records(change(_read(path, kind)), kind))
    except OSError as error:
        raise CredentialError(f"{path} cannot be written: {error.strerror}") from error


def _read(path: Path, kind: type[R]) -> tuple[R, ...]:
    try:
        return parse_records(read_secret(path), kind)
    except OSError as error:
        raise CredentialError(f"{path} cannot be read: {error.strerror}") from error
    except CredentialError as error:
        raise CredentialError(f"{path} {error}") from error
