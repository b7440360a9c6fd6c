"""The labels of entries before any parser: stream labels, and structured metadata beside them.

A metadata key that the stream has as a label is seen as ``KEY_extracted``; metadata named like the error labels fills
them, as if the pipeline had set them.
"""

from __future__ import annotations

from collections.abc import Mapping

from storage.labels import Labels

__all__ = ["ERROR_LABELS", "error_labels", "metadata_labels"]

ERROR_LABELS = ("__error__", "__error_details__")


def metadata_labels(stream: Labels, metadata: Mapping[str, str]) -> Labels:
    """What structured metadata adds to the labels of ``stream``."""
    renamed = ((f"{name}_extracted" if name in stream else name, value) for name, value in metadata.items())
    return Labels((name, value) for name, value in renamed if name not in ERROR_LABELS)


def error_labels(metadata: Mapping[str, str]) -> Labels:
    """The error labels that structured metadata carries."""
    return Labels({name: metadata[name] for name in ERROR_LABELS if metadata.get(name)})
