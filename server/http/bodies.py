"""Request bodies, read while they arrive and never beyond their limit."""

from __future__ import annotations

from starlette.requests import ClientDisconnect, Request

from server.http.errors import ClientGone, ContentTooLarge
from server.http.receiving import account_body

__all__ = ["read_body"]


async def read_body(request: Request, limit_bytes: int, too_large: str) -> bytes:
    """The whole body. ``too_large`` is the text of the refusal; ``{size}`` and ``{limit}`` are filled in.

    A body that announces its length is refused before a byte of it is read. Raises TooMuchAtOnce when bodies of all
    requests take too much together.
    """
    announced = request.headers.get("content-length", "")
    if announced.isascii() and announced.isdigit() and int(announced) > limit_bytes:
        raise ContentTooLarge(too_large.format(size=int(announced), limit=limit_bytes))
    chunks, size = [], 0
    try:
        async for chunk in request.stream():
            chunks.append(chunk)
            size += len(chunk)
            if size > limit_bytes:
                raise ContentTooLarge(too_large.format(size=size, limit=limit_bytes))
            account_body(request.scope, len(chunk))
    except ClientDisconnect:
        raise ClientGone from None
    return chunks[0] if len(chunks) == 1 else b"".join(chunks)
