"""Settings of all tests: a case that loads a kernel, on a machine with other work, may take its time.

Continuous integration generates the same cases every time, so that a change is judged by itself; everywhere else each
run looks for new ones.
"""

from __future__ import annotations

import os
import signal

from hypothesis import settings

from tests.buckets.fixtures import bucket, proxied_bucket, proxy, seaweed

__all__ = ["bucket", "proxied_bucket", "proxy", "seaweed"]

settings.register_profile("skaldlog", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("skaldlog")

# Who runs the tests in the background of a script has them ignore SIGINT, and with them every program that they
# interrupt: those tests would wait for ever.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Loggers that name no directory must not write into the folder of whoever runs the tests.
os.environ.setdefault("INGEST_CLIENT_DIRECTORY", "")


def pytest_make_parametrize_id(val: object) -> str | None:
    """Bytes are named by their number: compressed ones hold the time, and both workers must collect the same cases."""
    return f"{len(val)} bytes" if isinstance(val, bytes) and not val.isascii() else None
