"""Retention: how long which rows are kept, and what goes when."""

from storage.retention.plan import Step, plan_retention
from storage.retention.policy import FOREVER, Retention, RetentionRule

__all__ = ["FOREVER", "Retention", "RetentionRule", "Step", "plan_retention"]
