"""What a label or field browser can offer: labels of streams that are worth a look, fields that lines have."""

from logql.detected.fields import Field, FieldsQuery, detected_fields, field_values
from logql.detected.labels import DetectedLabel, detected_labels

__all__ = ["DetectedLabel", "Field", "FieldsQuery", "detected_fields", "detected_labels", "field_values"]
