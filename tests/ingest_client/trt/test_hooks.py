"""Recorder, monitor and profiler: they tell, they never raise, they never end a build."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest

from tests.ingest_client.programs import run_program
from tests.ingest_client.receiver import Receiver, receiving

needs_tensorrt = pytest.mark.skipif(
    importlib.util.find_spec("tensorrt_lean") is None,
    reason="tensorrt_lean is not installed: pip install tensorrt-lean-cu12",
)

REAL = """
    import sys, tensorrt_lean
    from ingest_client import trt as ic, ClientSettings, NoLogger
    ic.get_logger(settings=ClientSettings(url=sys.argv[1], batch_wait_s=60.0), host="edge-07")
"""


def found(receiver: Receiver) -> list[tuple[str, dict[str, str]]]:
    return [(value[1], {key: text for key, text in value[2].items() if key != "pid"}) for value in receiver.values]


def delivered(program: str) -> list[Any]:
    with receiving() as receiver:
        run = run_program(REAL + program, receiver.url)
        assert (run.returncode, run.stderr) == (0, "")
        return found(receiver)


@needs_tensorrt
def test_a_recorder_forwards_errors_with_their_codes_and_keeps_them() -> None:
    program = """
    recorder = ic.error_recorder()
    code = tensorrt_lean.ErrorCodeTRT.INVALID_ARGUMENT
    assert tensorrt_lean.IErrorRecorder.report_error(recorder, code, "bad shape") is True
    assert (recorder.num_errors(), recorder.get_num_errors(), recorder.has_overflowed()) == (1, 1, False)
    assert (recorder.get_error_code(0), recorder.get_error_desc(0)) == (code, "bad shape")
    recorder.clear()
    assert recorder.num_errors() == 0
    """
    metadata = {"level": "error", "via": "error_recorder", "error_code": "3"}
    assert delivered(program) == [("bad shape", metadata)]


@needs_tensorrt
@pytest.mark.parametrize(
    ("body", "answer"), [("return False", False), ("return True", True), ("raise RuntimeError", True)]
)
def test_a_recorder_that_was_there_is_told_too_and_its_word_counts(body: str, answer: bool) -> None:
    program = f"""
    class Theirs:
        def report_error(self, code, description): {body}
    recorder = ic.error_recorder(chain=Theirs())
    assert recorder.report_error(tensorrt_lean.ErrorCodeTRT.INTERNAL_ERROR, "text") is {answer}
    """
    assert [line for line, _ in delivered(program)] == ["text"]


@needs_tensorrt
def test_a_recorder_is_bounded_and_takes_anything() -> None:
    program = """
    recorder = ic.error_recorder()
    for number in range(1500):
        assert recorder.report_error(tensorrt_lean.ErrorCodeTRT.INTERNAL_ERROR, str(number))
    assert recorder.num_errors() == 1024 and recorder.has_overflowed()
    for code, text in ((None, "x"), ("x", None), (object(), 5)):
        assert recorder.report_error(code, text)
    """
    assert len(delivered(program)) == 1500


LAYER_TIME = {"level": "info", "event": "layer_time", "n": "100"}


@needs_tensorrt
def test_a_profiler_sums_layers_up() -> None:
    program = """
    profiler = ic.layer_profiler(interval_s=1000.0)
    assert isinstance(profiler, tensorrt_lean.IProfiler)
    for number in range(100):
        profiler.report_layer_time("conv", 1.0 + (number == 50))
        profiler.report_layer_time("relu", 0.5)
    profiler.report_layer_time(None, object())
    del profiler._layers[None]
    profiler.flush()
    """
    assert delivered(program) == [
        (
            "conv: 1.0100 ms on average, 2.0000 ms at most",
            {**LAYER_TIME, "layer": "conv", "ms_avg": "1.0100", "ms_max": "2.0000"},
        ),
        (
            "relu: 0.5000 ms on average, 0.5000 ms at most",
            {**LAYER_TIME, "layer": "relu", "ms_avg": "0.5000", "ms_max": "0.5000"},
        ),
    ]


@needs_tensorrt
def test_a_monitor_tells_of_phases_and_their_parents() -> None:
    program = """
    class Bound:
        # The way from C++: the base class calls the override.
        def __getattr__(self, name):
            return lambda *arguments: getattr(tensorrt_lean.IProgressMonitor, name)(mine, *arguments)
    mine, monitor = ic.progress_monitor(), Bound()
    monitor.phase_start("Building engine", None, 2)
    monitor.phase_start("Timing graph nodes", "Building engine", 1000)
    assert all(monitor.step_complete("Timing graph nodes", step) is True for step in range(1000))
    monitor.phase_finish("Timing graph nodes")
    monitor.phase_finish("Building engine")
    """
    lines = delivered(program)
    assert [line.partition(" after")[0] for line, _ in lines] == [
        "Building engine: started, 2 steps",
        "Timing graph nodes: started, 1000 steps",
        "Timing graph nodes: step 1 of 1000",
        "Timing graph nodes: finished",
        "Building engine: finished",
    ]
    assert lines[1][1] == {
        "level": "info",
        "event": "build_phase",
        "phase": "Timing graph nodes",
        "parent": "Building engine",
    }
    assert float(lines[3][1]["elapsed_s"]) >= 0


@needs_tensorrt
@pytest.mark.parametrize("fault", ["raise RuntimeError", "raise KeyboardInterrupt", "raise SystemExit"])
def test_a_monitor_with_a_failing_sink_never_cancels_a_build(fault: str) -> None:
    program = f"""
    def fail(*_, **__): {fault}
    monitor = ic.progress_monitor()
    ic.get_logger().client.offer = fail
    monitor.phase_start("phase", None, 1)
    assert monitor.step_complete("phase", 0) is True
    assert monitor.step_complete("unknown", None) is True
    monitor.phase_finish("phase")
    """
    assert delivered(program) == []


def test_without_a_logger_there_is_nowhere_to_write() -> None:
    program = """
    from ingest_client import trt as ic, NoLogger
    for make in (ic.error_recorder, ic.progress_monitor, ic.layer_profiler):
        try:
            make()
        except NoLogger as error:
            print(error)
    """
    run = run_program(program, str(Path()))
    assert run.stdout.count("call get_logger() first") == 3
