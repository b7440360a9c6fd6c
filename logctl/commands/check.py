"""``logctl check``: what is wrong, or odd, with a configuration of the agent."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from logctl.commands.agent import add_expansion_argument
from logctl.errors import CommandError

__all__ = ["EXAMPLES", "add_arguments", "run"]

EXAMPLES = (
    ("logctl check agent.yaml", "what is wrong or odd with it"),
    ("HOSTNAME=edge-07 logctl check agent.yaml --expand-env", "with variables put in"),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The file."""
    parser.add_argument("file", metavar="FILE", type=Path, help="configuration of the agent, or of promtail")
    add_expansion_argument(parser)


def run(args: argparse.Namespace) -> int:
    """Print mistakes and hints; 1 when there are mistakes."""
    from ingest_client.agent.check import check_config
    from ingest_client.agent.config.expand import expand_environment

    try:
        text = args.file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{args.file}: {getattr(error, 'strerror', None) or error}") from error
    report = check_config(expand_environment(text, os.environ) if args.expand_env == "true" else text, str(args.file))
    for kind, texts in (("mistake", report.mistakes), ("hint", report.hints)):
        for each in texts:
            print(f"{kind}: {each}")
    if not report.mistakes and not report.hints:
        print("nothing to say about it")
    return 1 if report.mistakes else 0
