"""The bundled log client: a push client, a TensorRT logger (``ingest_client.trt``) and a ``logging`` handler.

Needs nothing but Python: no other package of this project and no third party is imported.
"""

from __future__ import annotations

from ingest_client.client import PushClient
from ingest_client.counters import Counters
from ingest_client.errors import ClientError, InvalidLabels, InvalidSettings, LoggerExists, NoLogger, TensorRTMissing
from ingest_client.logging_handler import SkaldlogHandler
from ingest_client.settings import ClientSettings, Credentials, TlsSettings

__all__ = [
    "ClientError",
    "ClientSettings",
    "Counters",
    "Credentials",
    "InvalidLabels",
    "InvalidSettings",
    "LoggerExists",
    "NoLogger",
    "PushClient",
    "SkaldlogHandler",
    "TensorRTMissing",
    "TlsSettings",
]
