"""Python's own regular expressions run on our patterns only: a user's goes to RE2, which no text can make slow."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TAKES_A_PATTERN = {"compile", "findall", "finditer", "fullmatch", "match", "search", "split", "sub", "subn"}
HARMLESS = {"DOTALL", "IGNORECASE", "MULTILINE", "VERBOSE", "ASCII", "Match", "Pattern", "NOFLAG", "error"}


def offences(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """(line, what) of each use of ``re`` that might get a pattern which was not there when the module was imported."""
    calls = {id(node.func): node for node in ast.walk(tree) if isinstance(node, ast.Call)}
    later = _run_later(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "re":
            yield node.lineno, "from re"
        if isinstance(node, ast.Import) and any(each.name == "re" and each.asname for each in node.names):
            yield node.lineno, "re under another name"
        if not (isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "re"):
            continue
        if node.attr in HARMLESS:
            continue
        is_ours = node.attr in TAKES_A_PATTERN and id(node) in calls and _has_constant_pattern(calls[id(node)])
        if not is_ours and (id(node) in later or id(node) not in calls):
            yield node.lineno, f"re.{node.attr}"


def _run_later(tree: ast.Module) -> set[int]:
    """The nodes inside functions: what is outside of them has only known names and constants of ours."""
    functions = (
        node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
    )
    return {id(inner) for function in functions for inner in ast.walk(function)}


def _has_constant_pattern(call: ast.Call) -> bool:
    return bool(call.args) and isinstance(call.args[0], ast.Constant)


@pytest.mark.parametrize("package", ["logql", "server", "storage"])
def test_patterns_are_our_own(package: str) -> None:
    files = sorted((ROOT / package).rglob("*.py"))
    assert files
    found = [
        (path.relative_to(ROOT).as_posix(), *each)
        for path in files
        for each in offences(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        "def f(text, line):\n    return re.search(text, line)",
        "def f(text, line):\n    return re.sub(f'{text}x', '', line)",
        "async def f(text):\n    return re.compile('a' + text)",
        "class A:\n    def f(self, text):\n        return re.compile(re.escape(text))",
        "f = lambda text: re.compile(text)",
        "def f(text):\n    return re.compile(pattern=text)",
        "compiled = re.compile",
        "f(map(re.compile, texts))",
        "import re as regex",
        "from re import compile",
    ],
)
def test_patterns_of_others_are_seen(source: str) -> None:
    assert list(offences(ast.parse(source)))


@pytest.mark.parametrize(
    "source",
    [
        "import re\n_WORD = re.compile(r'a+', re.DOTALL)",
        "_A = 'a'\n_B = re.compile(rf'{_A}|b')",
        "_EACH = {quote: re.compile(f'[^{quote}]*') for quote in '\\'`'}",
        "def f(text, line):\n    return re.sub(r'a+', text, line)",
        "import re2\ndef f(text):\n    return re2.compile(text)",
        "def f(found: re.Match[str]) -> None: ...",
    ],
)
def test_patterns_of_ours_are_let_through(source: str) -> None:
    assert list(offences(ast.parse(source))) == []
