"""Lets the real TensorRT speak through the bundled logger.

Without a GPU the constructor of Runtime logs two real CUDA errors and leaves an object whose destruction may be a
segmentation fault: run this in a process of its own and do not mind how it ends.
"""

from __future__ import annotations

import argparse
import sys

import tensorrt_lean

from ingest_client import trt


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="http://127.0.0.1:3100")
    url = parser.parse_args().url
    logger = trt.get_logger(url, model="yolov5s", gpu=0, module=tensorrt_lean)
    runtime = tensorrt_lean.Runtime(logger)
    is_delivered = trt.flush(10)
    del runtime
    return 0 if is_delivered else 1


if __name__ == "__main__":
    sys.exit(main())
