"""The walk over OTLP logs as machine code."""

from server.push.otlp.kernels.walk import walk

__all__ = ["walk"]
