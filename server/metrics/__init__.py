"""What the server counts about itself, in the Prometheus text format."""

from server.metrics.collection import Metrics
from server.metrics.instruments import Counter, Gauge, Histogram

__all__ = ["Counter", "Gauge", "Histogram", "Metrics"]
