"""The crash-safe ring: lines that outlive a process which dies right after it wrote them."""

from __future__ import annotations

from ingest_client.ring.recovery import recover
from ingest_client.ring.ring import Ring

__all__ = ["Ring", "recover"]
