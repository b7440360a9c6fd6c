"""Client commands live without the server's packages, and ``serve`` says what it misses."""

from __future__ import annotations

import pytest

from tests.ingest_client.programs import run_program
from tests.logctl.recorded import ROOT

ONLY_PYTHON = """
    import sys

    OURS = ("ingest_client", "logctl", "server", "logql", "storage")

    class OnlyPython:
        def find_spec(self, name, path=None, target=None):
            top = name.partition(".")[0]
            if top not in sys.stdlib_module_names and top not in OURS:
                raise ModuleNotFoundError(f"No module named {name!r}", name=name)

    sys.meta_path.insert(0, OnlyPython())
    sys.path.insert(0, sys.argv.pop(1))
    from logctl.main import main
    sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.parametrize(
    "arguments", [["--help"], ["--version"], ["query", "--help"], ["push", "--help"], ["completion", "bash"]]
)
def test_client_commands_need_nothing_but_python(arguments: list[str]) -> None:
    run = run_program(ONLY_PYTHON, ROOT, *arguments, python_flags=("-I", "-S"))
    assert run.returncode == 0, run.stderr


def test_a_query_runs_with_nothing_but_python() -> None:
    run = run_program(ONLY_PYTHON, ROOT, "--addr=http://127.0.0.1:9", "query", "<>", python_flags=("-I", "-S"))
    assert run.returncode == 1
    assert "does not answer" in run.stderr


def test_serve_without_the_servers_packages_names_the_remedy() -> None:
    run = run_program(ONLY_PYTHON, ROOT, "serve", python_flags=("-I", "-S"))
    assert run.returncode == 1
    assert "pip install 'skaldlog[server]'" in run.stderr
    assert run.stderr.count("\n") == 1
