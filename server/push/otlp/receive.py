"""An OTLP body from the wire to the batch that storage may keep."""

from __future__ import annotations

from server.limits import PushLimits
from server.push.encoding import check_received_size, decompressed
from server.push.errors import PushError
from server.push.metadata import BadName
from server.push.otlp.json_body import decode_otlp_json
from server.push.otlp.protobuf import decode_otlp_protobuf
from server.push.receive import Received, accept

__all__ = ["receive_otlp"]

_DECODERS = {"application/json": decode_otlp_json, "application/x-protobuf": decode_otlp_protobuf}
_ENCODINGS = ("", "gzip", "lz4", "zstd")


def receive_otlp(
    body: bytes, content_type: str | None, content_encoding: str, limits: PushLimits, now_ns: int
) -> Received:
    """Decode and judge an OTLP request. Raises PushError when all of it is refused and nothing may be stored."""
    decode = _DECODERS.get(content_type or "")
    if decode is None:
        raise PushError(400, f"content type: {content_type or ''} is not supported")
    if content_encoding not in _ENCODINGS:
        told = f"unsupported content encoding {content_encoding}: only gzip, lz4 and zstd are supported"
        raise PushError(400, told)
    check_received_size(len(body), limits)
    try:
        entries = decode(decompressed(body, content_encoding, limits), limits).entries(limits, now_ns)
        return accept(entries, limits, now_ns)
    except BadName as error:
        raise PushError(400, f"symbolizer lookup: {error.cause or error.text}") from error
