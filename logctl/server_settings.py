"""The settings of the server, for the commands that run it or look after its data folder."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from server.config import Settings

__all__ = ["add_settings_arguments", "settings_from"]


def add_settings_arguments(parser: argparse.ArgumentParser) -> None:
    """Where the data is, and any other setting."""
    parser.add_argument("--data", metavar="DIR", help="folder of the log and the parts (default ./data)")
    parser.add_argument("--config", metavar="FILE", type=Path, help="YAML file of settings, see docs/configuration.md")
    parser.add_argument(
        "--set", metavar="NAME=VALUE", action="append", default=[], help="any setting by its name; may be repeated"
    )


def settings_from(args: argparse.Namespace, flags: Iterable[tuple[str, str, str]] = ()) -> Settings | None:
    """The settings of file, environment and arguments; None, with the reasons on stderr, when they are wrong."""
    # Not at the top: client commands run where the server is not installed.
    from server.config import ConfigError, Given, TenantSettings, load_settings

    data = [] if args.data is None else [("--data", "common.path_prefix", args.data)]
    try:
        settings = load_settings(args.config, os.environ, args.set, [Given(*flag) for flag in (*flags, *data)])
        TenantSettings(settings)
        return settings
    except ConfigError as error:
        print(error, file=sys.stderr)
        return None
