"""Which files decide about machine code: those of kernels, and those that they take something from."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage.kernels.sources import kernel_sources

KERNELS = ["pkg/a/kernels.py", "pkg/kernels/__init__.py", "pkg/kernels/deep/more.py"]
OTHERS = ["pkg/__init__.py", "pkg/a/__init__.py", "pkg/a/rows.py", "pkg/a/wire.py", "pkg/b/limits.py"]


def sources(tree: Path, kernel: str = "", wire: str = "") -> list[str]:
    """Of a project of one package, with these texts in two of its modules."""
    for name in [*KERNELS, *OTHERS, "pkg/kernels/notes.txt", "pkg/kernels_too.py"]:
        path = tree / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text({"pkg/a/kernels.py": kernel, "pkg/a/wire.py": wire}.get(name, ""))
    found = kernel_sources(["pkg"], tree.joinpath)
    return [str(Path(str(source)).relative_to(tree)) for source in found]


def test_modules_called_kernels_and_all_in_packages_of_that_name_are(tmp_path: Path) -> None:
    assert sources(tmp_path) == KERNELS


@pytest.mark.parametrize(
    "kernel",
    [
        "from pkg.a.wire import TAG",
        "from pkg.a.wire import (\n    TAG,  # (of a record)\n    OTHER as MINE,\n)\n",
        "from pkg.a import wire",
        "from pkg.a import wire as record",
        "import pkg.a.wire",
        "import os\n\nfrom pkg.a.wire import *",
    ],
)
def test_what_a_kernel_imports_is_one_too(tmp_path: Path, kernel: str) -> None:
    assert sources(tmp_path, kernel) == [*KERNELS, "pkg/a/wire.py"]


def test_what_a_package_hands_on_is_looked_for_in_the_package(tmp_path: Path) -> None:
    assert sources(tmp_path, "from pkg.a import TAG") == [*KERNELS, "pkg/a/__init__.py"]


def test_constants_may_come_through_many_modules(tmp_path: Path) -> None:
    found = sources(tmp_path, "from pkg.a.wire import TAG", wire="from pkg.b.limits import TAG\n")
    assert found == [*KERNELS, "pkg/a/wire.py", "pkg/b/limits.py"]


@pytest.mark.parametrize(
    "kernel",
    ["from numpy import array", "import pkgs.a.wire", "# from pkg.a import wire", "    from pkg.a import wire"],
)
def test_other_modules_are_none(tmp_path: Path, kernel: str) -> None:
    assert sources(tmp_path, kernel) == KERNELS


def test_the_sources_of_this_project_have_the_constants_of_the_push_protocol() -> None:
    root = Path(__file__).parents[3]
    names = {str(Path(str(each)).relative_to(root)) for each in kernel_sources(["server", "storage"], root.joinpath)}
    assert {"server/push/protobuf/wire.py", "server/push/otlp/wire.py", "server/push/otlp/kernels/texts.py"} <= names
