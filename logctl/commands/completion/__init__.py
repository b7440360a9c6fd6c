"""``logctl completion``: shell scripts made of the parsers themselves, so that they know what the program knows."""

from __future__ import annotations

import argparse

from logctl.commands.completion.bash import bash_script
from logctl.commands.completion.fish import fish_script
from logctl.commands.completion.words import program_words
from logctl.commands.completion.zsh import zsh_script

__all__ = ["EXAMPLES", "add_arguments", "run"]

EXAMPLES = (
    ("source <(logctl completion bash)", "in ~/.bashrc"),
    ("logctl completion zsh > ~/.zfunc/_logctl", "with ~/.zfunc in fpath, before compinit"),
    ("logctl completion fish > ~/.config/fish/completions/logctl.fish", "for all new shells"),
)
_SCRIPTS = {"bash": bash_script, "zsh": zsh_script, "fish": fish_script}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of this command."""
    parser.add_argument("shell", choices=tuple(_SCRIPTS), help="which shell")


def run(args: argparse.Namespace) -> int:
    """Print the script."""
    print(_SCRIPTS[args.shell](program_words()), end="")
    return 0
