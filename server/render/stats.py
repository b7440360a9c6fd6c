"""The ``stats`` object: the reference's full shape, filled with what this store counts, zeros elsewhere."""

from __future__ import annotations

from typing import Any

from logql.results import Stats
from storage.stores import Usage

__all__ = ["render_stats"]

_CACHES = (
    "chunk",
    "index",
    "result",
    "statsResult",
    "volumeResult",
    "seriesResult",
    "labelResult",
    "instantMetricResult",
)
_NO_CACHE = {
    "entriesFound": 0,
    "entriesRequested": 0,
    "entriesStored": 0,
    "bytesReceived": 0,
    "bytesSent": 0,
    "requests": 0,
    "downloadTime": 0,
    "queryLengthServed": 0,
}
_NO_DATA_OBJECTS = {
    "prePredicateDecompressedRows": 0,
    "prePredicateDecompressedBytes": 0,
    "prePredicateDecompressedStructuredMetadataBytes": 0,
    "postPredicateRows": 0,
    "postPredicateDecompressedBytes": 0,
    "postPredicateStructuredMetadataBytes": 0,
    "postFilterRows": 0,
    "pagesScanned": 0,
    "pagesDownloaded": 0,
    "pagesDownloadedBytes": 0,
    "pageBatches": 0,
    "totalRowsAvailable": 0,
    "totalPageDownloadTime": 0,
}
_NO_CACHES = dict.fromkeys(_CACHES, _NO_CACHE)


def render_stats(stats: Stats) -> dict[str, Any]:
    return {
        "summary": _summary(stats),
        "querier": {"store": _parts(stats), "querierExecTime": stats.exec_time_s},
        "ingester": _head(stats),
        "cache": _NO_CACHES | {"chunk": _cache(stats.usage)},
        "index": _index(stats),
        **({"bucket": _bucket(stats.usage)} if stats.usage.requests else {}),
    }


def _cache(usage: Usage) -> dict[str, int]:
    asked = usage.cache_hits + usage.cache_misses
    counted = {"entriesFound": usage.cache_hits, "entriesRequested": asked, "bytesReceived": usage.cache_bytes}
    return _NO_CACHE | counted | {"requests": asked}


def _bucket(usage: Usage) -> dict[str, int]:
    """Not in the reference: what is paid for. Times are ns, as of all downloads."""
    return {
        "requests": usage.requests,
        "retries": usage.retries,
        "bytesReceived": usage.bytes_read,
        "downloadTime": usage.wait_ns,
    }


def _summary(stats: Stats) -> dict[str, Any]:
    return {
        "bytesProcessedPerSecond": _per_second(stats.bytes_processed, stats),
        "linesProcessedPerSecond": _per_second(stats.lines_processed, stats),
        "totalBytesProcessed": stats.bytes_processed,
        "totalLinesProcessed": stats.lines_processed,
        "execTime": stats.exec_time_s,
        "queueTime": 0,
        "subqueries": 0,
        "totalEntriesReturned": stats.entries_returned,
        "splits": 0,
        "shards": 0,
        "totalPostFilterLines": stats.lines_after_filters,
        "totalStructuredMetadataBytesProcessed": stats.metadata_bytes_processed,
    }


def _per_second(amount: int, stats: Stats) -> int:
    return int(amount / stats.exec_time_s) if stats.exec_time_s > 0 else 0


def _parts(stats: Stats) -> dict[str, Any]:
    chunk = _chunk(
        decompressedBytes=stats.bytes_processed - stats.head_bytes,
        decompressedLines=stats.lines_processed - stats.head_lines,
        compressedBytes=stats.compressed_bytes_read,
        postFilterLines=stats.lines_after_filters,
        decompressedStructuredMetadataBytes=stats.metadata_bytes_processed,
    )
    found, read = stats.chunks + stats.chunks_filtered, stats.chunks - stats.chunks_needless
    store = _store(found, read, stats.metadata_bytes_processed > 0, chunk)
    return store | {"chunksDownloadTime": stats.usage.wait_ns}


def _head(stats: Stats) -> dict[str, Any]:
    chunk = _chunk(headChunkBytes=stats.head_bytes, headChunkLines=stats.head_lines)
    return {
        "totalReached": int(stats.head_lines > 0),
        "totalChunksMatched": 0,
        "totalBatches": 0,
        "totalLinesSent": 0,
        "store": _store(0, 0, False, chunk),
    }


def _store(chunks: int, read: int, has_metadata: bool, chunk: dict[str, int]) -> dict[str, Any]:
    return {
        "totalChunksRef": chunks,
        "totalChunksDownloaded": read,
        "chunksDownloadTime": 0,
        "queryReferencedStructuredMetadata": has_metadata,
        "queryUsedV2Engine": False,
        "chunk": chunk,
        "chunkRefsFetchTime": 0,
        "congestionControlLatency": 0,
        "pipelineWrapperFilteredLines": 0,
        "dataobj": _NO_DATA_OBJECTS,
    }


def _chunk(**counted: int) -> dict[str, int]:
    nothing = {
        "headChunkBytes": 0,
        "headChunkLines": 0,
        "decompressedBytes": 0,
        "decompressedLines": 0,
        "compressedBytes": 0,
        "totalDuplicates": 0,
        "postFilterLines": 0,
        "headChunkStructuredMetadataBytes": 0,
        "decompressedStructuredMetadataBytes": 0,
    }
    return nothing | {name: max(amount, 0) for name, amount in counted.items()}


def _index(stats: Stats) -> dict[str, Any]:
    return {
        "totalChunks": stats.chunks + stats.chunks_filtered,
        "postFilterChunks": stats.chunks,
        "shardsDuration": 0,
        "usedBloomFilters": stats.chunks_filtered > 0,
        "totalStreams": 0,
        "chunkRefsLookupTime": 0,
        "bloomFilterTime": 0,
    }
