"""Real shells complete command lines with the scripts that the program prints."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from logctl.registry import COMMANDS
from tests.logctl.recorded import logctl

ASK_BASH = """
source "$1"; shift
COMP_WORDS=("$@"); COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_logctl
printf '%s\\n' "${COMPREPLY[@]}"
"""
ALL = sorted(command.name for command in COMMANDS)
SHELLS = ("bash", "zsh", "fish")


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("completion")
    made = {}
    for shell in SHELLS:
        run = logctl("completion", shell)
        assert run.returncode == 0, run.stderr
        made[shell] = folder / f"logctl.{shell}"
        made[shell].write_text(run.stdout)
    return made


def _needs(shell: str) -> str:
    found = shutil.which(shell)
    if found is None:
        pytest.skip(f"no {shell} here")
    return found


CASES = [
    ("", ALL),
    ("que", ["query"]),
    ("--addr x --org-id y ta", ["tail"]),
    ("query --plo", ["--plot"]),
    ("query x --output ", ["default", "json", "jsonl", "raw", "table"]),
    ("-o js", ["json", "jsonl"]),
    ("query -o tab", ["table"]),
    ("tail --delay", ["--delay-for"]),
    ("tail --limit ", []),
    ("delete ", ["cancel", "create", "list"]),
    ("delete --since 1h c", ["cancel", "create"]),
    ("delete create ", []),
    ("completion ", ["bash", "fish", "zsh"]),
    ("serve --check", ["--check-config"]),
    ("nothing ", []),
]


@pytest.mark.parametrize(("line", "expected"), CASES)
def test_bash_completes(scripts: dict[str, Path], line: str, expected: list[str]) -> None:
    words = ["logctl", *line.split(" ")]
    asked = [_needs("bash"), "--norc", "-c", ASK_BASH, "bash", str(scripts["bash"]), *words]
    run = subprocess.run(asked, capture_output=True, text=True, check=True)
    assert sorted(run.stdout.split()) == expected
    assert run.stderr == ""


@pytest.mark.parametrize(
    ("words", "expected"), [(["--output", "=", "ra"], ["raw"]), (["--output", "="], ["default", "json", "jsonl"])]
)
def test_bash_completes_after_an_equals_sign(scripts: dict[str, Path], words: list[str], expected: list[str]) -> None:
    asked = [_needs("bash"), "--norc", "-c", ASK_BASH, "bash", str(scripts["bash"]), "logctl", "query", *words]
    run = subprocess.run(asked, capture_output=True, text=True, check=True)
    assert sorted(run.stdout.split())[: len(expected)] == expected


def test_bash_completes_files_and_folders(scripts: dict[str, Path], tmp_path: Path) -> None:
    (tmp_path / "a file.log").touch()
    (tmp_path / "afolder").mkdir()
    for words, expected in (
        (["push", "a"], "a file.log\nafolder\n"),
        (["push", "x.log", "a f"], "a file.log\n"),
        (["serve", "--data", "a"], "afolder\n"),
        (["serve", "--config", "a f"], "a file.log\n"),
    ):
        asked = [_needs("bash"), "--norc", "-c", ASK_BASH, "bash", str(scripts["bash"]), "logctl", *words]
        run = subprocess.run(asked, capture_output=True, text=True, check=True, cwd=tmp_path)
        assert "".join(sorted(run.stdout.splitlines(keepends=True))) == expected


@pytest.mark.parametrize(("line", "expected"), CASES)
def test_fish_completes(scripts: dict[str, Path], line: str, expected: list[str], tmp_path: Path) -> None:
    command = f"source {scripts['fish']}; complete -C 'logctl {line}'"
    run = subprocess.run(
        [_needs("fish"), "--no-config", "-c", command],
        capture_output=True,
        text=True,
        check=True,
        env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
        cwd=tmp_path,
    )
    assert sorted(row.split("\t")[0] for row in run.stdout.splitlines()) == expected


def test_zsh_reads_its_script(scripts: dict[str, Path]) -> None:
    subprocess.run([_needs("zsh"), "-f", "-n", str(scripts["zsh"])], check=True)


def test_every_command_is_in_every_script(scripts: dict[str, Path]) -> None:
    for script in scripts.values():
        text = script.read_text()
        assert [name for name in ALL if name not in text] == []


def test_an_unknown_shell_is_refused() -> None:
    run = logctl("completion", "tcsh")
    assert run.returncode == 2
    assert "invalid choice: 'tcsh'" in run.stderr
