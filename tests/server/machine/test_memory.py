"""How the process gets and keeps memory; set in child processes, as nothing undoes it."""

from __future__ import annotations

import asyncio
import ctypes
import os
import subprocess
import sys
from pathlib import Path

import pytest

from server.machine import memory

ROOT = Path(__file__).parents[3]


def printed(program: str, **environment: str) -> str:
    surroundings = {name: text for name, text in os.environ.items() if name != "ARROW_DEFAULT_MEMORY_POOL"}
    command = [sys.executable, "-W", "error", "-c", program]
    done = subprocess.run(
        command, cwd=ROOT, env=surroundings | environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


POOL = (
    "from server.machine.memory import tune_memory; tune_memory();"
    "import pyarrow; print(pyarrow.default_memory_pool().backend_name)"
)


def test_arrow_shares_the_allocator_of_all() -> None:
    assert printed(POOL) == "system"


def test_a_pool_that_the_user_chose_stays() -> None:
    import pyarrow

    chosen = next(name for name in pyarrow.supported_memory_backends() if name != "system")
    assert printed(POOL, ARROW_DEFAULT_MEMORY_POOL=chosen) == chosen


def test_the_module_does_not_import_arrow_before_it_is_tuned() -> None:
    assert printed("import server.machine.memory, sys; print('pyarrow' in sys.modules)") == "False"


def test_what_imports_made_is_not_collected_again() -> None:
    program = (
        "from server.machine.memory import settle_garbage_collector as settle; import gc;"
        "settle(); print(gc.get_freeze_count() > 1000, gc.get_threshold()[0] > 700)"
    )
    assert printed(program) == "True True"


class NoSuchLibrary:
    def __init__(self, name: str | None) -> None:
        raise OSError(f"no {name}")


class OtherLibrary:
    """Without what glibc has."""

    def __init__(self, name: str | None) -> None: ...


@pytest.mark.parametrize("library", [NoSuchLibrary, OtherLibrary])
def test_where_the_library_is_another_one_its_ways_stay(monkeypatch: pytest.MonkeyPatch, library: type) -> None:
    monkeypatch.setenv("ARROW_DEFAULT_MEMORY_POOL", "as it was")
    monkeypatch.setattr(ctypes, "CDLL", library)
    memory.tune_memory()
    asyncio.run(asyncio.wait_for(memory.give_back_now_and_then(), 10))
    assert os.environ["ARROW_DEFAULT_MEMORY_POOL"] == "as it was"


def test_giving_back_goes_on_until_it_is_cancelled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "_GIVE_BACK_EVERY_S", 0.001)

    async def live_a_while() -> bool:
        giving_back = asyncio.ensure_future(memory.give_back_now_and_then())
        await asyncio.sleep(0.05)
        is_alive = not giving_back.done()
        giving_back.cancel()
        await asyncio.wait([giving_back])
        return is_alive and giving_back.cancelled()

    assert asyncio.run(live_a_while())


GIVEN_BACK = """
from pathlib import Path
import pyarrow as pa, pyarrow.compute as pc
from server.machine.memory import give_back_code
def rss(): return int(Path("/proc/self/statm").read_text().split()[1])
words = pa.array(["b", "a", "b"])
before = pc.unique(words).to_pylist(), rss()
given = give_back_code("libarrow.so")
print(given > 0, rss() < before[1], pc.unique(words).to_pylist() == before[0])
"""


def test_a_library_whose_code_was_given_back_still_works() -> None:
    assert printed(GIVEN_BACK) == "True True True"


def test_no_code_of_a_library_that_is_not_there_is_given_back() -> None:
    assert memory.give_back_code("libof-no-such-name") == 0


MAPPING = "7f00-7f80 {flags} 00000000 fe:00 5 /usr/lib/{name}\nRss: 8 kB\nAnonymous: {own} kB\nVmFlags: rd ex\n"


@pytest.mark.parametrize(
    ("flags", "name", "own", "found"),
    [
        ("r-xp", "libx.so", 0, [(0x7F00, 0x80)]),
        ("r--p", "libx.so", 0, [(0x7F00, 0x80)]),
        ("r--p", "libx.so", 4, []),  # addresses that the loader filled in: the file does not have them
        ("rw-p", "libx.so", 0, []),
        ("r-xp", "liby.so", 0, []),
    ],
)
def test_only_pages_that_the_file_has_are_given_back(flags: str, name: str, own: int, found: list[object]) -> None:
    assert list(memory._unwritten(MAPPING.format(flags=flags, name=name, own=own), "libx")) == found
