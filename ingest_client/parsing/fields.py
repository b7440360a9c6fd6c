"""Fields of a message: a table of patterns whose named groups are fields, and of what a match says by itself.

A pattern that is listed earlier wins where two find the same field.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from ingest_client.parsing.cuda import CUDA_NAMES, number_of_text

__all__ = ["EXTRACTORS", "Extractor", "fields_of", "matching"]

_MAX_VALUE_CHARS = 256
_SIZE_UNITS = {"": 1, "B": 1, "bytes": 1, "KB": 1 << 10, "KiB": 1 << 10, "MB": 1 << 20, "MiB": 1 << 20, "GB": 1 << 30}


@dataclass(frozen=True)
class Extractor:
    """A pattern, and the fields that it says without groups."""

    pattern: re.Pattern[str]
    says: Mapping[str, str] = field(default_factory=dict)


def _extract(pattern: str, **says: str) -> Extractor:
    return Extractor(re.compile(pattern), says)


def _summary(title: str, name: str) -> Extractor:
    """The figures of one of trtexec's summary lines; old releases tell one percentile, new ones three."""
    percentile = r", percentile\(\d+%\) = "
    return _extract(
        rf"^{title}: min = (?P<{name}_min_ms>[\d.]+) ms, max = (?P<{name}_max_ms>[\d.]+) ms, mean = [\d.]+ ms, "
        rf"median = (?P<{name}_median_ms>[\d.]+) ms(?:{percentile}(?P<{name}_p90_ms>[\d.]+) ms"
        rf"{percentile}(?P<{name}_p95_ms>[\d.]+) ms)?{percentile}(?P<{name}_p99_ms>[\d.]+) ms"
    )


