"""The vocabulary that data and queries share, so that they meet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

__all__ = ["AGENTS", "BASE_NS", "PATHS", "SECOND_NS", "SPAN_S", "VALUES", "WORDS"]

SECOND_NS = 1_000_000_000
BASE_NS = 1_795_168_800 * SECOND_NS
SPAN_S = 90

WORDS: Sequence[str] = ("error", "out of memory", "GET", "level=error", "done", "x", "200", "ERROR", "warn", "ünï")
PATHS: Sequence[str] = ("/a", "/a/b", "/api/v1/items", "/")
AGENTS: Sequence[str] = ("curl/8", "tritonclient/2.3", "-")
VALUES: Mapping[str, Sequence[str]] = {
    "app": ("web", "inner"),
    "level": ("info", "warn", "error", "ERROR", ""),
    "status": ("200", "404", "500", "503", "abc"),
    "dur": ("5ms", "1.5s", "250ms", "1m", "90us", "soon", "7"),
    "size": ("12KB", "1.5MiB", "900", "3 kB", "lots", "10B"),
    "ip": ("10.0.0.1", "10.1.2.3", "192.168.4.7", "2001:db8::1", "none"),
    "n": ("1", "2", "3.5", "-4", "10", "1e3", "17", "22.25"),
    "v": ("0", "5", "5", "8", "inf", "NaN", "x", "12.5"),
    "msg": ("ok", "out of memory", "a=b", 'say "hi"', "", "true", "null"),
    "user": ("u1", "u2", "u3"),
}
