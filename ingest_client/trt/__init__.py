"""The TensorRT logger of a process: ``from ingest_client import trt``, then ``trt.Runtime(trt.get_logger(...))``."""

from __future__ import annotations

from ingest_client.entries.context import context
from ingest_client.trt.process import error_recorder, flush, get_logger, layer_profiler, progress_monitor

__all__ = ["context", "error_recorder", "flush", "get_logger", "layer_profiler", "progress_monitor"]
