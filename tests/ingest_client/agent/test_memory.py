"""What a burst took is given back."""

from __future__ import annotations

import sys

import pytest

from tests.ingest_client.programs import run_program

BURST = """
    import resource
    from ingest_client.agent.memory import bound_arenas, give_back
    def resident_mb():
        return int(open("/proc/self/statm").read().split()[1]) * resource.getpagesize() / 1e6
    bound_arenas()
    before = resident_mb()
    blocks = [bytes([number % 256]) * 50_000 for number in range(2000)]
    del blocks[:-1]
    kept = resident_mb()
    give_back()
    print(kept - before, resident_mb() - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="glibc's allocator")
def test_what_a_burst_took_is_given_back() -> None:
    done = run_program(BURST)
    assert done.returncode == 0, done.stderr
    kept_mb, left_mb = map(float, done.stdout.split())
    assert kept_mb > 50
    assert left_mb < 20
