"""``enforced_labels``: labels that every stream has to have."""

from __future__ import annotations

import numpy as np

from server.admission.ruling import Ruling
from server.limits import PushLimits
from server.push.errors import PushError, Reason
from storage.batch import Batch
from storage.labels import Labels

__all__ = ["without_enforced_labels"]

_SHOWN = 10


def without_enforced_labels(tenant: str, batch: Batch, limits: PushLimits) -> Ruling | None:
    """The rows of streams that lack one are refused."""
    if not limits.enforced_labels:
        return None
    missing = [[name for name in limits.enforced_labels if name not in stream] for stream in batch.streams]
    if not any(missing):
        return None
    texts = [_text(tenant, names, stream) for names, stream in zip(missing, batch.streams, strict=True) if names]
    told = "; ".join(texts[:_SHOWN]) + (f"; {len(texts) - _SHOWN} other errors" if len(texts) > _SHOWN else "")
    has_all = np.array([not names for names in missing], np.bool_)
    return Ruling(Reason.MISSING_ENFORCED_LABELS, PushError(400, told), has_all[batch.stream])


def _text(tenant: str, names: list[str], stream: Labels) -> str:
    return f"missing required labels '{','.join(names)}' for user '{tenant}' for stream '{stream.text}' (policy: '')"
