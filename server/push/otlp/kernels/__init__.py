"""The walk over OTLP logs as machine code."""

from server.push.otlp.kernels.request import walk

__all__ = ["walk"]