EXTRACTORS = (
    _extract(r"Error Code (?P<error_code>\d+): (?P<error_kind>[A-Za-z][A-Za-z ]*[A-Za-z])"),
    _extract(r"^(?P<error_code>\d{1,2}): (?=\[|[A-Z])"),
    _extract(r"^(?P<api>I?[A-Za-z]\w+(?:::\w+)*): Error Code"),
    _extract(r"^(?:\d+: )?\[(?P<file>[\w./-]+)::(?P<func>[~\w:<>]+)::(?P<line>\d+)\]"),
    _extract(r" In (?P<func>[~\w:]+) at (?P<file>[^\s:]+):(?P<line>\d+)"),
    _extract(r"^(?P<file>[\w./-]+\.(?:cpp|cc|h|cu)):(?P<line>\d+):? "),
    _extract(r"^(?P<file>[\w./-]+\.(?:cpp|cc|h|cu)) \((?P<line>\d+)\) - "),
    _extract(r"(?:cudaError|CUDA error|CUDA failure|failure with error:|Cuda Error in \w+:) ?(?P<cuda_error>\d+)"),
    _extract(r"synchronize failed \((?P<cuda_error>\d+)\)"),
    _extract(
        r"(?P<cuda_text>out of memory|driver version is insufficient|invalid resource handle|illegal memory access"
        r"|unspecified launch failure|misaligned address|no kernel image|depends on an uncaptured)"
    ),
    _extract(r"Layer '(?P<layer>[^']+)' \((?P<op>\w+)\)"),
    _extract(r"for node:? (?P<layer>\{ForeignNode\[.*?\]\}|[^\s{][^\s]*?)\.?(?=[\s)]|$)"),
    _extract(r"Name:'(?P<layer>[^']+)'"),
    _extract(r"while running (?P<op>\w+) node"),
    _extract(r"Fusing (?P<layer>\S+) with (?P<with_layer>\S+)"),
    _extract(r"fusion applied for layer (?P<layer>\S+)"),
    _extract(r"layer (?P<layer>\S+) is not (?:running|supported) on DLA"),
    _extract(r"^(?P<layer>[^\s:]+): \w+ \(with .*not supported for DLA"),
    _extract(r"parsing node number \d+ \[(?P<op>\w+)\]"),
    _extract(r"(?:for|registered for) op: (?P<op>\w+)"),
    _extract(r"Fastest Tactic: (?P<tactic>\w+) Time: (?P<tactic_ms>[\d.]+|inf)"),
    _extract(r"Tactic: (?P<tactic>\w+) [Tt]ime:? ?(?P<tactic_ms>[\d.]+|inf)"),
    _extract(r"for tactic (?P<tactic>0x[0-9a-f]+)"),
    _extract(r"[Ss]kipping tactic (?P<tactic>\d+)"),
    _extract(r"requested size of (?P<bytes>\d+)"),
    _extract(r"\((?P<bytes>\d+) bytes\)"),
    _extract(r"byte size (?P<bytes>\d+)"),
    _extract(r"(?:Device request|engine size): (?P<bytes>\d+ ?[KMG]i?B)"),
    _extract(r"Allocated (?P<bytes>[\d.]+ [KMG]i?B)"),
    _extract(r"(?:requiring|Serialized|uses:|Memory:) (?P<bytes>\d+) bytes"),
    _extract(r"CPU (?P<mem_cpu_delta_mib>[+-]\d+), GPU (?P<mem_gpu_delta_mib>[+-]\d+)"),
    _extract(r"now: CPU (?P<mem_cpu_mib>\d+), GPU (?P<mem_gpu_mib>\d+)"),
    _extract(r"allocators: CPU (?P<mem_cpu_mib>\d+) MiB, GPU (?P<mem_gpu_mib>\d+) MiB"),
    _extract(r"[Ss]et dimensions? (?:are|is|=)? ?(?P<shape_set>\[[\d,x -]+\])"),
    _extract(r"dimensions? (?P<shape_set>\[[\d,x -]+\]) for bindings\[\d+\] exceed min ~ max range"),
    _extract(r"Expected (?P<shape_expected>\[[\d,-]+\]), got (?P<shape_set>\[[\d,-]+\])"),
    _extract(r"to be between (?P<shape_min>-?\d+) and (?P<shape_max>-?\d+) but received (?P<shape_set>\d+)"),
    _extract(r"(?:for input '|for tensor )(?P<tensor>[\w./:]+)"),
    _extract(r"expecting library version (?P<expected_version>[\d.]+\d) got (?P<got_version>[\d.]+\d)"),
    _extract(r"Current Version: (?P<expected_version>\d+), Serialized Engine Version: (?P<got_version>\d+)"),
    _extract(r"expecting compute (?P<expected_version>[\d.]+) got compute (?P<got_version>[\d.]+\d)"),
    _extract(r"linked against .+? (?P<expected_version>[\d.]+\d) but loaded .+? (?P<got_version>[\d.]+\d)"),
    _extract(r"^loading: (?P<model>[^:\s]+):(?P<model_version>\d+)"),
    _extract(r"successfully (?:un)?loaded '(?P<model>[^']+)'(?: version (?P<model_version>\d+))?"),
    _extract(r"ModelInitialize: (?P<model>\S+) \(version (?P<model_version>\d+)\)"),
    _extract(r"Loading servable: \{name: (?P<model>\S+) version: (?P<model_version>\d+)\}"),
    _extract(r"for model '(?P<model>[^']+)'"),
    _extract(r"(?:Created instance|backend thread for) (?P<instance>\S+)"),
    _extract(r"(?:on|for) GPU (?P<gpu>\d+)"),
    _extract(
        r"plugin: (?P<plugin>\w+), (?:plugin_)?version: (?P<plugin_version>\w+), "
        r"(?:plugin_)?namespace:\s*(?P<plugin_namespace>\w*)"
    ),
    _extract(r"find plugin (?P<plugin>\w+) version (?P<plugin_version>\w+)"),
    _extract(r"[Cc]alibrated batch (?P<calib_batch>\d+) in (?P<elapsed_s>[\d.]+) seconds"),
    _extract(r"(?:completed|data) in (?P<elapsed_s>[\d.]+) seconds"),
    _extract(r"Throughput: (?P<throughput_qps>[\d.]+) qps"),
    _summary("Latency", "latency"),
    _summary("Enqueue Time", "enqueue"),
    _summary("GPU Compute Time", "gpu_compute"),
    _extract(r"Xid \((?:PCI:)?(?P<pci>[0-9a-fA-F:.]+)\): (?P<xid>\d+)"),
    _extract(r"\bpid=(?P<pid>\d+)(?:, name=(?P<process>[^,\s]+))?"),
    _extract(r"(?P<precision>fp32|fp16|int8)\.(?:engine|plan|trt)"),
    _extract(r"device type to GPU|DLA.*falling back to GPU|not supported for DLA", **{"from": "dla", "to": "gpu"}),
    _extract(r"falling back to pinned", **{"from": "cuda", "to": "pinned"}),
    _extract(r"fall back to non-int8", **{"from": "int8", "to": "fp32"}),
    _extract(r"fallback to CPU|Falling back to \['CPU|providers: \['CPU", **{"from": "tensorrt", "to": "cpu"}),
    _extract(r"Falling back to \['CUDA", **{"from": "tensorrt", "to": "cuda"}),
)


def matching(message: str) -> tuple[Extractor, ...]:
    """The extractors that find something in ``message``, and in every other message of its template."""
    return tuple(each for each in EXTRACTORS if each.pattern.search(message))


def fields_of(message: str, extractors: tuple[Extractor, ...]) -> dict[str, str]:
    """What ``extractors`` find in ``message``; values of at most 256 characters."""
    fields: dict[str, str] = {}
    for each in extractors:
        found = each.pattern.search(message)
        if found is None:
            continue
        for name, value in found.groupdict().items():
            if value and name not in fields:
                fields[name] = value[:_MAX_VALUE_CHARS]
        for name, value in each.says.items():
            fields.setdefault(name, value)
    return _completed(fields) if fields else fields


def _completed(fields: dict[str, str]) -> dict[str, str]:
    text = fields.pop("cuda_text", None)
    if text is not None and "cuda_error" not in fields and (number := number_of_text(text)):
        fields["cuda_error"] = number
    if (number := fields.get("cuda_error")) in CUDA_NAMES:
        fields["cuda_name"] = CUDA_NAMES[number]
    if "bytes" in fields:
        fields["bytes"] = _in_bytes(fields["bytes"])
    return fields


def _in_bytes(text: str) -> str:
    number = text.rstrip("BKMGTibytes ")
    unit = text[len(number) :].strip()
    return str(round(float(number) * _SIZE_UNITS.get(unit, _SIZE_UNITS.get(unit.replace("iB", "B"), 1))))
