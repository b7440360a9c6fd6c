"""What a tenant may write depends on what it wrote before, and on its operator: one rule a file.

A rule looks at a decoded, valid push and answers a ``Ruling`` about the rows that it refuses, or None. Adding one is
adding a file and a line in ``server/acceptance.py``.
"""

from server.admission.active_streams import ActiveStreams
from server.admission.blocked import blocked
from server.admission.enforced_labels import without_enforced_labels
from server.admission.rate import RateLimiter
from server.admission.ruling import Ruling
from server.admission.stream_rate import StreamRates

__all__ = ["ActiveStreams", "RateLimiter", "Ruling", "StreamRates", "blocked", "without_enforced_labels"]
