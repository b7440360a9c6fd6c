"""The TensorRT logger with the real ``tensorrt_lean``, each case in a process of its own: there is one logger each."""

from __future__ import annotations

import importlib.util
import signal
from pathlib import Path

import pytest

from tests.ingest_client.programs import run_program
from tests.ingest_client.receiver import receiving

needs_tensorrt = pytest.mark.skipif(
    importlib.util.find_spec("tensorrt_lean") is None,
    reason="tensorrt_lean is not installed: pip install tensorrt-lean-cu12",
)
pytestmark = needs_tensorrt

SETUP = """
    import gc, os, signal, sys, threading, time
    import tensorrt_lean
    from ingest_client import trt as ic, ClientSettings, LoggerExists, InvalidSettings
    url = sys.argv[1]
    Severity = tensorrt_lean.ILogger.Severity
    def get_logger(directory=None, **arguments):
        settings = ClientSettings(url=url, batch_wait_s=60.0, directory=directory)
        return ic.get_logger(settings=settings, host="edge-07", **arguments)
"""


def test_a_real_runtime_without_a_driver_reports_two_errors_before_it_crashes() -> None:
    program = """
    logger = get_logger(model="yolov8s", gpu=0)
    runtime = tensorrt_lean.Runtime(logger)
    ic.flush(5)
    del runtime
    """
    with receiving() as receiver:
        run = run_program(SETUP + program, receiver.url)
        if run.returncode != -signal.SIGSEGV:
            pytest.skip(f"this machine has a CUDA driver: exit status {run.returncode}")
        assert {tuple(labels.items()) for labels, _ in receiver.pushes} == {
            (("gpu", "0"), ("host", "edge-07"), ("job", "inference"), ("model", "yolov8s"))
        }
        assert [value[2]["level"] for value in receiver.values] == ["error"] * 2
        assert all(value[2]["pid"].isdigit() for value in receiver.values)
        assert any("Error Code 6" in line for line in receiver.lines)
        assert any("cudaError 35" in line for line in receiver.lines)


def test_an_error_is_sent_without_waiting_for_the_batch_so_that_a_crash_cannot_take_it() -> None:
    program = """
    logger = get_logger()
    logger.log(Severity.INFO, "context")
    logger.log(Severity.ERROR, "fault")
    time.sleep(1.0)
    os.kill(os.getpid(), signal.SIGSEGV)
    """
    with receiving() as receiver:
        assert run_program(SETUP + program, receiver.url).returncode == -signal.SIGSEGV
        assert receiver.lines == ["context", "fault"]


LEVELS = ["critical", "error", "warn", "info", "debug"]


@pytest.mark.parametrize("weakest", range(5))
def test_severities_are_filtered_and_become_levels(weakest: int) -> None:
    program = f"""
    logger = get_logger(min_severity=Severity({weakest}))
    for number in range(5):
        logger.log(Severity(number), str(number))
    """
    with receiving() as receiver:
        run = run_program(SETUP + program, receiver.url)
        assert (run.returncode, run.stderr) == (0, "")
        assert [(value[1], value[2]["level"]) for value in receiver.values] == [
            (str(number), LEVELS[number]) for number in range(weakest + 1)
        ]


def test_the_logger_is_one_per_process_and_refuses_other_settings() -> None:
    program = """
    first = get_logger(model="a", gpu=1, labels={"site": "north"}, min_severity="warning")
    assert isinstance(first, tensorrt_lean.ILogger)
    same = [ic.get_logger(), get_logger(), get_logger(model="a"), ic.get_logger(gpu="1", min_severity=2)]
    assert all(logger is first for logger in same)
    others = [{"model": "b"}, {"labels": {"site": "south"}}, {"labels": {"new": "x"}}, {"min_severity": "INFO"}]
    for other in others:
        try:
            get_logger(**other)
        except LoggerExists as error:
            print(error)
    try:
        ic.get_logger("http://elsewhere:3100")
    except LoggerExists as error:
        print(error)
    """
    with receiving() as receiver:
        run = run_program(SETUP + program, receiver.url)
        assert (run.returncode, run.stderr) == (0, "")
        told = run.stdout.splitlines()
        assert len(told) == 5
        assert "model='b' (the logger has 'a')" in told[0]
        assert receiver.url in told[4]


