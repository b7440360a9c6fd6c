"""python-logging-loki in its shapes, JSON push: ``python_logging_loki.py URL MARK direct|queue|old``.

The old one sends the JSON of ``/api/prom/push``.
"""

from __future__ import annotations

import logging
import queue
import sys

import logging_loki


def main() -> None:
    url, mark, shape = sys.argv[1:]
    path, version = ("api/prom/push", "0") if shape == "old" else ("loki/api/v1/push", "1")
    settings = {"url": f"{url}/{path}", "tags": {"mark": mark}, "version": version}
    handler = (
        logging_loki.LokiHandler(**settings)
        if shape != "queue"
        else logging_loki.LokiQueueHandler(queue.Queue(), **settings)
    )
    logger = logging.getLogger("inference")
    logger.addHandler(handler)
    logger.warning("fallback to FP32 for %s", "conv_3", extra={"tags": {"model": "yolov5s"}})
    logger.error('quoted "tensor" and ünïcode')
    if shape == "queue":
        handler.listener.stop()


main()
