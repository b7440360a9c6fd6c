"""Fuzzes every target in turn, then the API: ``python -m tests.fuzz [SECONDS] [--only TARGET] [--seed N]``.

With atheris installed its coverage guides the search, otherwise the seeds are changed at random. What breaks a target
is written to a file, which ``--replay`` runs again.
"""

from __future__ import annotations

import argparse
import importlib.util
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path
from random import Random

from tests.fuzz.api import fuzz_api

__all__ = ["main"]

_DEFAULT_SECONDS = 120
_SECONDS_MAX = 10.0  # for one input
_SECONDS_PER_EXAMPLE = 30  # of the time given, for each example of each operation
_GUIDED = "--guided"


def main(arguments: list[str]) -> int:
    """0 if nothing broke."""
    parser = argparse.ArgumentParser(prog="scripts/fuzz", description="Feed readers of strangers' bytes.")
    parser.add_argument("seconds", nargs="?", type=int, default=_DEFAULT_SECONDS, help="for all targets together")
    parser.add_argument("--only", metavar="TARGET", action="append", default=[], help="repeatable")
    parser.add_argument("--seed", type=int, default=None, help="of a search without coverage")
    parser.add_argument("--replay", metavar="FILE", type=Path, help="run one input against --only TARGET")
    given = parser.parse_args(arguments)
    from tests.fuzz.targets import TARGETS

    names = given.only or list(TARGETS)
    if given.replay is not None:
        for name in names:
            TARGETS[name].run(given.replay.read_bytes())
        return 0
    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
    is_guided = importlib.util.find_spec("atheris") is not None and given.seed is None
    seconds = max(given.seconds // len(names), 1)
    seed = time.time_ns() if given.seed is None else given.seed
    print(f"{len(names)} targets, {seconds} s each, {'guided by coverage' if is_guided else f'--seed {seed}'}")
    broken = []
    for name in names:
        is_well = _guided(name, seconds, folder) if is_guided else _blind(name, seconds, seed, folder)
        broken += [] if is_well else [name]
    if not given.only:
        broken += _api(folder, examples=max(given.seconds // _SECONDS_PER_EXAMPLE, 1))
    print(f"broken: {', '.join(broken)}: inputs in {folder}" if broken else "nothing broke")
    return 1 if broken else 0


def _api(folder: Path, examples: int) -> list[str]:
    is_well, told = fuzz_api(folder, examples)
    summary = [line.strip() for line in told.splitlines() if "generated" in line]
    print(f"api: {' '.join(summary)}" if is_well else told)
    return [] if is_well else ["api"]


def _guided(name: str, seconds: int, folder: Path) -> bool:
    """In a process of its own, which never returns from atheris."""
    corpus = folder / name
    corpus.mkdir()
    from tests.fuzz.targets import TARGETS

    for number, data in enumerate(TARGETS[name].seeds):
        (corpus / f"seed-{number}").write_bytes(data)
    limits = [f"-max_total_time={seconds}", f"-timeout={_SECONDS_MAX:.0f}", "-rss_limit_mb=2000", "-max_len=65536"]
    command = [
        sys.executable,
        "-m",
        "tests.fuzz",
        _GUIDED,
        name,
        *limits,
        f"-artifact_prefix={folder}/{name}-",
        str(corpus),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    lines = done.stderr.splitlines()
    print(f"{name}: {next((line for line in reversed(lines) if line.startswith('Done')), 'broke')}", flush=True)
    if done.returncode:
        print("\n".join(lines[-40:]))
    return done.returncode == 0


def _run_guided(name: str, arguments: list[str]) -> None:
    import atheris

    with atheris.instrument_imports(include=["server.push", "server.parameters", "server.auth", "logql"]):
        from tests.fuzz.targets import TARGETS
    atheris.Setup([sys.argv[0], *arguments], TARGETS[name].run)
    atheris.Fuzz()


def _blind(name: str, seconds: int, seed: int, folder: Path) -> bool:
    from tests.fuzz.mutation import mutated
    from tests.fuzz.targets import TARGETS

    target, random, runs = TARGETS[name], Random(f"{seed} {name}"), 0
    end_s = time.monotonic() + seconds
    while time.monotonic() < end_s:
        data = mutated(random, target.seeds)
        began_s = time.monotonic()
        try:
            target.run(data)
            assert time.monotonic() - began_s < _SECONDS_MAX, "it took too long"
        except Exception:
            (folder / f"{name}-{runs}").write_bytes(data)
            traceback.print_exc()
            return False
        runs += 1
    print(f"{name}: {runs} runs", flush=True)
    return True


if __name__ == "__main__":
    if sys.argv[1:2] == [_GUIDED]:
        _run_guided(sys.argv[2], sys.argv[3:])
    else:
        sys.exit(main(sys.argv[1:]))
