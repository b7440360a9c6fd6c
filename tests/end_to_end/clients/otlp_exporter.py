"""OpenTelemetry's SDK and OTLP exporter over HTTP, protobuf: ``otlp_exporter.py URL MARK none|gzip|deflate``.

Exits with 1 when the server does not take the records.
"""

from __future__ import annotations

import logging
import sys
import warnings

from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
from opentelemetry.sdk._logs import LoggerProvider, LoggingHandler
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.sdk.resources import Resource


def main() -> None:
    url, mark, compression = sys.argv[1:]
    logging.getLogger("opentelemetry").addHandler(Failures())
    provider = LoggerProvider(Resource({"service.name": "inference", "service.namespace": mark, "host.name": "gpu-1"}))
    exporter = OTLPLogExporter(f"{url}/otlp/v1/logs", compression=Compression(compression))
    provider.add_log_record_processor(BatchLogRecordProcessor(exporter))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # another handler is announced, in a package of its own
        handler = LoggingHandler(logger_provider=provider)
    logger = logging.getLogger("inference")
    logger.addHandler(handler)
    logger.warning("engine cache miss for %s", "resnet50", extra={"model": "resnet50", "batch.size": 8})
    logger.error('quoted "tensor" and ünïcode', extra={"shape": [1, 3, 640]})
    provider.shutdown()
    sys.exit(1 if Failures.seen else 0)


class Failures(logging.Handler):
    """The exporter tells in its log alone that the server refused."""

    seen = False

    def emit(self, record: logging.LogRecord) -> None:
        Failures.seen = True
        print(record.getMessage(), file=sys.stderr)


main()
