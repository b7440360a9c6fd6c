"""Everything the client refuses at construction; once it runs it never raises into the application.

ClientError (ValueError)
|-- InvalidSettings       an impossible address, size or time
|-- InvalidLabels         a label set that the server would refuse, and every line with it
|-- LoggerExists          a second TensorRT logger with other settings in one process
|-- NoLogger              a recorder, monitor or profiler before there is a logger
TensorRTMissing (ImportError)   none of the three TensorRT packages can be imported
"""

from __future__ import annotations

__all__ = ["ClientError", "InvalidLabels", "InvalidSettings", "LoggerExists", "NoLogger", "TensorRTMissing"]


class ClientError(ValueError):
    """Base of what the caller can mend by other arguments."""


class InvalidSettings(ClientError):
    """A setting is out of its range: the text names it, its value and what is allowed."""


class InvalidLabels(ClientError):
    """A label set that no server takes."""


class LoggerExists(ClientError):
    """TensorRT keeps one logger per process and it was made with other settings."""


class NoLogger(ClientError):
    """There is no TensorRT logger yet."""


class TensorRTMissing(ImportError):
    """No TensorRT package can be imported: the text names the packages to install and each cause."""
