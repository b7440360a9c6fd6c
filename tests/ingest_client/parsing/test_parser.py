"""One record to level, event and fields: a table of lines, and lines that mean harm."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest_client.parsing import LineParser, Parsed


def parse(line: str) -> Parsed:
    return LineParser().parse(line)


@pytest.mark.parametrize(
    ("line", "level", "event", "fields"),
    [
        (
            "[TRT] [W] Layer 'Slice_1' (SLICE): Unsupported on DLA. Switching this layer's device type to GPU.",
            "warn",
            "fallback",
            {"layer": "Slice_1", "op": "SLICE", "from": "dla", "to": "gpu"},
        ),
        ("[WARNING] TensorRT fallback to CPU kernel", "warn", "fallback", {"from": "tensorrt", "to": "cpu"}),
        ("[INFO] Conv-ReLU fusion applied for layer conv2d_3", "info", "fusion", {"layer": "conv2d_3"}),
        ("[WARNING] Calibration batch skipped due to missing data", "warn", "calibration", {}),
        (
            "[ERROR] CUDA error: out of memory during enqueue",
            "error",
            "oom",
            {"cuda_error": "2", "cuda_name": "cudaErrorMemoryAllocation"},
        ),
        (
            "[TRT] [W] Skipping tactic 8 due to insufficient memory on requested size of 17179869184 detected",
            "warn",
            "workspace",
            {"tactic": "8", "bytes": "17179869184"},
        ),
        (
            "[TensorRT] ERROR: Tactic Device request: 2304MB Available: 1536MB. Device memory is insufficient to use"
            " tactic.",
            "error",
            "workspace",
            {"bytes": str(2304 << 20)},
        ),
        (
            "IExecutionContext::enqueueV3: Error Code 1: Cuda Runtime (invalid resource handle)",
            "error",
            "cuda_error",
            {
                "api": "IExecutionContext::enqueueV3",
                "error_code": "1",
                "error_kind": "Cuda Runtime",
                "cuda_error": "400",
                "cuda_name": "cudaErrorInvalidResourceHandle",
            },
        ),
        (
            "2026-01-23 13:27:57.724675380 [W:onnxruntime:default, tensorrt_execution_provider.h:90 log] "
            "[2026-01-23 04:27:57   ERROR] a.cpp:12: broken",
            "error",
            None,
            {"file": "a.cpp", "line": "12", "category": "default"},
        ),
        (
            "I0224 03:28:06.809225 3081 model_lifecycle.cc:849] \"successfully loaded 'post'\"",
            "info",
            "model_load",
            {"model": "post", "tid": "3081", "file": "model_lifecycle.cc", "line": "849"},
        ),
        (
            "[10/03/2024-10:47:59] [I] Throughput: 130.298 qps",
            "info",
            "perf",
            {"throughput_qps": "130.298"},
        ),
        (
            "[10/03/2024-10:47:59] [I] Latency: min = 5.3 ms, max = 13.3 ms, mean = 7.6 ms, median = 7.1 ms, "
            "percentile(90%) = 10.2 ms, percentile(95%) = 10.8 ms, percentile(99%) = 12.9 ms",
            "info",
            "perf",
            {
                "latency_min_ms": "5.3",
                "latency_max_ms": "13.3",
                "latency_median_ms": "7.1",
                "latency_p90_ms": "10.2",
                "latency_p95_ms": "10.8",
                "latency_p99_ms": "12.9",
            },
        ),
        ("&&&& FAILED TensorRT.trtexec [TensorRT v100200] # trtexec --onnx=a", "error", "run_result", None),
        ("&&&& PASSED TensorRT.trtexec [TensorRT v100200] # trtexec --onnx=a", "info", "run_result", None),
        ("soctherm: OC ALARM 0x00000001", "warn", "throttle", {}),
        (
            "NVRM: Xid (PCI:0000:44:00): 79, GPU has fallen off the bus",
            "error",
            "xid",
            {"pci": "0000:44:00", "xid": "79"},
        ),
        ("web_1  | [TRT] [E] 2: [a.cpp::f::1] Error Code 2: OutOfMemory (no)", "error", "oom", None),
        ("hello world", None, None, {}),
        ("", None, None, {}),
    ],
)
def test_lines(line: str, level: str | None, event: str | None, fields: dict[str, str] | None) -> None:
    found = parse(line)
    assert (found.level, found.event) == (level, event)
    if fields is not None:
        assert found.fields == fields


def test_a_wrapper_is_kept_as_a_field_and_only_before_a_known_prefix() -> None:
    assert parse("web_1  | [TRT] [I] ready").fields["service"] == "web_1"
    assert parse("[node-1] I0126 01:35:07.639250 9674 a.cc:693] hi").fields["node"] == "node-1"
    assert parse("select | from where").fields == {}


def test_long_values_are_cut() -> None:
    found = parse(f"[TRT] [W] Layer '{'x' * 5000}' (SLICE): Unsupported on DLA.")
    assert len(found.fields.get("layer", "")) <= 256


def test_the_stamp_of_the_line_is_kept_as_it_is() -> None:
    assert parse("[04/03/2023-06:31:37] [TRT] [V] Applying").ts_text == "04/03/2023-06:31:37"


def test_limits_of_formats_hold() -> None:
    assert LineParser(("glog",)).parse("[TRT] [W] x").format is None


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=300))
def test_no_text_fails(text: str) -> None:
    found = parse(text)
    assert all(isinstance(value, str) and value for value in found.fields.values())


@given(
    st.lists(st.sampled_from(["[TRT] [W] a 12", "[TRT] [E] a 13", "I0126 01:35:07.639250 9674 a.cc:693] x", "plain"]))
)
def test_a_parser_that_has_seen_lines_answers_as_a_fresh_one(lines: list[str]) -> None:
    parser = LineParser()
    assert [parser.parse(line) for line in lines] == [parse(line) for line in lines]
