"""Feeds the sample set to a server through the bundled client, as if its half hour had just passed."""

from __future__ import annotations

import argparse
import sys
import time

from sample_lines import SPAN_S, samples

from ingest_client import ClientSettings, PushClient


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="http://127.0.0.1:3100")
    url = parser.parse_args().url
    start_ns = time.time_ns() - SPAN_S * 1_000_000_000
    rows = samples()
    with PushClient(ClientSettings(url=url, max_entries=2 * len(rows)), {"job": "demo-feed"}) as client:
        for row in rows:
            stream = client.stream(row.labels)
            client.push(row.line, {"level": row.level}, stream=stream, ts_ns=start_ns + int(row.at_s * 1e9))
        client.flush(30)
        delivered = client.counters.delivered
    print(f"{delivered:,} of {len(rows):,} sample lines delivered")
    return 0 if delivered == len(rows) else 1


if __name__ == "__main__":
    sys.exit(main())
