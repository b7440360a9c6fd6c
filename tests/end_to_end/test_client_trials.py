"""The client under trial: real TensorRT loggers, a server that is killed over and over, a flood with nobody listening.

TESTS_CLIENT_S says for how long (default a few seconds, scripts/client-trials a minute), TESTS_CLIENT_KILLS how often
the server is killed meanwhile, TESTS_CLIENT_OUTAGE_S how long it is away at a stretch.
With -s each trial prints its figures.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import random
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.conftest import ServerMaker
from tests.end_to_end.reading import Found, find
from tests.end_to_end.server_process import ServerProcess

SECONDS = float(os.environ.get("TESTS_CLIENT_S", "6"))
KILLS = int(os.environ.get("TESTS_CLIENT_KILLS", "2"))
OUTAGE_S = float(os.environ.get("TESTS_CLIENT_OUTAGE_S", "3"))
LINES_PER_S = 400

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        importlib.util.find_spec("tensorrt_lean") is None,
        reason="tensorrt_lean is not installed: pip install tensorrt-lean-cu12",
    ),
]
SETTINGS = {"limits_config": {"max_entries_limit_per_query": 0, "ingestion_rate_mb": 1000}}

SETUP = """
    import os, resource, sys, time, tensorrt_lean
    from ingest_client import ClientSettings, trt as ic
    url, directory, who, seconds, rate = *sys.argv[1:4], float(sys.argv[4]), int(sys.argv[5])
    settings = ClientSettings(url=url, directory=directory, backoff_cap_s=1.0, exit_deadline_s=30.0)
    logger = ic.get_logger(settings=settings, job="trial", host=who)
    log, INFO = tensorrt_lean.ILogger.log, tensorrt_lean.ILogger.Severity.INFO
"""
LOGGING = """
    def work(name):
        number, started_s = 0, time.monotonic()
        while time.monotonic() - started_s < seconds:
            log(logger, INFO, "%s %d" % (name, number))
            number += 1
            time.sleep(max(0.0, started_s + number / rate - time.monotonic()))
        print(name, number, flush=True)
    if "forks" in who and os.fork() == 0:
        work(who + "-child")
        sys.exit(0)
    work(who)
    if "forks" in who:
        os.wait()
