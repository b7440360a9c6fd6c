"""The choice between the TensorRT packages, with packages made of files."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ingest_client.programs import run_program

CHOOSE = """
    import sys
    sys.path[:0] = [sys.argv[2], sys.argv[3]]
    for name in filter(None, sys.argv[1].split(",")):
        __import__(name)
    from ingest_client.trt.modules import find_module
    wanted = sys.argv[4] if len(sys.argv) > 4 else None
    try:
        print(find_module(wanted).__name__)
    except (ImportError, ValueError) as error:
        print(error)
"""
ROOT = str(Path(__file__).parents[3])


@pytest.mark.parametrize(
    ("installed", "imported", "wanted", "answer"),
    [
        (["tensorrt", "tensorrt_lean"], "", [], "tensorrt"),
        (["tensorrt_lean", "tensorrt_dispatch"], "", [], "tensorrt_lean"),
        (["tensorrt", "tensorrt_dispatch"], "tensorrt_dispatch", [], "tensorrt_dispatch"),
        (["tensorrt", "tensorrt_lean"], "", ["tensorrt_lean"], "tensorrt_lean"),
        (["tensorrt", "tensorrt_lean"], "tensorrt,tensorrt_lean", ["tensorrt"], "tensorrt"),
        (["tensorrt", "tensorrt_lean"], "tensorrt,tensorrt_lean", [], "say which one with module="),
        (["tensorrt"], "", ["tensorrt_lean"], "tensorrt_lean: not installed"),
        ([], "", [], "pip install tensorrt, tensorrt-lean or tensorrt-dispatch"),
        (["broken tensorrt"], "", [], "tensorrt: libnvinfer.so.10: cannot open shared object file"),
        (["broken tensorrt", "tensorrt_dispatch"], "", [], "tensorrt_dispatch"),
        (["tensorrt"], "", ["numpy"], "one of tensorrt, tensorrt_lean, tensorrt_dispatch"),
    ],
)
def test_the_package_in_use_is_found(
    tmp_path: Path, installed: list[str], imported: str, wanted: list[str], answer: str
) -> None:
    for name in installed:
        source = "raise ImportError('libnvinfer.so.10: cannot open shared object file')" if "broken" in name else ""
        (tmp_path / f"{name.removeprefix('broken ')}.py").write_text(source)
    run = run_program(CHOOSE, imported, str(tmp_path), ROOT, *wanted, python_flags=("-I", "-S"))
    assert run.returncode == 0, run.stderr
    assert answer in run.stdout
