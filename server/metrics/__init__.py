"""What the server counts about itself, in the Prometheus text format."""

from server.metrics.collection import Metrics
from server.metrics.figures import FIGURES
from server.metrics.instruments import Counter, Gauge, Histogram

__all__ = ["FIGURES", "Counter", "Gauge", "Histogram", "Metrics"]
