"""Fixtures of all tests of storage."""

from tests.buckets.fixtures import bucket, proxied_bucket, proxy, seaweed

__all__ = ["bucket", "proxied_bucket", "proxy", "seaweed"]