def test_log_never_raises_whatever_it_is_given() -> None:
    program = """
    logger = get_logger(min_severity="VERBOSE")
    for severity in (Severity.INFO, 3, 7, -9, None, "x", object()):
        for message in ("text", "\\ud800", "nul \\0", "x" * 1_000_000, None, b"bytes", 5):
            logger.log(severity, message)
    assert logger.swallowed == 4 * 7, logger.swallowed
    """
    with receiving() as receiver:
        run = run_program(SETUP + program, receiver.url)
        assert (run.returncode, run.stderr) == (0, "")
        assert receiver.lines[:3] == ["text", "?", "nul \0"]
        assert receiver.lines[4:7] == ["None", "b'bytes'", "5"]
        assert len(receiver.lines) == 14


def test_log_may_be_entered_again_by_a_finaliser_and_by_a_runtime_inside_it() -> None:
    program = """
    logger = get_logger()
    class Logging:
        def __init__(self): self.me = self
        def __del__(self): logger.log(Severity.ERROR, "finaliser")
    gc.set_threshold(1)
    for number in range(200):
        Logging()
        logger.log(Severity.INFO, f"line {number}")
    gc.set_threshold(700)
    ic.flush(5)
    """
    with receiving() as receiver:
        run = run_program(SETUP + program, receiver.url)
        assert (run.returncode, run.stderr) == (0, "")
        assert [line for line in receiver.lines if line != "finaliser"] == [f"line {number}" for number in range(200)]
        assert receiver.lines.count("finaliser") > 100


def test_many_threads_lose_nothing() -> None:
    program = """
    logger = get_logger()
    def work(thread):
        for number in range(1000):
            logger.log(Severity.INFO, f"{thread} {number}")
    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    """
    with receiving() as receiver:
        run = run_program(SETUP + program, receiver.url)
        assert (run.returncode, run.stderr) == (0, "")
        assert sorted(receiver.lines) == sorted(f"{thread} {number}" for thread in range(8) for number in range(1000))


def test_an_interrupt_inside_log_arrives_afterwards() -> None:
    program = """
    logger = get_logger()
    class Interrupting:
        @property
        def value(self): raise KeyboardInterrupt
    logger.log(Interrupting(), "text")
    print("log returned", flush=True)
    try:
        time.sleep(10)
        print("slept")
    except KeyboardInterrupt:
        print("interrupted")
    """
    with receiving() as receiver:
        run = run_program(SETUP + program, receiver.url)
        assert run.stdout.split("\n")[:2] == ["log returned", "interrupted"]


