"""Line filters: which lines contain a text, match a regex or a pattern, or hold an IP address.

Each kind is a function of lines (a pa.string() array) to a row mask, in a file of its own; ``stage``
puts them together.
"""

from logql.stages.line_filter.stage import line_filter_stage

__all__ = ["line_filter_stage"]
