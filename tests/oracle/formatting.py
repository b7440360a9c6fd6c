"""Section 8: line_format, label_format, decolorize, drop, keep."""

from __future__ import annotations

from enum import Enum
from functools import lru_cache

from logql.ast import LabelFormat, LabelRename, Matcher
from logql.template import Template, TemplateError
from tests.oracle.errors import Unspecified
from tests.oracle.regexes import compiled
from tests.oracle.row import Row

__all__ = ["LineUse", "decolorize", "drop", "keep", "label_format", "line_format"]

_ANSI = (
    r"[\x1b\x{9b}][\[\]()#;?]*(?:(?:(?:[a-zA-Z\d]*(?:;[a-zA-Z\d]*)*)?\x07)"
    r"|(?:(?:\d{1,4}(?:;\d{0,4})*)?[\dA-PRZcf-ntqry=><~]))"
)
Target = str | Matcher


@lru_cache(maxsize=512)
def _template(text: str, name: str) -> Template:
    return Template.parse(text, name)


class LineUse(Enum):
    """ALL: it is an answer, or filtered or parsed. SOME: a template or decolorize may read it."""

    ALL = 1
    SOME = 2


def line_format(row: Row, template: str, use: LineUse | None) -> None:
    try:
        row.line = _template(template, "line").execute(row.labels(), row.line, row.ts)
    except TemplateError as error:
        if use is LineUse.SOME:
            raise Unspecified("an error of a line that only a template reads") from error
        if use is LineUse.ALL:
            row.fail("TemplateFormatErr", str(error))


def label_format(row: Row, stage: LabelFormat) -> None:
    snapshot: dict[str, str] | None = None
    for item in stage.items:
        if isinstance(item, LabelRename):
            _rename(row, item)
            continue
        snapshot = row.labels() if snapshot is None else snapshot
        try:
            row.put(item.target, _template(item.template, "label").execute(snapshot, row.line, row.ts))
        except TemplateError as error:
            row.fail("TemplateFormatErr", str(error))


def _rename(row: Row, item: LabelRename) -> None:
    value = row.get(item.source)
    if value is not None:
        row.put(item.target, value)
        row.delete(item.source)


def decolorize(row: Row) -> None:
    row.line = compiled(_ANSI).sub("", row.line)


def drop(row: Row, targets: tuple[Target, ...]) -> None:
    for target in targets:
        name = _name(target)
        if isinstance(target, Matcher) and not target.matches(row.slots.get(name) or row.get(name) or ""):
            continue
        if name == "__error__":
            row.error = ""
        elif name == "__error_details__":
            row.error_details = ""
        else:
            row.delete(name)


def keep(row: Row, targets: tuple[Target, ...]) -> None:
    for name in {**row.visible, **row.metadata, **row.parsed}:
        if not any(_keeps(target, name, row.get(name) or "") for target in targets):
            row.delete(name)


def _keeps(target: Target, name: str, value: str) -> bool:
    return _name(target) == name and (isinstance(target, str) or target.matches(value))


def _name(target: Target) -> str:
    return target if isinstance(target, str) else target.name
