"""``logctl token create|list|revoke``: bearer tokens of a server, in its data folder; it sees changes at once."""

from __future__ import annotations

import argparse
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from logctl.grants import GRANT_HEADS, add_grant_arguments, grant_from, grant_row, keep_credentials
from logctl.server_settings import add_settings_arguments
from logctl.table import table_lines
from logctl.times import parse_duration

if TYPE_CHECKING:
    from server.auth.records import TokenRecord
    from server.config import Settings

__all__ = ["add_arguments", "run"]

_HEADS = ("id", "name", *GRANT_HEADS, "created", "expires")
_NS = 10**9


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of this command."""
    parser.add_argument("what", choices=("create", "list", "revoke"))
    parser.add_argument("name", nargs="?", help="of the token, for people; revoke takes its id, too")
    add_grant_arguments(parser)
    parser.add_argument("--expires", metavar="DURATION", help="ends after so long, like 90d (default never)")
    add_settings_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Print the new token, which is shown only once, or the list of all without their secrets."""
    return keep_credentials(args, "token", _RUNS)


def _create(settings: Settings, args: argparse.Namespace) -> None:
    from server.auth.keeping import create_token

    valid_s = parse_duration(args.expires) // _NS if args.expires else None
    print(create_token(settings, args.name, grant_from(args), valid_s))


def _list(settings: Settings, _: argparse.Namespace) -> None:
    from server.auth.keeping import list_tokens

    rows = [_row(token) for token in list_tokens(settings)]
    for line in table_lines(_HEADS, rows) if rows else ():
        print(line)


def _revoke(settings: Settings, args: argparse.Namespace) -> None:
    from server.auth.keeping import revoke_token

    revoke_token(settings, args.name)


_RUNS = {"create": _create, "list": _list, "revoke": _revoke}


def _row(token: TokenRecord) -> list[str]:
    end = "never" if token.expires_s is None else _moment(token.expires_s)
    if token.is_expired(time.time()):
        end += " (over)"
    return [token.id, token.name, *grant_row(token.grant), _moment(token.created_s), end]


def _moment(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%SZ")
