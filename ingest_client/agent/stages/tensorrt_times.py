"""The stamps of TensorRT's prefixes, by the format that they stand in."""

from __future__ import annotations

from datetime import UTC, tzinfo

from ingest_client.agent.golang.layouts import Parse, compile_layout

__all__ = ["LineTimes"]

_LAYOUTS = {
    "trt_python": "01/02/2006-15:04:05",
    "trt_cpp": "01/02/2006-15:04:05",
    "recorder": "01/02/2006-15:04:05",
    "trtexec": "01/02/2006-15:04:05",
    "glog": "0102 15:04:05.000000",
    "triton_iso": "2006-01-02T15:04:05Z",
    "ort": "2006-01-02 15:04:05",
    "ort_inner": "2006-01-02 15:04:05",
    "tensorflow": "2006-01-02 15:04:05",
    "tegrastats": "01-02-2006 15:04:05",
}
# TensorRT's own prefixes are in local time, these are not.
_UTC = {"triton_iso", "ort_inner"}


class LineTimes:
    """Stamps have no zone: ``location`` is the one of the machine that wrote them."""

    def __init__(self, location: tzinfo) -> None:
        self._parsers: dict[str, Parse] = {
            name: compile_layout(layout.removesuffix("Z"), UTC if name in _UTC else location)
            for name, layout in _LAYOUTS.items()
        }

    def parse(self, format_name: str | None, text: str) -> int | None:
        """Nanoseconds since the epoch; None for what is no stamp."""
        parse = self._parsers.get(format_name or "")
        if parse is None:
            return None
        try:
            return parse(text.removesuffix("Z"))
        except (ValueError, OverflowError):
            return None
