"""What a token or a user is allowed, as arguments of the commands that make them."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from logctl.errors import CommandError, UsageError
from logctl.server_settings import settings_from

if TYPE_CHECKING:
    from server.auth import Grant
    from server.config import Settings

    Keep = Callable[[Settings, argparse.Namespace], None]

__all__ = ["GRANT_HEADS", "add_grant_arguments", "grant_from", "grant_row", "keep_credentials"]

GRANT_HEADS = ("tenants", "rights", "selector")


def add_grant_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare them; each takes several values with commas."""
    parser.add_argument("--tenants", metavar="A,B", help="which tenants; '*' for all, also while tenants are off")
    parser.add_argument("--rights", metavar="A,B", default="read", help="read, write, delete, admin (default read)")
    parser.add_argument(
        "--selector", metavar="SELECTOR", default="", help="every query gets these matchers, too, like '{team=\"a\"}'"
    )


def grant_from(args: argparse.Namespace) -> Grant:
    """Raises CredentialError."""
    from server.auth import CredentialError, Grant

    if not args.tenants:
        raise CredentialError("--tenants says for which tenants: names with commas, or '*' for all")
    return Grant.of(_items(args.tenants), _items(args.rights), args.selector)


def grant_row(grant: Any) -> list[str]:
    """Cells of a table."""
    return [",".join(sorted(grant.tenants)), ",".join(sorted(grant.rights)), grant.selector]


def keep_credentials(args: argparse.Namespace, noun: str, runs: Mapping[str, Keep]) -> int:
    """Run what ``args.what`` asks for, over the settings; the exit status. Raises CommandError."""
    from server.auth import CredentialError

    settings = settings_from(args)
    if settings is None:
        return 1
    if args.what != "list" and not args.name:
        raise UsageError(f"{noun} {args.what} needs the name of a {noun}")
    try:
        runs[args.what](settings, args)
    except CredentialError as error:
        raise CommandError(str(error)) from error
    return 0


def _items(text: str) -> list[str]:
    return [item.strip() for item in text.split(",") if item.strip()]
