"""The real TensorRT logger: ``tensorrt_logger.py URL MARK``.

Without a CUDA driver the constructor of Runtime logs two errors and leaves an object whose use or destruction may end
the process with SIGSEGV.
"""

from __future__ import annotations

import sys

import tensorrt_lean

from ingest_client import trt


def main() -> None:
    url, mark = sys.argv[1:]
    logger = trt.get_logger(url, labels={"mark": mark, "model": "yolov5s"}, module=tensorrt_lean)
    runtime = tensorrt_lean.Runtime(logger)
    if not trt.flush(10):
        sys.exit("the lines were not delivered within 10 s")
    del runtime


main()
