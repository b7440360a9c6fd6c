"""What a process was doing: the phase that its last telling line belongs to."""

from __future__ import annotations

import re

__all__ = ["phase_of"]

_PHASES = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("teardown", r"~Runtime|~ScopedCuda|[Dd]estroy|successfully unloaded"),
        ("calibrate", r"[Cc]alibrat(?:ion|ed batch)"),
        ("timing", r"Timing Runner|Tactic: |Fastest Tactic|[Ss]kipping tactic|getBestTactic"),
        ("parse", r"ModelImporter|onnx2trt|onnxOpImporters|While parsing|In node -?\d|No importer"),
        ("deserialize", r"deserializeCudaEngine|[Dd]eserializ|Loaded engine size|ArchiveReader|coreReadArchive"),
        ("serialize", r"buildSerializedNetwork|Serialized \d+ bytes|Engine generation completed"),
        (
            "context",
            r"createExecutionContext|IExecutionContext creation|ExecutionContext::ExecutionContext"
            r"|execution context memory",
        ),
        ("enqueue", r"enqueue|executeInternal|setInputShape|setBindingDimensions|executeV2"),
        (
            "build",
            r"[Bb]uild(?:er|ing engine)|Graph (?:construction|optimi)|optimizations to the graph|optimizer\.cpp"
            r"|[Ff]us(?:ing|ion)",
        ),
    )
)


def phase_of(message: str) -> str | None:
    """The phase that ``message`` tells of; None when it tells of none."""
    return next((name for name, pattern in _PHASES if pattern.search(message)), None)
