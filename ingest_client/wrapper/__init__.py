"""A program run under the eyes of the client: its output is shown as ever and shipped beside."""

from __future__ import annotations

from ingest_client.wrapper.run import run_wrapped

__all__ = ["run_wrapped"]
