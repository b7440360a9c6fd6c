"""The four line formats of an inference fleet, each a function from a block of rows to a column of lines.

The proportions and the mean length (about 133 bytes) are those of the figures in ``docs/architecture.md``; all texts
are the project's own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from benchmarks.columns import choice, concat, decimals, hexadecimal, integers, interleave, picks

__all__ = ["FORMATS", "Rows", "lines_of"]

LEVELS = ("info", "warn", "error", "debug")
LEVEL_WEIGHTS = (70.0, 15.0, 6.0, 9.0)


@dataclass(frozen=True, slots=True)
class Rows:
    """What a format may use of its rows: the model that each line speaks of and its time, ns since the epoch."""

    model: Any
    ts: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.ts)

    def where(self, mask: NDArray[np.bool_]) -> Rows:
        return Rows(self.model.filter(pa.array(mask)), self.ts[mask])

    def stamp(self, layout: str) -> Any:
        """The times as text, whole seconds."""
        return pc.strftime(pa.array(self.ts // 1_000_000_000).cast(pa.timestamp("s")), layout)


def json_lines(random: np.random.Generator, rows: Rows) -> Any:
    n = len(rows)
    messages = ("inference done", "engine cache hit", "batch queued", "calibration sample skipped")
    return concat(
        *('{"level":"', choice(random, LEVELS, n, LEVEL_WEIGHTS), '","msg":"', choice(random, messages, n)),
        *('","model":"', rows.model, '","batch_size":', choice(random, ("1", "2", "4", "8", "16"), n)),
        *(',"latency_ms":', decimals(random, 9.0, 0.6, n), ',"gpu":{"id":', integers(random, 0, 4, n)),
        *(',"mem_mb":', integers(random, 2000, 40000, n), '},"request_id":"', hexadecimal(random, 16, n), '"}'),
    )


def logfmt_lines(random: np.random.Generator, rows: Rows) -> Any:
    n = len(rows)
    return concat(
        *("level=", choice(random, LEVELS, n, LEVEL_WEIGHTS), " caller=enqueue.cc:", integers(random, 20, 900, n)),
        *(' msg="request finished" status=', choice(random, ("200", "400", "500"), n, (90.0, 6.0, 4.0))),
        *(" duration=", decimals(random, 12.0, 0.8, n), "ms size=", integers(random, 1, 900, n)),
        *("KB client=10.0.", integers(random, 0, 4, n), ".", integers(random, 1, 255, n)),
        *(" request_id=", hexadecimal(random, 16, n)),
    )


def access_lines(random: np.random.Generator, rows: Rows) -> Any:
    n = len(rows)
    return concat(
        *("10.1.", integers(random, 0, 4, n), ".", integers(random, 1, 255, n)),
        *(" - - [", rows.stamp("%d/%b/%Y:%H:%M:%S +0000"), '] "POST /v2/models/', rows.model, '/infer HTTP/1.1" '),
        *(choice(random, ("200", "400", "503"), n, (90.0, 6.0, 4.0)), " ", integers(random, 200, 90000, n)),
        *(' "-" "tritonclient/2.', integers(random, 30, 60, n), '"'),
    )


def tensorrt_lines(random: np.random.Generator, rows: Rows) -> Any:
    """Lines as a TensorRT logger prints them: builder talk, memory reports, fallbacks, now and then an error."""
    kind = picks(random, [weight for weight, _ in TENSORRT_TEXTS], len(rows))
    texts = [make(random, int((kind == k).sum())) for k, (_, make) in enumerate(TENSORRT_TEXTS)]
    return concat("[", rows.stamp("%m/%d/%Y-%H:%M:%S"), "] [TRT] ", interleave(kind, texts))


def _layer(random: np.random.Generator, n: int) -> Any:
    block = choice(random, ("/backbone/stage", "/neck/fpn", "/head/branch", "/encoder/layer."), n)
    return concat(block, integers(random, 1, 25, n), choice(random, ("/Conv", "/MatMul", "/Add", "/Relu"), n))


def _fusion(random: np.random.Generator, n: int) -> Any:
    return concat("[V] ConvReluFusion: Fusing ", _layer(random, n), " with ", _layer(random, n))


def _tactic(random: np.random.Generator, n: int) -> Any:
    name = concat("[V] ", _layer(random, n), " (CaskConvolution) Tactic: 0x", hexadecimal(random, 16, n))
    return concat(name, " Time: ", decimals(random, 0.4, 0.9, n), " Workspace: ", integers(random, 0, 9_000_000, n))


def _memory(random: np.random.Generator, n: int) -> Any:
    change = concat("[I] [MemUsageChange] Execution context: CPU +", integers(random, 0, 9, n))
    return concat(
        change, ", GPU +", integers(random, 1, 900, n), ", now: GPU ", integers(random, 900, 9000, n), " (MiB)"
    )


def _fallback(random: np.random.Generator, n: int) -> Any:
    return concat("[W] No kernel of the wanted precision for ", _layer(random, n), ", falling back to FP32 for it")


def _skipped_tactic(random: np.random.Generator, n: int) -> Any:
    size = integers(random, 10_000_000, 900_000_000, n)
    return concat("[W] Skipping tactic 0x", hexadecimal(random, 8, n), ": it wants ", size, " bytes of workspace")


def _failed_enqueue(random: np.random.Generator, n: int) -> Any:
    where = concat(
        "[E] [executionContext.cpp::enqueue::", integers(random, 100, 900, n), "] Error Code 3: API usage error"
    )
    return concat(
        where, " (input shape of ", _layer(random, n), " is outside of profile ", integers(random, 0, 4, n), ")"
    )


TENSORRT_TEXTS: tuple[tuple[float, Callable[[np.random.Generator, int], Any]], ...] = (
    (30.0, _fusion),
    (30.0, _tactic),
    (19.0, _memory),
    (9.0, _fallback),
    (6.0, _skipped_tactic),
    (6.0, _failed_enqueue),
)

FORMATS: dict[str, tuple[float, Callable[[np.random.Generator, Rows], Any]]] = {
    "json": (30.0, json_lines),
    "logfmt": (25.0, logfmt_lines),
    "tensorrt": (30.0, tensorrt_lines),
    "access": (15.0, access_lines),
}


def lines_of(random: np.random.Generator, rows: Rows) -> tuple[Any, NDArray[np.int64]]:
    """A column of lines and the index of each line's format in FORMATS."""
    kind = picks(random, [weight for weight, _ in FORMATS.values()], len(rows))
    columns = [make(random, rows.where(kind == k)) for k, (_, make) in enumerate(FORMATS.values())]
    return interleave(kind, columns), kind