def test_log_costs_at_most_twice_an_empty_override_with_the_server_dead_and_memory_bounded(tmp_path: Path) -> None:
    program = """
    class Empty(tensorrt_lean.ILogger):
        def __init__(self): tensorrt_lean.ILogger.__init__(self)
        def log(self, severity, msg): pass
    def median_ns(logger):
        # The way from C++: the binding of the base class calls the override as TensorRT does.
        log, severity, text, costs_ns = tensorrt_lean.ILogger.log, Severity.INFO, "Loaded engine size: 20 MiB", []
        for burst in range(20):
            for _ in range(50):
                started_ns = time.perf_counter_ns()
                log(logger, severity, text)
                costs_ns.append(time.perf_counter_ns() - started_ns)
            time.sleep(0.001)
        return sorted(costs_ns)[len(costs_ns) // 2]
    logger, empty = get_logger(directory=sys.argv[2]), Empty()
    # The best of many rounds: other programs on this machine only ever make it worse.
    print(min(median_ns(logger) / median_ns(empty) for _ in range(40)), flush=True)
    counters = logger.client.counters
    assert counters.accepted == 40_000 and counters.dropped_undelivered == 0, counters
    assert counters.queued_bytes <= 10 << 20, counters
    os._exit(0)
    """
    run = run_program(SETUP + program, "http://127.0.0.1:9", str(tmp_path))
    assert run.returncode == 0, run.stderr
    assert float(run.stdout) <= 2.0


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ('module="tensorflow"', "one of tensorrt, tensorrt_lean, tensorrt_dispatch"),
        ('min_severity="LOUD"', "min_severity 'LOUD': one of INTERNAL_ERROR"),
        ("min_severity=5", "min_severity 5"),
        ('labels={"a-b": "x"}', "label name 'a-b'"),
    ],
)
def test_bad_arguments_are_named_and_leave_no_logger_behind(arguments: str, text: str) -> None:
    program = f"""
    try:
        get_logger({arguments})
    except ValueError as error:
        print(error)
    get_logger()
    """
    run = run_program(SETUP + program, "http://127.0.0.1:9")
    assert run.returncode == 0, run.stderr
    assert text in run.stdout


def test_the_lines_that_explain_a_crash_arrive_although_nothing_ran_after_them(tmp_path: Path) -> None:
    program = """
    logger = get_logger(directory=sys.argv[2], model="yolov8s")
    try:
        runtime = tensorrt_lean.Runtime(logger)
        del runtime
    except TypeError:
        pass
    os.kill(os.getpid(), signal.SIGSEGV)
    """
    next_start = """
    get_logger(directory=sys.argv[2], model="yolov8s").log(Severity.INFO, "next start")
    """
    with receiving() as receiver:
        crashed = run_program(SETUP + program, "http://127.0.0.1:9", str(tmp_path))
        assert crashed.returncode == -signal.SIGSEGV
        for lock in tmp_path.glob("*/lock"):
            lock.write_text(lock.read_text().replace("http://127.0.0.1:9", receiver.url))
        assert run_program(SETUP + next_start, receiver.url, str(tmp_path)).returncode == 0
        assert sum("Error Code" in line for line in receiver.lines) >= 2
        assert receiver.lines[0] == "next start"


def test_what_the_application_is_doing_travels_with_the_lines() -> None:
    program = """
    logger = get_logger()
    with ic.context(request_id=7, phase="enqueue"):
        with ic.context(phase="execute"):
            logger.log(Severity.INFO, "inner")
        logger.log(Severity.ERROR, "outer")
    logger.log(Severity.INFO, "after")
    """
    with receiving() as receiver:
        run = run_program(SETUP + program, receiver.url)
        assert (run.returncode, run.stderr) == (0, "")
        found = {
            value[1]: {name: text for name, text in value[2].items() if name != "pid"} for value in receiver.values
        }
        assert found == {
            "inner": {"level": "info", "request_id": "7", "phase": "execute"},
            "outer": {"level": "error", "request_id": "7", "phase": "enqueue"},
            "after": {"level": "info"},
        }


def test_a_forked_child_logs_into_a_ring_of_its_own() -> None:
    program = """
    logger = get_logger()
    logger.log(Severity.INFO, "parent 1")
    child = os.fork()
    if child == 0:
        for number in range(100):
            logger.log(Severity.INFO, f"child {number}")
        sys.exit(0)
    os.waitpid(child, 0)
    logger.log(Severity.INFO, "parent 2")
    """
    with receiving() as receiver:
        run = run_program(SETUP + program, receiver.url, python_flags=("-W", "ignore::DeprecationWarning"))
        assert (run.returncode, run.stderr) == (0, "")
        assert sorted(receiver.lines) == sorted(["parent 1", "parent 2", *(f"child {number}" for number in range(100))])
        assert len({value[2]["pid"] for value in receiver.values}) == 2
