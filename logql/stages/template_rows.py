"""A template over the rows of a frame: once for each distinct set of the labels it reads, if it reads nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import numpy as np

from logql.cancel import check_query
from logql.errors import LimitExceeded
from logql.labels.columns import constant
from logql.scan.frame import Frame
from logql.template import Template, TemplateError
from storage.batch import MetadataColumn

__all__ = ["TemplateRows"]

_MAX_BATCH_CHARS = 256 << 20  # written for one batch; batches have 4 to 16 MB of lines


class TemplateRows:
    """Raises TemplateSyntaxError for a template that cannot be parsed."""

    def __init__(self, text: str, kind: Literal["line", "label"]) -> None:
        self._template = Template.parse(text, kind)

    @property
    def fields(self) -> frozenset[str] | None:
        """The labels that the template reads; None when that cannot be told."""
        return self._template.fields

    def execute(self, frame: Frame) -> tuple[MetadataColumn, MetadataColumn | None, MetadataColumn]:
        """The output of each row (-1 where it failed), the error column (None: none failed) and its details."""
        texts: list[str | None] = []
        failures: list[str | None] = []
        written_chars = 0
        for text, failure in self._outcomes(frame):
            written_chars += len(text or "")
            if written_chars > _MAX_BATCH_CHARS:
                raise LimitExceeded(
                    f"a template writes more than {_MAX_BATCH_CHARS} characters for {len(frame)} lines; "
                    "let it write less a line, or select fewer lines"
                )
            texts.append(text)
            failures.append(failure)
        written, details = MetadataColumn.of(texts), MetadataColumn.of(failures)
        has_failed = np.asarray(details.codes >= 0)
        return written, constant("TemplateFormatErr", has_failed) if has_failed.any() else None, details

    def _outcomes(self, frame: Frame) -> Iterator[tuple[str | None, str | None]]:
        state, template = frame.labels(self.fields), self._template
        lines = frame.line().to_pylist() if template.reads_line else None
        times = frame.ts().tolist() if template.reads_time else None
        codes = [column.tolist() for column, _ in state.code_columns(self.fields)]
        known: dict[tuple[object, ...], tuple[str | None, str | None]] = {}
        for row, stream in enumerate(state.stream.tolist()):
            line = lines[row] if lines is not None else ""
            ts_ns = times[row] if times is not None else 0
            key = (stream, line, ts_ns, *(column[row] for column in codes))
            if key not in known:
                check_query()
                known[key] = self._outcome(frame, row, line, ts_ns)
            yield known[key]

    def _outcome(self, frame: Frame, row: int, line: str, ts_ns: int) -> tuple[str | None, str | None]:
        try:
            return self._template.execute(frame.labels(self.fields).labels(row), line, ts_ns), None
        except TemplateError as error:
            return None, str(error)
