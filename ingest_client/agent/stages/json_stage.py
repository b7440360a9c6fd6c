"""``json``: values of a JSON line, by JMESPath, to the extracted map."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import jmespath
from jmespath.exceptions import JMESPathError

from ingest_client.agent.config.section import Section
from ingest_client.agent.row import Row
from ingest_client.agent.stages.stage import Context, Stage, names, text_of

__all__ = ["JsonStage", "build"]

_PLAIN = re.compile(r"[A-Za-z_]\w*\Z")
Search = Callable[[dict[str, Any]], Any]


class JsonStage(Stage):
    """Lines that are no JSON object go on as they are, or not at all with ``drop_malformed``."""

    def __init__(self, searches: dict[str, Search], source: str, drops_malformed: bool, context: Context) -> None:
        self._searches, self._source = tuple(searches.items()), source
        self._drops_malformed, self._context = drops_malformed, context
        self.uses, self.produces = names([source]), frozenset(searches)

    def process(self, rows: list[Row]) -> list[Row]:
        malformed = [row for row in rows if not self._extract(row)]
        if not self._drops_malformed or not malformed:
            return rows
        self._context.dropped["malformed_json"] += len(malformed)
        gone = set(map(id, malformed))
        return [row for row in rows if id(row) not in gone]

    def _extract(self, row: Row) -> bool:
        text = text_of(row, self._source)
        if text is None:
            return True
        if text[:1] != "{" and text.lstrip()[:1] != "{":
            return False
        try:
            document = json.loads(text)
        except ValueError:
            return False
        extracted = row.extracted
        for name, search in self._searches:
            extracted[name] = _flat(search(document))
        return True


def build(parent: Section, context: Context) -> Stage | None:
    """Read ``json``."""
    section = parent.section("json")
    searches: dict[str, Search] = {}
    for name, expression in section.mapping("expressions").items():
        try:
            searches[name] = _search(expression or name)
        except JMESPathError as error:
            section.mistake(f"{expression!r} is no JMESPath: {str(error).splitlines()[0]}", f"expressions.{name}")
    if not section.has("expressions"):
        section.mistake("this key is needed", "expressions")
    stage = JsonStage(searches, section.text("source"), section.boolean("drop_malformed"), context)
    section.finish()
    return stage


def _search(expression: str) -> Search:
    if _PLAIN.match(expression):  # fast path: the name of a key
        return lambda document: document.get(expression)
    compiled = jmespath.compile(expression)
    return lambda document: _searched(compiled, document)


def _searched(compiled: Any, document: dict[str, Any]) -> Any:
    try:
        return compiled.search(document)
    except JMESPathError:  # a function that does not take what this line has
        return None


def _flat(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) if isinstance(value, dict | list) else value