"""


def start(program: str, url: str, directory: Path, who: str, seconds: float, rate: int) -> subprocess.Popen[str]:
    """A process with a TensorRT logger."""
    source = textwrap.dedent(SETUP) + textwrap.dedent(program)
    arguments = [url, str(directory), who, str(seconds), str(rate)]
    quiet = ("-W", "ignore::DeprecationWarning")
    return subprocess.Popen(
        [sys.executable, *quiet, "-c", source, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def kill_and_restart(server: ServerProcess, until_s: float) -> int:
    """Kill the server as often as wanted, evenly over the time there is, and have it away for a while each time."""
    chosen, kills = random.Random(7), 0
    for left in range(KILLS, 0, -1):
        time.sleep(max(0.0, (until_s - time.monotonic()) / (left + 1)))
        server.kill()
        kills += 1
        time.sleep(chosen.uniform(0.0, 1.0))
        server.start()
    return kills


def by_name(found: list[Found]) -> dict[str, list[int]]:
    """The numbers that arrived, by who wrote them, in order of time."""
    numbers: dict[str, list[int]] = {}
    for entry in found:
        if entry.line.partition(" ")[2].isdigit():
            numbers.setdefault(entry.line.partition(" ")[0], []).append(int(entry.line.partition(" ")[2]))
    return numbers


@pytest.fixture
def server(make_server: ServerMaker) -> ServerProcess:
    return make_server(SETTINGS)


def test_every_line_of_two_processes_and_a_fork_arrives_once_and_in_order(
    server: ServerProcess, tmp_path: Path
) -> None:
    directory = tmp_path / "state"
    ends_at_s = time.monotonic() + SECONDS
    processes = [start(LOGGING, server.url, directory, who, SECONDS, LINES_PER_S) for who in ("forks", "single")]
    dies = start(LOGGING, server.url, directory, "dies", 3600, LINES_PER_S)
    kills = kill_and_restart(server, ends_at_s)
    dies.kill()
    ends = [process.communicate(timeout=SECONDS + 60) for process in processes]
    dies.communicate(timeout=10)
    # The next process of the service takes up what the killed one left.
    start("ic.flush(20)", server.url, directory, "next", 0, 1).communicate(timeout=60)
    written = {name: int(count) for out, _ in ends for name, count in map(str.split, out.splitlines())}
    assert set(written) == {"forks", "forks-child", "single"}, ends
    arrived = by_name(find(server.client(), '{job="trial"}', limit=1_000_000))
    print(f"\n{SECONDS:.0f} s, {kills} kills: {written}, and of a killed process {len(arrived['dies'])}: each once")
    for name, count in written.items():
        assert arrived[name] == list(range(count)), name
    assert arrived["dies"] == list(range(len(arrived["dies"])))
    assert len(arrived["dies"]) > SECONDS * LINES_PER_S / 4
    assert [path.name for path in directory.iterdir()] == []


LIFE = """
    import signal
    first, number = int(os.environ["FIRST"]), int(os.environ["FIRST"])
    started_s, asked = time.monotonic(), []
    signal.signal(signal.SIGINT, lambda *_: asked.append(True))
    while not asked:
        log(logger, INFO, "%s %d" % (who, number))
        number += 1
        if number % 100 == 0:
            print(number, flush=True)
        time.sleep(max(0.0, started_s + (number - first) / rate - time.monotonic()))
    print(number, flush=True)
