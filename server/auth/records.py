"""What is kept of a token and of a user, as lines of a JSON file each. No secret can be read back from either."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol, Self, TypeVar

import orjson

from server.auth.errors import CredentialError
from server.auth.grant import Grant
from server.auth.password import check_stored

__all__ = ["Record", "TokenRecord", "UserRecord", "parse_records", "print_records"]

_VERSION = 1


class Record(Protocol):
    """``section`` is the name of their list in the file."""

    section: ClassVar[str]

    def to_json(self) -> dict[str, Any]: ...

    @classmethod
    def from_json(cls, fields: dict[str, Any]) -> Self: ...


R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True)
class TokenRecord:
    """``sha256`` is the hash of the whole token. Times are seconds since the epoch; None: it does not expire."""

    section: ClassVar[str] = "tokens"

    id: str
    name: str
    sha256: str
    grant: Grant
    created_s: int
    expires_s: int | None = None

    def is_expired(self, now_s: float) -> bool:
        return self.expires_s is not None and now_s >= self.expires_s

    def to_json(self) -> dict[str, Any]:
        times = {"created": self.created_s, "expires": self.expires_s}
        return {"id": self.id, "name": self.name, "sha256": self.sha256, **self.grant.to_json(), **times}

    @classmethod
    def from_json(cls, fields: dict[str, Any]) -> Self:
        expires = fields.get("expires")
        return cls(
            str(fields["id"]),
            str(fields["name"]),
            str(fields["sha256"]),
            _grant(fields),
            int(fields["created"]),
            None if expires is None else int(expires),
        )


@dataclass(frozen=True, slots=True)
class UserRecord:
    """``password`` is what ``hash_password`` made."""

    section: ClassVar[str] = "users"

    name: str
    password: str
    grant: Grant
    created_s: int

    def to_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "password": self.password,
            **self.grant.to_json(),
            "created": self.created_s,
        }

    @classmethod
    def from_json(cls, fields: dict[str, Any]) -> Self:
        check_stored(str(fields["password"]))
        return cls(str(fields["name"]), str(fields["password"]), _grant(fields), int(fields["created"]))


def _grant(fields: dict[str, Any]) -> Grant:
    return Grant.of(map(str, fields["tenants"]), map(str, fields["rights"]), str(fields.get("selector", "")))


def parse_records(data: bytes, kind: type[R]) -> tuple[R, ...]:
    """Raises CredentialError; an empty file has none."""
    if not data.strip():
        return ()
    try:
        document = orjson.loads(data)
        if document["version"] != _VERSION:
            raise CredentialError(f"is of version {document['version']}, this program reads {_VERSION}")
        return tuple(kind.from_json(fields) for fields in document[kind.section])
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise CredentialError(f"is not a file of {kind.section}: {type(error).__name__}: {error}") from None


def print_records(records: Iterable[Record], kind: type[Record]) -> bytes:
    rows: Sequence[dict[str, Any]] = [record.to_json() for record in records]
    document = {"version": _VERSION, kind.section: rows}
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
