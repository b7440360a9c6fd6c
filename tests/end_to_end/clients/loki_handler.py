"""loki-logger-handler, JSON push with structured metadata: ``loki_handler.py URL MARK gzip|plain``."""

from __future__ import annotations

import logging
import sys

from loki_logger_handler.loki_logger_handler import LokiLoggerHandler


def main() -> None:
    url, mark, shape = sys.argv[1:]
    handler = LokiLoggerHandler(
        url=f"{url}/loki/api/v1/push",
        labels={"mark": mark},
        compressed=shape == "gzip",
        enable_structured_loki_metadata=True,
        loki_metadata={"model": "resnet50"},
        timeout=1,
    )
    logger = logging.getLogger("inference")
    logger.addHandler(handler)
    logger.warning("engine cache miss")
    logger.error("enqueue failed")


main()
