"""The import arrows of the design, read from the source: who may know whom, and who may touch files."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

# What each package may import of the project.
ARROWS = {
    "storage": {"storage"},
    "logql": {"logql", "storage"},
    "server": {"server", "logql", "storage"},
    "ingest_client": {"ingest_client"},
    "logctl": {"logctl", "ingest_client", "server"},
    "benchmarks": {"benchmarks"},
}
OURS = {*ARROWS, "tests"}

HTTP_MODULES = {"aiohttp", "fastapi", "h11", "http", "httpx", "requests", "socket", "starlette", "uvicorn"}
HTTP_MODULES |= {"urllib.request", "urllib3"}
FILE_MODULES = {"fcntl", "fileinput", "io", "mmap", "shutil", "tempfile"}
OS_WITHOUT_FILES = {"cpu_count", "getpid", "process_cpu_count", "sched_getaffinity"}
# Methods of paths, and functions of numpy and pyarrow, that touch files. ``replace`` and ``open`` are left out: texts
# and stores have them too.
FILE_CALLS = {
    *("exists", "glob", "is_dir", "is_file", "iterdir", "mkdir", "read_bytes", "read_text", "rename", "rglob", "rmdir"),
    *("stat", "symlink_to", "touch", "unlink", "write_bytes", "write_text"),
    *("FileIO", "OSFile", "fromfile", "memmap", "memory_map", "tofile"),
}
# The last one reads our own sources, to know which machine code belongs to them: no data of anybody.
FILE_KEEPERS = ("storage/stores/files.py", "storage/kernels/cache.py", "storage/kernels/sources.py")
BUCKET_MODULES = {"boto3", "botocore", "s3transfer"}
TENSORRT_MODULES = {"tensorrt", "tensorrt_lean", "tensorrt_dispatch"}


def sources(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def imported(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """(line, module) of every import, also of those inside functions and of type checking only."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are written in full, so that arrows can be read"
            yield node.lineno, node.module or ""


def is_within(module: str, names: set[str]) -> bool:
    """Whether the module is one of these, or inside of one."""
    return any(module == name or module.startswith(f"{name}.") for name in names)


def offences(package: str, forbidden: set[str], except_below: tuple[str, ...] = ()) -> list[str]:
    return [
        f"{name_of(path)}:{line} imports {module}"
        for path in sources(package)
        if not name_of(path).startswith(except_below)
        for line, module in imported(tree_of(path))
        if is_within(module, forbidden)
    ]


