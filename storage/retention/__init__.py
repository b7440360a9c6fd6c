"""Retention: how long which rows are kept, and what goes when."""

from storage.retention.plan import Action, Step, expired_rows, plan_retention
from storage.retention.policy import FOREVER, Retention, RetentionRule

__all__ = [
    "FOREVER",
    "Action",
    "Retention",
    "RetentionRule",
    "Step",
    "expired_rows",
    "plan_retention",
]
