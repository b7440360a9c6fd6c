"""How the process gets and keeps memory; set in child processes, as nothing undoes it."""

from __future__ import annotations

import asyncio
import ctypes
import os
import subprocess
import sys
from pathlib import Path

import pytest

from server import memory

ROOT = Path(__file__).parents[2]


def printed(program: str, **environment: str) -> str:
    surroundings = {name: text for name, text in os.environ.items() if name != "ARROW_DEFAULT_MEMORY_POOL"}
    command = [sys.executable, "-W", "error", "-c", program]
    done = subprocess.run(
        command, cwd=ROOT, env=surroundings | environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


POOL = (
    "from server.memory import tune_memory; tune_memory();"
    "import pyarrow; print(pyarrow.default_memory_pool().backend_name)"
)


def test_arrow_shares_the_allocator_of_all() -> None:
    assert printed(POOL) == "system"


def test_a_pool_that_the_user_chose_stays() -> None:
    import pyarrow

    chosen = next(name for name in pyarrow.supported_memory_backends() if name != "system")
    assert printed(POOL, ARROW_DEFAULT_MEMORY_POOL=chosen) == chosen


def test_the_module_does_not_import_arrow_before_it_is_tuned() -> None:
    assert printed("import server.memory, sys; print('pyarrow' in sys.modules)") == "False"


def test_what_imports_made_is_not_collected_again() -> None:
    program = (
        "from server.memory import settle_garbage_collector as settle; import gc;"
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
