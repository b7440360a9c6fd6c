"""Settings of all tests: a case that loads a kernel, on a machine with other work, may take its time."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("skaldlog", deadline=None)
settings.load_profile("skaldlog")