"""


def live(url: str, directory: Path, first: int, seconds: float, ending: signal.Signals) -> int:
    """One life of a service that logs numbers from ``first`` on; the number that it had come to for sure."""
    os.environ["FIRST"] = str(first)
    process = start(LIFE, url, directory, "service", seconds, LINES_PER_S)
    time.sleep(seconds)
    process.send_signal(ending)
    out, err = process.communicate(timeout=60)
    assert out, err
    return int(out.split()[-1])


def test_an_outage_and_two_restarts_of_the_client_lose_and_double_nothing(
    server: ServerProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIRST", "0")
    directory, third_s = tmp_path / "state", max(1.0, OUTAGE_S / 3)
    server.kill()
    # Interrupted, it ends in order and has told its last number; killed, it may have logged more than it told.
    reached = live(server.url, directory, 0, third_s, signal.SIGINT)
    killed_from = reached
    reached = live(server.url, directory, reached, third_s, signal.SIGKILL)
    first_of_third = reached + 1_000_000
    ended = live(server.url, directory, first_of_third, third_s, signal.SIGINT)
    server.start()
    start("ic.flush(30)", server.url, directory, "next", 0, 1).communicate(timeout=60)
    arrived = by_name(find(server.client(), '{job="trial"}', limit=5_000_000))["service"]
    killed = [number for number in arrived if killed_from <= number < first_of_third]
    written = [*range(killed_from), *range(killed_from, killed_from + len(killed)), *range(first_of_third, ended)]
    digest, expected = (hashlib.sha256(repr(numbers).encode()).hexdigest()[:16] for numbers in (arrived, written))
    print(f"\n{3 * third_s:.0f} s without a server, two restarts: {len(arrived)} lines arrived, sha256 {digest}")
    assert digest == expected
    assert killed_from + len(killed) >= reached
    assert [path.name for path in directory.iterdir()] == []


FLOOD = """
    class Empty(tensorrt_lean.ILogger):
        def __init__(self): tensorrt_lean.ILogger.__init__(self)
        def log(self, severity, msg): pass
    def flood(logger, seconds):
        costs_ns, clock, text = [], time.perf_counter_ns, "[MemUsageChange] Init CUDA: CPU +0, GPU +378 (MiB)"
        started_s = time.monotonic()
        for millisecond in range(int(seconds * 1000)):
            for number in range(rate // 1000):
                before_ns = clock()
                log(logger, INFO, text)
                if not number % 10:
                    costs_ns.append(clock() - before_ns)
            time.sleep(max(0.0, started_s + millisecond / 1000 - time.monotonic()))
        costs_ns.sort()
        pace = millisecond / 1000 / (time.monotonic() - started_s)
        return costs_ns[len(costs_ns) // 2], costs_ns[len(costs_ns) * 99 // 100], pace
    def resident_bytes():
        return int(open("/proc/self/statm").read().split()[1]) * resource.getpagesize()
    empty, before = flood(Empty(), min(seconds, 5)), resident_bytes()
    halves = [flood(logger, seconds / 2)]
    middle = resident_bytes()
    halves.append(flood(logger, seconds / 2))
    print(*empty[:2], *halves[1][:2], middle - before, resident_bytes() - middle, halves[1][2], flush=True)
    os._exit(0)
"""


def test_a_flood_with_the_server_dead_costs_twice_an_empty_override_and_bounded_memory(tmp_path: Path) -> None:
    flood = start(FLOOD, "http://127.0.0.1:9", tmp_path, "flood", SECONDS, 50_000)
    out, err = flood.communicate(timeout=SECONDS * 9 + 60)
    assert out, err
    empty_ns, empty_p99_ns, ours_ns, ours_p99_ns, first_bytes, then_bytes, pace = map(float, out.split())
    print(f"\n{SECONDS:.0f} s of {50 * pace:.0f} messages a millisecond, server dead:", end=" ")
    print(f"median {ours_ns:.0f} ns, empty override {empty_ns:.0f} ns, ratio {ours_ns / empty_ns:.2f};", end=" ")
    print(f"p99 {ours_p99_ns:.0f} ns, empty {empty_p99_ns:.0f} ns;", end=" ")
    print(f"memory {first_bytes / 1e6:+.1f} MB in the first half, {then_bytes / 1e6:+.1f} MB in the second")
    # 2.0 is the promise, held by test_trt.py as the best of many rounds; here the machine may be busy for seconds.
    assert ours_ns / empty_ns < 3.0
    assert first_bytes < 80e6
    assert then_bytes < 20e6


def resident_mb(pid: int) -> Iterator[float]:
    """What a process has in memory, while it lives."""
    page_bytes = os.sysconf("SC_PAGE_SIZE")
    while True:
        try:
            yield int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * page_bytes / 1e6
        except (OSError, IndexError):
            return


def test_a_storm_through_the_wrapper_is_a_few_lines_that_count_it(server: ServerProcess, tmp_path: Path) -> None:
    count = 1_000_000 if SECONDS >= 60 else 100_000
    command = [sys.executable, "-m", "logctl", "run", "--addr", server.url, "--directory", str(tmp_path / "state")]
    storm = f"yes '[TRT] [W] Skipping tactic 8 due to insufficient memory' | head -n {count}"
    started_s = time.monotonic()
    process = subprocess.Popen([*command, "--job", "storm", "--", "sh", "-c", storm], stdout=subprocess.DEVNULL)
    peak_mb = 0.0
    for now_mb in resident_mb(process.pid):
        peak_mb = max(peak_mb, now_mb)
        if process.poll() is not None:
            break
        time.sleep(0.05)
    assert process.returncode == 0
    lines = [entry for entry in find(server.client(), '{job="storm"} |= "tactic 8"') if "logctl" not in entry.line]
    total = sum(int(entry["repeat_count"] or 1) for entry in lines)
    print(f"\n{count} equal lines in {time.monotonic() - started_s:.1f} s: {len(lines)} sent, peak {peak_mb:.0f} MB")
    assert total == count
    assert len(lines) <= 10
    assert peak_mb < 150
