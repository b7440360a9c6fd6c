"""``logctl agent``: tails what a promtail configuration names and ships it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from logctl.errors import CommandError

__all__ = ["EXAMPLES", "add_arguments", "add_expansion_argument", "run"]

EXAMPLES = (
    ("logctl agent --config /etc/promtail/config.yaml", "what promtail did"),
    ("logctl agent -config.file=agent.yaml -config.expand-env=true", "as promtail spells it"),
    (
        "trtexec --onnx=model.onnx 2>&1 | logctl agent --config agent.yaml --stdin",
        "lines of a pipe, through its stages",
    ),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments, also as promtail spells them."""
    parser.add_argument(
        "--config", "--config.file", "-config.file", required=True, metavar="FILE", type=Path, help="promtail's YAML"
    )
    add_expansion_argument(parser)
    parser.add_argument("--stdin", "-stdin", action="store_true", help="read standard input instead of files")


def add_expansion_argument(parser: argparse.ArgumentParser) -> None:
    """``--expand-env``, as promtail has it."""
    parser.add_argument(
        "--expand-env",
        "--config.expand-env",
        "-config.expand-env",
        nargs="?",
        const="true",
        default="false",
        choices=("true", "false"),
        help="replace ${VARIABLE} and ${VARIABLE:default} in the configuration",
    )


def run(args: argparse.Namespace) -> int:
    """Run until a signal comes; CommandError when the configuration or the folder cannot be used."""
    from ingest_client.agent.config.load import load_config
    from ingest_client.agent.errors import AgentError, ConfigError
    from ingest_client.agent.run import run_agent
    from ingest_client.errors import ClientError

    try:
        config = load_config(args.config, args.expand_env == "true")
        for warning in config.warnings:
            print(f"logctl agent: {warning}", file=sys.stderr)
        return run_agent(config, args.stdin)
    except ConfigError as error:
        print("\n".join(f"{args.config}: {mistake}" for mistake in error.mistakes), file=sys.stderr)
        return 1
    except (AgentError, ClientError) as error:
        raise CommandError(str(error)) from error
    except OSError as error:
        raise CommandError(f"{error.filename or args.config}: {error.strerror or error}") from error
