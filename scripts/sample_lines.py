"""The project's own sample set: what a small inference fleet logs in half an hour, and the story hidden in it.

All texts are made up in the manner of TensorRT, ONNX Runtime and an inference service. The story: on ``edge-07`` a
second process eats the GPU's memory; ``yolov5s`` cannot allocate, runs out of memory in enqueue, falls back to the
CPU, its latency rises and the GPU falls idle. Six minutes later it is restarted and recovers.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import NamedTuple

__all__ = ["GPU_JOB", "INFERENCE_JOB", "SPAN_S", "STORY_HOST", "STORY_MODEL", "Sample", "samples"]

INFERENCE_JOB = "inference"
GPU_JOB = "gpu-metrics"
HOSTS = ("gpu-node-1", "gpu-node-2", "edge-07")
MODELS = ("yolov5s", "resnet50", "bert-base")
STORY_HOST, STORY_MODEL = "edge-07", "yolov5s"

SPAN_S = 1800
CRASH_S = 1320  # seconds into the half hour
RECOVERY_S = CRASH_S + 360

LATENCY_MS = {"yolov5s": 9.0, "resnet50": 4.0, "bert-base": 14.0}
GPU_MEMORY_BYTES = 8_589_934_592


class Sample(NamedTuple):
    """A line ``at_s`` seconds into the half hour."""

    at_s: float
    labels: dict[str, str]
    line: str
    level: str


LOADING = (
    ("info", "[TRT] [I] Loaded engine size: {size} MiB"),
    ("verbose", "[TRT] [V] ConvReluFusion: Fusing model.{n}.conv with model.{n}.act"),
    ("verbose", "[TRT] [V] model.{n}.conv (CaskConvolution) Tactic: 0x{tactic:016x} Time: 0.{time}"),
    ("verbose", "[TRT] [V] After vertical fusions: {n} layers"),
    ("warning", "[TRT] [W] Using an engine plan file across different models of devices is not recommended"),
    ("info", "[TRT] [I] [MemUsageChange] TensorRT-managed allocation: GPU +{size}, now: GPU {total} (MiB)"),
)

STORY: tuple[tuple[float, str, str], ...] = (
    (-41.0, "warning", "[TRT] [W] GPU memory is getting scarce: 412 MiB free of 8192 MiB"),
    (-12.0, "warning", "[TRT] [W] Requested amount of GPU memory (1073741824 bytes) could not be allocated"),
    (-0.4, "error", "[TRT] [E] 2: [virtualMemoryBuffer.cpp::resizePhysical::145] Error Code 2: OutOfMemory"),
    (
        0.0,
        "error",
        "[TRT] [E] 1: [executionContext.cpp::enqueue] CUDA error: out of memory during enqueue",
    ),
    (0.3, "error", "request failed: model yolov5s: CUDA error: out of memory (batch of 8, input 640x640)"),
    (1.1, "warning", "Force fallback to CPU execution for node: Slice_63"),
    (
        1.6,
        "warning",
        "Some nodes left the preferred execution provider: TensorRT fallback to CPU kernel",
    ),
    (61.0, "error", "[TRT] [E] CUDA error: out of memory during enqueue, retry 1 of 3"),
    (181.0, "error", "[TRT] [E] CUDA error: out of memory during enqueue, retry 2 of 3"),
    (301.0, "error", "[TRT] [E] CUDA error: out of memory during enqueue, retry 3 of 3: giving up"),
    (359.0, "info", "[TRT] [I] Engine reloaded, execution on GPU resumed"),
)


def samples(seed: int = 7) -> list[Sample]:
    """All samples in order of time; about 6,000, the same for the same seed."""
    chosen = random.Random(seed)
    rows = [*_gpu_readings(chosen), *_story()]
    for number, host in enumerate(HOSTS):
        for model in MODELS:
            labels = {"job": INFERENCE_JOB, "host": host, "model": model, "gpu": "0"}
            rows += _loading(chosen, labels, 3.0 * number)
            rows += _requests(chosen, labels)
    return sorted(rows, key=lambda row: row.at_s)


def _in_trouble(host: str, at_s: float) -> bool:
    return host == STORY_HOST and CRASH_S <= at_s < RECOVERY_S


def _story() -> Iterator[Sample]:
    labels = {"job": INFERENCE_JOB, "host": STORY_HOST, "model": STORY_MODEL, "gpu": "0"}
    return (Sample(CRASH_S + offset_s, labels, line, level) for offset_s, level, line in STORY)


def _loading(chosen: random.Random, labels: dict[str, str], start_s: float) -> Iterator[Sample]:
    for number in range(24):
        level, text = LOADING[0] if number == 0 else chosen.choice(LOADING[1:])
        fields = {"size": chosen.randrange(12, 400), "total": chosen.randrange(900, 5000), "n": chosen.randrange(1, 90)}
        line = text.format(**fields, tactic=chosen.getrandbits(64), time=chosen.randrange(100, 999))
        yield Sample(start_s + number * 0.08, labels, line, level)


def _requests(chosen: random.Random, labels: dict[str, str]) -> Iterator[Sample]:
    """A line every three seconds or so: JSON of the service or logfmt of its gateway."""
    at_s = 30 + chosen.random()
    while at_s < SPAN_S:
        is_slow = labels["model"] == STORY_MODEL and _in_trouble(labels["host"], at_s)
        latency_ms = LATENCY_MS[labels["model"]] * chosen.lognormvariate(0.0, 0.2) * (15 if is_slow else 1)
        level = "warn" if is_slow else "info"
        batch = chosen.choice((1, 2, 4, 8))
        if chosen.random() < 0.6:
            fields = {"level": level, "msg": "inference done", "batch_size": batch, "latency_ms": round(latency_ms, 3)}
            yield Sample(at_s, labels, json.dumps(fields), level)
        else:
            line = f'level={level} msg="request finished" status=200 duration={latency_ms:.3f}ms batch={batch}'
            yield Sample(at_s, labels, line, level)
        at_s += chosen.uniform(2.0, 4.0)


def _gpu_readings(chosen: random.Random) -> Iterator[Sample]:
    """A reading of each GPU every five seconds, on the same clock as the logs."""
    for host in HOSTS:
        labels = {"job": GPU_JOB, "host": host, "gpu": "0"}
        for at_s in range(0, SPAN_S, 5):
            idle = _in_trouble(host, at_s)
            filling = host == STORY_HOST and CRASH_S - 60 <= at_s < RECOVERY_S
            reading = {
                "gpu_util": chosen.randrange(2, 7) if idle else chosen.randrange(78, 92),
                "mem_used_bytes": GPU_MEMORY_BYTES * (99 if filling else chosen.randrange(58, 64)) // 100,
                "mem_total_bytes": GPU_MEMORY_BYTES,
                "temp_c": chosen.randrange(68, 72),
                "power_w": round(chosen.uniform(38, 44) if idle else chosen.uniform(128, 149), 1),
                "throttle": "none",
            }
            yield Sample(at_s + 0.25, labels, json.dumps(reading), "info")
