"""``logctl user set|list|remove``: names and passwords for basic authentication, in the data folder of a server."""

from __future__ import annotations

import argparse
import getpass
import sys
from typing import TYPE_CHECKING

from logctl.errors import CommandError
from logctl.grants import GRANT_HEADS, add_grant_arguments, grant_from, grant_row, keep_credentials
from logctl.server_settings import add_settings_arguments
from logctl.table import table_lines

if TYPE_CHECKING:
    from server.config import Settings

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of this command. None takes a password: others could read it from the list of processes."""
    parser.add_argument("what", choices=("set", "list", "remove"))
    parser.add_argument("name", nargs="?", help="of the user; the password is asked for, or read from standard input")
    add_grant_arguments(parser)
    add_settings_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Add or change a user, list all without their passwords, or remove one."""
    return keep_credentials(args, "user", _RUNS)


def _set(settings: Settings, args: argparse.Namespace) -> None:
    from server.auth.keeping import set_user

    grant = grant_from(args)
    set_user(settings, args.name, _password(), grant)


def _list(settings: Settings, _: argparse.Namespace) -> None:
    from server.auth.keeping import list_users

    rows = [[user.name, *grant_row(user.grant)] for user in list_users(settings)]
    for line in table_lines(("name", *GRANT_HEADS), rows) if rows else ():
        print(line)


def _remove(settings: Settings, args: argparse.Namespace) -> None:
    from server.auth.keeping import remove_user

    remove_user(settings, args.name)


_RUNS = {"set": _set, "list": _list, "remove": _remove}


def _password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass.getpass("password: ")
    if getpass.getpass("once more: ") != password:
        raise CommandError("the two passwords differ")
    return password
