"""The prefix of a line: who wrote it, how bad it is, when and where; tried format by format, the first match wins.

A format is only tried on lines that begin with one of its first characters, and a source that keeps one format is
asked for that one first: the answer is the same, sooner.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["FORMATS", "WRAPPERS", "Format", "Ladder"]

# So many lines of one format in a row, and the source is asked for this one before all others.
_PIN_AFTER = 20
# Formats whose lines no earlier format takes, so that asking for them first changes no answer.
_PINNABLE = {"trt_python", "trt_cpp", "trtllm", "gstreamer", "glog", "triton_iso", "ort", "tensorflow"}
_DIGITS = "0123456789"
_CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

_STAMP = r"\[\d\d/\d\d/\d{4}-\d\d:\d\d:\d\d\] "
_STAMP_KEPT = r"\[(?P<ts>\d\d/\d\d/\d{4}-\d\d:\d\d:\d\d)\] "
_WHERE = r"(?P<file>[\w./-]+):(?P<line>\d+)"


@dataclass(frozen=True)
class Format:
    """One shape of prefix. ``starts`` are the characters that such a line may begin with, empty for any.

    Groups of ``pattern``: ``sev``, ``ts``, ``msg``, and fields under their own names. ``level`` is for shapes without
    severity.
    """

    name: str
    starts: str
    pattern: re.Pattern[str]
    component: str = "tensorrt"
    level: str | None = None


def _format(name: str, starts: str, pattern: str, component: str = "tensorrt", level: str | None = None) -> Format:
    return Format(name, starts, re.compile(pattern, re.DOTALL), component, level)


WRAPPERS = (
    re.compile(r"(?P<service>[A-Za-z0-9_.-]+)\s+\|\s(?=\S)"),
    re.compile(r"\[(?P<node>[\w-]+-\d+)\] (?=[IWEF]\d{4} |\[)"),
)

FORMATS = (
    _format("trt_python", "[", rf"(?:{_STAMP_KEPT})?\[TRT\] \[(?P<sev>[FEWIV])\] (?P<msg>.*)$"),
    # Threads that write at once leave several stamps before one tag.
    _format("trt_cpp", "[", rf"(?:{_STAMP})*?(?:{_STAMP_KEPT})?\[(?P<sev>[FEWIV])\] \[TRT\] ?(?P<msg>.*)$"),
    _format("recorder", "[", rf"{_STAMP_KEPT}\[(?P<sev>E)\] Error\[(?P<error_code>\d+)\]: (?P<msg>.*)$", "trtexec"),
    _format("trtexec", "[", rf"{_STAMP_KEPT}\[(?P<sev>[FEWIV])\] ?(?P<msg>.*)$", "trtexec"),
    _format(
        "trtexec_test",
        "&",
        r"&&&& (?P<state>RUNNING|PASSED|FAILED|WAIVED|TASK_\w+) (?P<test>\S+)(?: \[TensorRT v(?P<version>\d+)\])?"
        r"(?: \[b(?P<build>\d+)\])?(?: # (?P<msg>.*))?$",
        "trtexec",
    ),
    _format("trtllm", "[", r"\[TensorRT-LLM\]\[(?P<sev>[A-Z]+)\] (?P<msg>.*)$", "tensorrt_llm"),
    _format("trt7_python", "[", r"\[TensorRT\] (?P<sev>[A-Z_]+): (?P<msg>.*)$"),
    _format(
        "torchtrt",
        "DIWEG",
        r"(?P<sev>DEBUG|INFO|WARNING|ERROR|GRAPH|INTERNAL_ERROR): \[(?P<context>Torch-TensorRT[^\]]*)\] - (?P<msg>.*)$",
        "torch_tensorrt",
    ),
    _format("deepstream", "EWI", r"(?P<sev>ERROR|WARNING|INFO): \[TRT\]: (?P<msg>.*)$", "deepstream"),
    _format(
        "gstreamer",
        _DIGITS,
        r"(?P<uptime>\d+:\d\d:\d\d\.\d{9})\s+(?P<pid>\d+)\s+0x[0-9a-f]+\s+(?P<sev>ERROR|WARN|FIXME|INFO|DEBUG|LOG|TRACE)"
        r"\s+(?P<category>\S+)\s+(?P<file>[^:]+):(?P<line>\d+):(?P<func>[^:]+):(?:<(?P<object>[^>]*)>)?\s*(?P<msg>.*)$",
        "deepstream",
    ),
    _format(
        "glog",
        "IWEF",
        rf"(?P<sev>[IWEF])(?P<ts>\d{{4}} \d\d:\d\d:\d\d\.\d{{6}})\s+(?P<tid>\d+) {_WHERE}\] ?(?P<msg>.*)$",
        "triton",
    ),
    _format(
        "triton_iso",
        _DIGITS,
        r"(?P<ts>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ) (?P<sev>[IWEFV]) (?P<pid>\d+) "
        r"(?P<file>\S+):(?P<line>\d+)\] (?P<msg>.*)$",
        "triton",
    ),
    _format(
        "ort",
        "[" + _DIGITS,
        r"(?:(?P<ts>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{7,9}) )?\[(?P<sev>[VIWEF]):onnxruntime:(?P<category>[^,]*), "
        r"(?P<file>[^:\]]+):(?P<line>\d+) (?P<func>[^\]]+)\] (?P<msg>.*)$",
        "onnxruntime",
    ),
    _format(
        "ort_inner",
        "[",
        r"\[(?P<ts>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\s+(?P<sev>BUG|ERROR|WARNING|INFO|UNKNOWN)\] (?P<msg>.*)$",
    ),
    _format(
        "tensorflow",
        _DIGITS,
        r"(?P<ts>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}): (?P<sev>[IWEF]) (?P<file>\S+?):(?P<line>\d+)\] (?P<msg>.*)$",
        "tensorflow",
    ),
    _format("polygraphy", "[", r"\[(?P<sev>[UXVISWE!])\](?: \(?\d\d:\d\d:\d\d\)?)? (?P<msg>.*)$", "polygraphy"),
    _format(
        "py_basic",
        _CAPITALS,
        r"(?P<sev>DEBUG|INFO|WARNING|ERROR|CRITICAL):(?=\S)(?P<logger>[\w. \[\]-]+?):(?P<msg>.*)$",
        "python",
    ),
    _format(
        "kernel",
        "[kNs ",
        r"(?:\[\s*(?P<uptime>\d+\.\d+)\] |kernel: )?(?P<msg>(?:NVRM|soctherm): .*)$",
        "kernel",
        "error",
    ),
    _format(
        "tegrastats",
        "R" + _DIGITS,
        r"(?:(?P<ts>\d\d-\d\d-\d{4} \d\d:\d\d:\d\d) )?(?P<msg>RAM \d+/\d+[kKMG]B \(lfb .*)$",
        "jetson",
        "info",
    ),
    _format(
        "cuda_check",
        "C",
        r"Cuda failure(?: at (?P<file>[^:]+):(?P<line>\d+))?: (?P<msg>.*)$",
        "trtexec",
        "error",
    ),
    _format(
        "bare_level",
        "[" + _CAPITALS,
        r"\[?(?P<sev>INTERNAL_ERROR|ERROR|WARNING|INFO|VERBOSE|DEBUG|FATAL|CRITICAL)\]?:? (?P<msg>.*)$",
    ),
    _format("trt_tag", "[ \t", r"\s*\[TRT\]\s+(?P<msg>.*)$"),
)


class Ladder:
    """The formats for one source: remembers which one its lines keep to."""

    def __init__(self, names: tuple[str, ...] = ()) -> None:
        chosen = [each for each in FORMATS if not names or each.name in names]
        self._by_start: dict[str, tuple[Format, ...]] = {}
        self._chosen = tuple(chosen)
        self._last: Format | None = None
        self._in_a_row = 0

    def match(self, text: str) -> tuple[Format, re.Match[str]] | None:
        """The format of ``text`` and what it found; None when the line has no prefix that is known."""
        last = self._last
        if last is not None and self._in_a_row >= _PIN_AFTER and last.name in _PINNABLE:
            found = last.pattern.match(text)
            if found is not None:
                return last, found
        for each in self._starting_like(text):
            found = each.pattern.match(text)
            if found is not None:
                self._in_a_row = self._in_a_row + 1 if each is last else 1
                self._last = each
                return each, found
        return None

    def _starting_like(self, text: str) -> tuple[Format, ...]:
        start = text[:1]
        formats = self._by_start.get(start)
        if formats is None:
            formats = tuple(each for each in self._chosen if start and start in each.starts)
            # Characters are many, those that formats begin with are few: others need no place.
            if formats:
                self._by_start[start] = formats
        return formats
