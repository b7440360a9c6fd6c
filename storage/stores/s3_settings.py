"""What an operator says about a bucket."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from urllib.parse import unquote, urlsplit

__all__ = ["S3Settings"]

_SCHEMES = ("http://", "https://")


@dataclass(frozen=True, slots=True)
class S3Settings:
    """Times in seconds. Without keys, boto3 looks where it always does: environment, files, the machine's role.

    url                ``s3://KEY:SECRET@HOST-OR-REGION/BUCKET``: Loki's short form; what it says beats the rest
    endpoint           host and port, or a URL; empty means AWS
    prefix             all keys begin with it
    attempts           of one request, the first included
    operation_s        no attempt begins later than this after the first
    upload_part_bytes  larger objects are sent in parts of this size; S3 wants 5 MiB or more
    """

    bucket: str = ""
    endpoint: str = ""
    region: str = ""
    access_key_id: str = ""
    secret_access_key: str = field(default="", repr=False)
    session_token: str = field(default="", repr=False)
    url: str = field(default="", repr=False)
    is_path_style: bool = False
    is_insecure: bool = False
    prefix: str = "skaldlog/"
    connect_timeout_s: float = 5.0
    read_timeout_s: float = 15.0
    attempts: int = 6
    backoff_min_s: float = 0.1
    backoff_max_s: float = 3.0
    operation_s: float = 60.0
    upload_part_bytes: int = 8 << 20

    @property
    def endpoint_url(self) -> str | None:
        if not self.endpoint:
            return None
        if self.endpoint.startswith(_SCHEMES):
            return self.endpoint
        return ("http://" if self.is_insecure else "https://") + self.endpoint

    @property
    def place(self) -> str:
        """The bucket as messages name it."""
        return f"bucket {self.bucket} at {self.endpoint_url or 'AWS'}"

    @property
    def identity(self) -> str:
        """What must not change while there are objects: another place has other objects."""
        return f"s3://{self.bucket}/{self.prefix} at {self.endpoint_url or 'AWS'}"

    def resolved(self) -> S3Settings:
        """``url`` taken apart into the other fields, ``prefix`` as keys want it. Raises ValueError for another url."""
        prefix = self.prefix.strip("/")
        tidied = replace(self, prefix=prefix + "/" if prefix else "")
        return tidied._taken_apart() if self.url else tidied

    def _taken_apart(self) -> S3Settings:
        parts = urlsplit(self.url)
        bucket = parts.path.strip("/")
        if parts.scheme != "s3" or not parts.hostname or not bucket:
            raise ValueError("write it as s3://KEY:SECRET@REGION/BUCKET or s3://KEY:SECRET@HOST:PORT/BUCKET")
        # Loki's rule: a name with a dot or a port is a host, one without is a region of AWS.
        is_host = "." in parts.hostname or parts.port is not None
        host = parts.netloc.rpartition("@")[2]
        return replace(
            self,
            url="",
            bucket=bucket,
            endpoint=host if is_host else self.endpoint,
            region=self.region if is_host else parts.hostname,
            access_key_id=unquote(parts.username or "") or self.access_key_id,
            secret_access_key=unquote(parts.password or "") or self.secret_access_key,
        )
