"""The document as one page of HTML: no script, nothing from other hosts, so that it opens where nothing else does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

__all__ = ["page"]

_STYLE = """
:root { color-scheme: light dark; --line: #8884; --quiet: #777; --mark: #2a7ae2; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h2 { margin-top: 2.2rem; border-bottom: 1px solid var(--line); }
details { border-bottom: 1px solid var(--line); padding: .35rem 0; }
summary { cursor: pointer; } code { font-size: .92em; } .summary { color: var(--quiet); }
.method { display: inline-block; min-width: 4.2em; color: var(--mark); font-weight: 600; font-size: .85em; }
table { border-collapse: collapse; margin: .6rem 0 .6rem 1.2rem; }
td { padding: .15rem .9rem .15rem 0; vertical-align: top; }
p { margin: .5rem 1.2rem; }
"""


def page(document: Mapping[str, Any]) -> str:
    """All operations by tag, each folded."""
    info = document["info"]
    body = "\n".join(_sections(document["paths"]))
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(info['title'])} API</title><style>{_STYLE}</style></head>\n<body>"
        f"<h1>{escape(info['title'])} API <small>{escape(info['version'])}</small></h1>"
        f'<p>{_prose(info["description"])} <a href="openapi.json">openapi.json</a></p>\n{body}\n</body></html>\n'
    )


def _sections(paths: Mapping[str, Any]) -> Iterator[str]:
    by_tag: dict[str, list[str]] = {}
    for path, methods in paths.items():
        for names, operation in _joined(methods):
            by_tag.setdefault(operation["tags"][0], []).append(_operation(path, names, operation))
    for tag, operations in by_tag.items():
        yield f"<h2>{escape(tag)}</h2>"
        yield from operations


def _joined(methods: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Methods that do the same are one entry."""
    by_summary: dict[str, list[str]] = {}
    for method, operation in methods.items():
        by_summary.setdefault(operation["summary"], []).append(method)
    for names in by_summary.values():
        yield " ".join(names).upper(), methods[names[0]]


def _operation(path: str, methods: str, operation: Mapping[str, Any]) -> str:
    rows = "".join(map(_row, operation["parameters"]))
    details = f"<p>{_prose(operation['description'])}</p>" if "description" in operation else ""
    takes = operation.get("requestBody", {}).get("content", {})
    body = f"<p>Body: {', '.join(f'<code>{escape(kind)}</code>' for kind in takes)}</p>" if takes else ""
    return (
        f'<details><summary><span class="method">{escape(methods)}</span> <code>{escape(path)}</code> '
        f'<span class="summary">{_prose(operation["summary"])}</span></summary>'
        f"{details}{body}<table>{rows}</table></details>"
    )


def _row(parameter: Mapping[str, Any]) -> str:
    needed = "required" if parameter["required"] else ""
    name, place = escape(parameter["name"]), escape(parameter["in"])
    return f"<tr><td><code>{name}</code></td><td>{place} {needed}</td><td>{_prose(parameter['description'])}</td></tr>"


def _prose(text: str) -> str:
    """Back-quotes make code."""
    pieces = escape(text).split("`")
    return "".join(f"<code>{piece}</code>" if number % 2 else piece for number, piece in enumerate(pieces))
