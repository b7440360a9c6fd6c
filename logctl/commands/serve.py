"""``logctl serve``: the server from the command line."""

from __future__ import annotations

import argparse

from logctl.server_settings import add_settings_arguments, settings_from

__all__ = ["add_arguments", "run"]

_ALLOW_PUBLIC = "--allow-public-access-without-authentication"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The flags of ``serve``; they win over environment and file."""
    parser.add_argument("--listen", metavar="HOST:PORT", help="where to listen (default 127.0.0.1:3100)")
    add_settings_arguments(parser)
    parser.add_argument(
        _ALLOW_PUBLIC,
        action="store_true",
        help="listen on an address that others reach although nothing asks who they are",
    )
    parser.add_argument("--print-config", action="store_true", help="print the settings that would be used, and end")
    parser.add_argument("--check-config", action="store_true", help="only say whether the settings are right")


def run(args: argparse.Namespace) -> int:
    """Serve; answers the exit status: 1 when the configuration, the address or the folder cannot be used."""
    # Not at the top: the other commands start faster without the server, and run where it is not installed.
    from server.machine.memory import tune_memory

    tune_memory()
    from server.config import settings_text

    settings = settings_from(args, [*_listen(args.listen), *_public(args)])
    if settings is None:
        return 1
    if args.print_config:
        print(settings_text(settings), end="")
        return 0
    if args.check_config:
        print("the configuration is right")
        return 0
    from server.run import run_server

    return run_server(settings)


def _public(args: argparse.Namespace) -> list[tuple[str, str, str]]:
    is_allowed: bool = args.allow_public_access_without_authentication
    return [(_ALLOW_PUBLIC, "server.allow_public_access_without_authentication", "true")] if is_allowed else []


def _listen(text: str | None) -> list[tuple[str, str, str]]:
    """``HOST:PORT``, ``:PORT`` for all addresses, ``[::1]:PORT``."""
    if text is None:
        return []
    host, _, port = text.rpartition(":")
    return [
        ("--listen", "server.http_listen_address", host.strip("[]")),
        ("--listen", "server.http_listen_port", port),
    ]