def file_calls(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "os":
            if node.attr not in OS_WITHOUT_FILES:
                yield node.lineno, f"os.{node.attr}"
        elif isinstance(node, ast.ImportFrom) and node.module == "os":
            yield node.lineno, "from os"
        elif not isinstance(node, ast.Call):
            continue
        elif isinstance(node.func, ast.Name) and node.func.id == "open":
            yield node.lineno, "open"
        elif isinstance(node.func, ast.Attribute) and node.func.attr in FILE_CALLS and not is_harmless(node.func):
            yield node.lineno, node.func.attr


def is_harmless(call: ast.Attribute) -> bool:
    return is_package_data(call) or ast.unparse(call.value) in {"files", "self._files"}


def is_package_data(node: ast.expr) -> bool:
    """Whether a chain of calls starts at ``importlib.resources.files``: what a package ships with itself."""
    while isinstance(node, ast.Attribute | ast.Call):
        node = node.value if isinstance(node, ast.Attribute) else node.func
    return isinstance(node, ast.Name) and node.id == "files"


@pytest.mark.parametrize("package", ARROWS)
def test_packages_import_only_along_the_arrows(package: str) -> None:
    assert sources(package), f"{package} has no modules: the test looks in the wrong place"
    assert offences(package, OURS - ARROWS[package]) == []


@pytest.mark.parametrize("package", ["storage", "logql"])
def test_storage_and_logql_know_nothing_of_http(package: str) -> None:
    assert offences(package, HTTP_MODULES) == []


@pytest.mark.parametrize("package", ["storage", "logql"])
def test_only_one_file_calls_the_operating_system(package: str) -> None:
    assert offences(package, FILE_MODULES, FILE_KEEPERS) == []
    assert [
        f"{name_of(path)}:{line} calls {call}"
        for path in sources(package)
        if not name_of(path).startswith(FILE_KEEPERS)
        for line, call in file_calls(tree_of(path))
    ] == []


@pytest.mark.parametrize("package", [package for package in ARROWS if package != "benchmarks"])
def test_only_stores_know_the_bucket(package: str) -> None:
    assert offences(package, BUCKET_MODULES, ("storage/stores/",)) == []


def client_sources() -> list[Path]:
    """What may run in an inference process, and the parsers and wrappers that need no more."""
    return [path for path in sources("ingest_client") if not name_of(path).startswith("ingest_client/agent/")]


def roots_of(paths: list[Path]) -> set[str]:
    return {module.partition(".")[0] for path in paths for _, module in imported(tree_of(path))}


def test_the_client_imports_nothing_but_python_and_tensorrt() -> None:
    roots = roots_of(client_sources())
    assert roots - set(sys.stdlib_module_names) - TENSORRT_MODULES == {"ingest_client"}


def test_the_agent_imports_three_packages_more() -> None:
    roots = roots_of(sources("ingest_client/agent"))
    assert roots - set(sys.stdlib_module_names) == {"ingest_client", "jmespath", "re2", "yaml"}


def test_only_the_agent_knows_the_agent() -> None:
    assert [
        f"{name_of(path)}:{line} imports {module}"
        for path in client_sources()
        for line, module in imported(tree_of(path))
        if is_within(module, {"ingest_client.agent"})
    ] == []


@pytest.mark.parametrize("package", ["ingest_client/agent", "ingest_client/wrapper", "ingest_client/parsing"])
def test_the_inference_process_does_not_parse(package: str) -> None:
    inside = (f"{package}/", "ingest_client/agent/", "ingest_client/wrapper/")
    assert offences("ingest_client", {package.replace("/", ".")}, inside) == []


def test_the_client_imports_where_nothing_is_installed() -> None:
    modules = [name_of(path).removesuffix(".py").replace("/", ".") for path in client_sources()]
    names = [module.removesuffix(".__init__") for module in modules]
    program = f"import sys; sys.path.insert(0, {str(ROOT)!r}); [__import__(name) for name in {names!r}]"
    done = subprocess.run([sys.executable, "-S", "-I", "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import os", {"os"}),
        ("import os.path as p, json", {"os", "json"}),
        ("from server.config import x", {"server"}),
        ("def f():\n    import boto3", {"boto3"}),
        ("if False:\n    from logctl import main", {"logctl"}),
    ],
)
def test_imports_are_seen_wherever_they_stand(source: str, found: set[str]) -> None:
    assert {module.partition(".")[0] for _, module in imported(ast.parse(source))} == found


@pytest.mark.parametrize(
    "source",
    [
        "open(x)",
        "Path(x).write_bytes(b'')",
        "pa.memory_map(x)",
        "f(p.unlink())",
        "os.fsync(1)",
        "from os import fsync",
        "path.exists()",
    ],
)
def test_file_calls_are_seen(source: str) -> None:
    assert len(list(file_calls(ast.parse(source)))) == 1


@pytest.mark.parametrize(
    "source",
    [
        "text.replace(a, b)",
        "store.open(key)",
        "self._files.exists(path)",
        "os.cpu_count()",
        "files('a').joinpath('b').read_text()",
        "from urllib.parse import quote",
    ],
)
def test_harmless_calls_are_let_through(source: str) -> None:
    tree = ast.parse(source)
    assert list(file_calls(tree)) == []
    assert not any(is_within(module, HTTP_MODULES | FILE_MODULES) for _, module in imported(tree))
