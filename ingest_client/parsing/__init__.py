"""What lines of TensorRT and its companions say: prefix, level, event, fields; records, storms and cascades.

For the agent and the wrapper, never for the inference process: a line costs microseconds of Python. Tables, tested on
a catalogue of real lines.
"""

from __future__ import annotations

from ingest_client.parsing.cascades import Cascades
from ingest_client.parsing.parser import LineParser, Parsed
from ingest_client.parsing.records import Record, RecordJoiner, begins_record
from ingest_client.parsing.storms import FoldedLine, Storms

__all__ = ["Cascades", "FoldedLine", "LineParser", "Parsed", "Record", "RecordJoiner", "Storms", "begins_record"]
