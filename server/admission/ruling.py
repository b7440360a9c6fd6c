"""What a rule refuses of a push, and what is said of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from server.push.errors import PushError, Reason

__all__ = ["Ruling"]


@dataclass(frozen=True, slots=True)
class Ruling:
    """``kept`` (rows,) bool: the other rows are refused, and counted under ``reason``; None, the rule, for none kept.

    refusal  what is answered; None where the rows go without a word
    """

    reason: Reason
    refusal: PushError | None
    kept: NDArray[np.bool_] | None = None
