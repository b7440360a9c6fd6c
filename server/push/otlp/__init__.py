"""OTLP logs: protobuf and JSON to the same columns that a push of Loki's becomes."""

from server.push.otlp.receive import receive_otlp

__all__ = ["receive_otlp"]
