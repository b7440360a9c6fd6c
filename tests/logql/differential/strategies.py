"""Hypothesis strategies over the generators. A seed is the whole example: it is printed and replayed, never shrunk."""

from __future__ import annotations

from random import Random

from hypothesis import strategies as st

from logql.ast import LogQuery, MetricExpr
from tests.logql.differential.datasets import dataset
from tests.logql.differential.log_queries import log_query
from tests.logql.differential.metric_queries import metric_query
from tests.storage.entries import Entry

__all__ = ["datasets", "log_queries", "metric_queries", "seeds"]

seeds: st.SearchStrategy[int] = st.integers(0, 2**32 - 1)
_randoms = seeds.map(Random)
datasets: st.SearchStrategy[list[Entry]] = _randoms.map(dataset)
log_queries: st.SearchStrategy[LogQuery] = _randoms.map(log_query)
metric_queries: st.SearchStrategy[MetricExpr] = _randoms.map(metric_query)
