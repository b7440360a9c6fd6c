"""What ``/metrics`` says."""

from __future__ import annotations

from tests.server.application import Api

__all__ = ["metrics_of"]


def metrics_of(api: Api) -> dict[str, float]:
    """Values of the samples, by name with labels."""
    lines = api.get("/metrics").text.splitlines()
    samples = (line.rpartition(" ") for line in lines if not line.startswith("#"))
    return {name: float(value) for name, _, value in samples}
