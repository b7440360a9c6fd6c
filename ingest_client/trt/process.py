"""The process-wide TensorRT logger: ``trt.Runtime(get_logger(labels={"model": "yolov8s"}))``.

TensorRT keeps bare pointers to its logger and calls it from any thread, so there is one object, never freed, whose
``log`` only filters, appends and returns.
"""

from __future__ import annotations

import dataclasses
import os
import socket
import threading
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Mapping

from ingest_client.client import PushClient
from ingest_client.entries.severities import Severity, parse_severity
from ingest_client.errors import LoggerExists, NoLogger
from ingest_client.settings import ClientSettings, Credentials
from ingest_client.state.directory import default_directory
from ingest_client.trt import hooks
from ingest_client.trt.logger import logger_class
from ingest_client.trt.modules import find_module

__all__ = ["error_recorder", "flush", "get_logger", "layer_profiler", "progress_monitor"]

DEFAULT_JOB = "inference"


@dataclass(frozen=True)
class _Made:
    """The one logger with what it was made from."""

    logger: Any
    module: ModuleType
    client: PushClient
    settings: ClientSettings
    labels: dict[str, str]
    severity: Severity


_made: _Made | None = None
_making = threading.Lock()
_hooks: list[Any] = []


def get_logger(
    url: str | None = None,
    *,
    tenant: str | None = None,
    labels: Mapping[str, object] | None = None,
    min_severity: object = None,
    model: str | None = None,
    gpu: str | int | None = None,
    job: str | None = None,
    host: str | None = None,
    module: str | ModuleType | None = None,
    settings: ClientSettings | None = None,
) -> Any:
    """Return the ``ILogger`` of this process, made at the first call; later calls may leave everything out.

    ``module`` chooses between tensorrt, tensorrt_lean and tensorrt_dispatch; by default it is the one already imported.
    ``min_severity`` is INFO unless given. ``settings`` holds the finer points and cannot be mixed with ``url`` and
    ``tenant``; without them lines are kept in ``default_directory()`` until they are delivered. Raises LoggerExists
    when the logger was made with other labels or settings, TensorRTMissing, InvalidLabels or InvalidSettings.
    """
    global _made
    named = {"job": job, "host": host, "model": model, "gpu": gpu}
    wanted_labels = {**(labels or {}), **{name: value for name, value in named.items() if value is not None}}
    wanted_settings = _settings(url, tenant, settings)
    with _making:
        if _made is None:
            _made = _make(
                wanted_settings, wanted_labels, parse_severity("INFO" if min_severity is None else min_severity), module
            )
        else:
            _check_same(_made, wanted_settings if url or tenant or settings else None, wanted_labels, min_severity)
        return _made.logger


def flush(timeout_s: float = 5.0) -> bool:
    """Wait until the lines logged so far are delivered; False when the time was too short. True without a logger."""
    return _made is None or _made.client.flush(timeout_s)


def _settings(url: str | None, tenant: str | None, settings: ClientSettings | None) -> ClientSettings:
    if settings is None:
        found = ClientSettings(url=url or ClientSettings().url, credentials=Credentials(tenant=tenant))
        return dataclasses.replace(found, directory=default_directory())
    if url or tenant:
        raise ValueError("give get_logger either settings or url and tenant, not both")
    return settings


def _make(
    settings: ClientSettings, labels: dict[str, object], severity: Severity, module: str | ModuleType | None
) -> _Made:
    trt = find_module(module)
    full = {"job": DEFAULT_JOB, "host": socket.gethostname(), **labels}
    client = PushClient(settings, full, with_ring=True)
    return _Made(logger_class(trt, client, severity)(), trt, client, settings, client.labels, severity)


def _check_same(made: _Made, settings: ClientSettings | None, labels: dict[str, object], severity: object) -> None:
    differing = [
        f"{name}={str(value)!r} (the logger has {made.labels.get(name)!r})"
        for name, value in labels.items()
        if value is not None and made.labels.get(name) != str(value)
    ]
    if settings is not None and settings != made.settings:
        differing.append(f"the server or its settings (the logger sends to {made.settings.url})")
    if severity is not None and parse_severity(severity) != made.severity:
        differing.append(f"min_severity={severity!r} (the logger has {made.severity.name})")
    if differing:
        raise LoggerExists(
            f"TensorRT keeps one logger per process and it exists already; refused: {', '.join(differing)}. "
            "Call get_logger() without arguments to get it."
        )


def error_recorder(chain: Any = None) -> Any:
    """A recorder for ``runtime.error_recorder`` and others: errors go with their codes where the logger's lines go.

    TensorRT tells a recorder *instead of* the logger, so set one only where you want codes; ``chain`` is the recorder
    that the application had. Raises NoLogger before ``get_logger``.
    """
    made = _existing()
    return _kept(hooks.error_recorder(made.module, made.client, str(os.getpid()), chain))


def progress_monitor() -> Any:
    """A monitor for ``config.progress_monitor`` (TensorRT 9 and later): lines about the phases of a build.

    Raises NoLogger before ``get_logger``.
    """
    made = _existing()
    return _kept(hooks.progress_monitor(made.module, made.client, str(os.getpid())))


def layer_profiler(interval_s: float = 10.0) -> Any:
    """A profiler for ``context.profiler``: a line for each layer each ``interval_s``. It makes execution synchronous.

    Raises NoLogger before ``get_logger``.
    """
    made = _existing()
    return _kept(hooks.layer_profiler(made.module, made.client, str(os.getpid()), interval_s))


def _existing() -> _Made:
    if _made is None:
        raise NoLogger("call get_logger() first: errors, phases and layer times go where its lines go")
    return _made


def _kept(hook: Any) -> Any:
    # TensorRT keeps bare pointers to these too.
    _hooks.append(hook)
    return hook
