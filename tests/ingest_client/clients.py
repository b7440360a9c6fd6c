"""Clients set up for tests: short waits, so that a test takes milliseconds."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ingest_client import ClientSettings, PushClient

QUICK = ClientSettings(batch_wait_s=0.01, backoff_base_s=0.01, backoff_cap_s=0.02, exit_deadline_s=5.0, timeout_s=5.0)


def quick_settings(url: str, **changes: Any) -> ClientSettings:
    """Settings with short waits for a receiver at ``url``."""
    return replace(QUICK, url=url, **changes)


def quick_client(url: str, **changes: Any) -> PushClient:
    """A client of the stream {job="test"}."""
    return PushClient(quick_settings(url, **changes), {"job": "test"})
