"""What a message is about, as one word: rules tried in order, the first match wins."""

from __future__ import annotations

import re

__all__ = ["EVENTS", "event_of", "is_benign"]

_RULES = (
    ("run_result", r"^(?:\./)?trtexec --|TensorRT\.trtexec"),
    ("xid", r"NVRM: Xid|fallen off the bus"),
    ("throttle", r"soctherm|OC ALARM|over-current|throttl"),
    (
        "version_mismatch",
        r"library version [\d.]+ got|Version tag does not match|Serialized Engine Version|linked against"
        r"|not compatible with this version|[Vv]ersion mismatch",
    ),
    ("device_mismatch", r"compute [\d.]+ got compute|different models of devices|incompatible device"),
    ("cuda_init", r"initialization failure with error|driver version is insufficient|lazy loading is not enabled"),
    ("lifetime", r"mEngineCounter|Destroying a runtime before|logger passed into create"),
    (
        "fallback",
        r"[Ff]all(?:ing|s)? ?back|Switching this layer.s device type|not assigned to the preferred"
        r"|Applied providers: \[.CPU|not supported for DLA",
    ),
    ("workspace", r"[Ss]kipping tactic|insufficient to use tactic|workspace (?:memory|size)"),
    (
        "oom",
        r"[Oo]ut ?[Oo]f ?[Mm]emory|OUT_OF_MEMORY|insufficient memory|could not be allocated|Failed to allocate"
        r"|Cuda Error in allocate|NvMapMemAlloc",
    ),
    (
        "cuda_error",
        r"Error Code 1: (?:Cuda|Myelin)|CUDA error|CUDA failure|Cuda failure|cudaError|Cuda Error"
        r"|illegal memory access|FAILED_EXECUTION|in enqueue[^V]|Error Code 7",
    ),
    (
        "shape",
        r"[Ss]tatic dimension mismatch|setInputShape|setBindingDimensions|validateInputBindings|not within"
        r"|profile dimension|invalid shape|unexpected shape|shape .*between|supplied binding|profileObliviou"
        r"|optimization profile is",
    ),
    (
        "build_failed",
        r"checkMemLimit|enginePtr != nullptr|could not be created from network|[Ee]ngine set up failed",
    ),
    ("unsupported_op", r"While parsing node|In node -?\d+|UNSUPPORTED_NODE|Unable to freeze"),
    ("no_tactic", r"Could not find any implementation|during getBestTactic"),
    ("plugin", r"[Pp]lugin|loadLibrary|No importer"),
    ("calibration", r"[Cc]alibrat"),
    ("precision", r"FP16|INT64|INT32|TF32|Int64|at::kInt|[Hh]alf2|Subnormal"),
    ("deserialise", r"[Dd]eserializ|unable to (?:create TensorRT engine|load plan)|magicTag|Loaded engine size"),
    ("provider_load", r"provider_bridge|Failed to load (?:shared )?library|failed to load all models"),
    ("timing_cache", r"(?:timing|compilation) cache"),
    ("fusion", r"[Ff]us(?:ion|ing|ions)"),
    ("tactic", r"[Tt]actic|Timing Runner"),
    ("nvml", r"NVML|power limit for GPU|utilization for GPU|Collecting metrics for GPU"),
    ("memory", r"MemUsage|[Mm]emory"),
    (
        "build",
        r"Engine (?:built|generation)|Graph (?:construction|optimi)|engine build|optimizations to the graph"
        r"|elapsed time|[Bb]uilding engine|Created engine",
    ),
    (
        "perf",
        r"Throughput|Latency|Enqueue Time|[Cc]ompute [Tt]ime|median =|useSpinWait|enqueueV3\(\) may lead",
    ),
    ("model_load", r"load(?:ed|ing)|Created instance|backend thread|AsyncLoad"),
)
EVENTS = tuple((name, re.compile(pattern)) for name, pattern in _RULES)

# Errors by their tag, but of a search that goes on without what failed.
_BENIGN = re.compile(
    r"[Ss]kipping tactic|insufficient to use tactic|getPluginCreator could not find|Cannot find plugin"
)


def event_of(message: str) -> str | None:
    """The word for what ``message`` is about; None when no rule knows it."""
    return next((name for name, pattern in EVENTS if pattern.search(message)), None)


def is_benign(message: str) -> bool:
    """Whether what reads like an error is likely none: an attempt of the builder or of a probe."""
    return _BENIGN.search(message) is not None
