"""python-logging-loki in both its shapes, JSON push: ``python_logging_loki.py URL MARK direct|queue``."""

from __future__ import annotations

import logging
import queue
import sys

import logging_loki


def main() -> None:
    url, mark, shape = sys.argv[1:]
    settings = {"url": f"{url}/loki/api/v1/push", "tags": {"mark": mark}, "version": "1"}
    handler = (
        logging_loki.LokiHandler(**settings)
        if shape == "direct"
        else logging_loki.LokiQueueHandler(queue.Queue(), **settings)
    )
    logger = logging.getLogger("inference")
    logger.addHandler(handler)
    logger.warning("fallback to FP32 for %s", "conv_3", extra={"tags": {"model": "yolov5s"}})
    logger.error('quoted "tensor" and ünïcode')
    if shape == "queue":
        handler.listener.stop()


main()
