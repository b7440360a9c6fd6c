"""The figures of a run, as JSON or as a table, each also as a multiple of its floor."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

from benchmarks.asking import Asked
from benchmarks.floors import Floors

__all__ = ["Ingest", "Report"]


@dataclass(frozen=True, slots=True)
class Ingest:
    """What the push cost. Seconds of CPU are the server's, None where its process cannot be seen.

    flush_cpu_s is the CPU time from the last answer until the server was at rest again, ``POST /flush`` included.
    """

    elapsed_s: float
    push_p50_s: float
    push_p99_s: float
    retries: int
    cpu_s: float | None
    flush_cpu_s: float | None
    rss_bytes: int | None
    peak_rss_bytes: int | None


@dataclass(frozen=True, slots=True)
class Report:
    url: str
    lines: int
    streams: int
    line_bytes: int
    end_ns: int
    floors: Floors
    ingest: Ingest | None
    asked: Sequence[Asked]
    query_peak_rss_bytes: int | None
    disk_bytes: int | None

    @property
    def line_mb(self) -> float:
        return self.line_bytes / 1e6

    def as_json(self) -> str:
        figures = asdict(self)
        figures["multiples"] = dict(self._multiples())
        return json.dumps(figures, indent=2)

    def as_table(self) -> str:
        costs = [*self._ingest_rows(), *self._memory_rows()]
        rows = [*self._load_rows(), ("", ""), *costs, ("", ""), *self._question_rows()]
        width = max(len(name) for name, _ in rows)
        return "\n".join(f"{name:<{width}}  {text}".rstrip() for name, text in rows)

    def _multiples(self) -> Iterator[tuple[str, float]]:
        """Ingest in multiples of C (more is better), questions in multiples of D (less is better)."""
        if self.ingest is not None and self.ingest.cpu_s:
            yield "push MB per CPU-second / C", self.line_mb / self.ingest.cpu_s / self.floors.compress_mb_per_s
        for each in self.asked:
            if each.times is not None:
                yield f"{each.question.name} / D", each.times.median_s / self.floors.decompress_s

    def _load_rows(self) -> Iterator[tuple[str, str]]:
        floors = self.floors
        yield "server", self.url
        yield "load", f"{self.lines:,} lines in {self.streams} streams, {self.line_mb:.1f} MB, --end {self.end_ns}"
        yield "C, zstd-1 compress", f"{floors.compress_mb_per_s:.0f} MB/s (one thread, best of {floors.rounds})"
        yield "D, zstd decompress", f"{floors.decompress_s * 1e3:.1f} ms (one thread, best of {floors.rounds})"

    def _ingest_rows(self) -> Iterator[tuple[str, str]]:
        ingest = self.ingest
        if ingest is None:
            return
        yield "push", f"{self.line_mb / ingest.elapsed_s:.1f} MB/s, {self.lines / ingest.elapsed_s:,.0f} lines/s"
        p50_ms, p99_ms = ingest.push_p50_s * 1e3, ingest.push_p99_s * 1e3
        yield "push request", f"p50 {p50_ms:.1f} ms, p99 {p99_ms:.1f} ms, {ingest.retries} retries"
        if ingest.cpu_s is not None:
            yield "push, server CPU", f"{ingest.cpu_s:.2f} s, {self._per_cpu_second(ingest.cpu_s)}"
        if ingest.cpu_s is not None and ingest.flush_cpu_s is not None:
            total_s = ingest.cpu_s + ingest.flush_cpu_s
            yield "with the flush, CPU", f"{total_s:.2f} s, {self._per_cpu_second(total_s)}"

    def _per_cpu_second(self, cpu_s: float) -> str:
        if cpu_s == 0:
            return "too little to measure"
        mb_per_s = self.line_mb / cpu_s
        return f"{mb_per_s:.1f} MB per CPU-second = {mb_per_s / self.floors.compress_mb_per_s:.3f} C"

    def _memory_rows(self) -> Iterator[tuple[str, str]]:
        ingest = self.ingest
        if ingest is not None and ingest.rss_bytes is not None and ingest.peak_rss_bytes is not None:
            yield "RSS after the load", f"{ingest.rss_bytes / 1e6:.0f} MB, peak {ingest.peak_rss_bytes / 1e6:.0f} MB"
        if self.query_peak_rss_bytes is not None:
            yield "RSS in the questions", f"peak {self.query_peak_rss_bytes / 1e6:.0f} MB"
        if self.disk_bytes is not None:
            yield "disk", f"{self.disk_bytes / 1e6:.1f} MB, {self.disk_bytes / self.line_bytes:.3f} of the lines"

    def _question_rows(self) -> Iterator[tuple[str, str]]:
        yield "question", f"{'median':>10} {'min':>9} {'max':>9} {'of D':>8}  answer"
        for each in self.asked:
            yield each.question.name, self._question_text(each)

    def _question_text(self, asked: Asked) -> str:
        times = asked.times
        if times is None:
            return f"{asked.refusal}"
        milliseconds = f"{times.median_s * 1e3:>7.1f} ms {times.min_s * 1e3:>9.1f} {times.max_s * 1e3:>9.1f}"
        wrong = f"  WRONG: expected {asked.question.expected:,}" if asked.is_wrong else ""
        return f"{milliseconds} {times.median_s / self.floors.decompress_s:>8.2f}  {asked.total:,}{wrong}"
