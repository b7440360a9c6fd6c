"""One request to delete. It says which rows, in the words of the tenant; another room knows what they mean."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum

import orjson

from storage.errors import CorruptData
from storage.sealed import seal, unseal

__all__ = ["DeleteRequest", "DeleteState"]


class DeleteState(StrEnum):
    """RECEIVED: its rows are hidden, it can be cancelled. PROCESSED: their bytes are gone."""

    RECEIVED = "received"
    PROCESSED = "processed"


@dataclass(frozen=True, slots=True)
class DeleteRequest:
    """Rows that ``query`` (a LogQL log query) selects with ``start_ns <= ts <= end_ns``.

    id             8 hexadecimal digits
    created_ns     when it was asked for; the cancel window begins here
    erased_rows    how many rows have left the disk so far
    processed_ns   when the last of them had; 0 before
    """

    id: str
    tenant: str
    query: str
    start_ns: int
    end_ns: int
    created_ns: int
    state: DeleteState = DeleteState.RECEIVED
    erased_rows: int = 0
    processed_ns: int = 0

    def to_bytes(self) -> bytes:
        return seal(orjson.dumps(asdict(self)))

    @classmethod
    def from_bytes(cls, data: bytes, path: str) -> DeleteRequest:
        """Raises CorruptData, naming ``path``."""
        document = unseal(data, path)
        try:
            fields = orjson.loads(document)
            return cls(**{**fields, "state": DeleteState(fields["state"])})
        except (ValueError, TypeError, KeyError) as error:
            raise CorruptData(path, 0, f"not a delete request: {error}") from error
