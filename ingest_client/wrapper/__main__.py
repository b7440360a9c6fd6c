"""``python -m ingest_client.wrapper --url URL -- PROGRAM ...``: ``logctl run`` for machines without logctl."""

from __future__ import annotations

import argparse
import os
import socket
import sys

from ingest_client.errors import ClientError
from ingest_client.settings import ClientSettings, Credentials
from ingest_client.state.directory import default_directory
from ingest_client.wrapper.run import run_wrapped

_USAGE = 2


def main() -> int:
    """Run what the command line says."""
    parser = argparse.ArgumentParser(prog="python -m ingest_client.wrapper", allow_abbrev=False)
    parser.add_argument("--url", default=ClientSettings().url, help="server (default %(default)s)")
    parser.add_argument("--org-id", metavar="TENANT", help="tenant")
    parser.add_argument("--label", action="append", default=[], metavar="NAME=VALUE", help="a label; repeatable")
    parser.add_argument("program", nargs=argparse.REMAINDER, metavar="-- PROGRAM ...", help="what to run")
    args = parser.parse_args()
    program = args.program[1:] if args.program[:1] == ["--"] else args.program
    if not program or not all("=" in label for label in args.label):
        parser.error("write it as --label model=yolov5s -- trtexec --loadEngine=yolov5s.engine")
    labels = {"job": os.path.basename(program[0]), "host": socket.gethostname()}
    labels.update(label.split("=", 1) for label in args.label)
    try:
        settings = ClientSettings(
            url=args.url, credentials=Credentials(tenant=args.org_id), directory=default_directory()
        )
        return run_wrapped(program, settings, labels)
    except ClientError as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return _USAGE


if __name__ == "__main__":
    sys.exit(main())
