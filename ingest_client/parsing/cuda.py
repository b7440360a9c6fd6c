"""CUDA's errors by number and by text."""

from __future__ import annotations

__all__ = ["CUDA_NAMES", "number_of_text"]

CUDA_NAMES = {
    "1": "cudaErrorInvalidValue",
    "2": "cudaErrorMemoryAllocation",
    "3": "cudaErrorInitializationError",
    "4": "cudaErrorCudartUnloading",
    "34": "cudaErrorStubLibrary",
    "35": "cudaErrorInsufficientDriver",
    "46": "cudaErrorDevicesUnavailable",
    "98": "cudaErrorInvalidDeviceFunction",
    "100": "cudaErrorNoDevice",
    "101": "cudaErrorInvalidDevice",
    "209": "cudaErrorNoKernelImageForDevice",
    "214": "cudaErrorECCUncorrectable",
    "222": "cudaErrorUnsupportedPtxVersion",
    "400": "cudaErrorInvalidResourceHandle",
    "600": "cudaErrorNotReady",
    "700": "cudaErrorIllegalAddress",
    "701": "cudaErrorLaunchOutOfResources",
    "702": "cudaErrorLaunchTimeout",
    "710": "cudaErrorAssert",
    "716": "cudaErrorMisalignedAddress",
    "719": "cudaErrorLaunchFailure",
    "801": "cudaErrorNotSupported",
    "802": "cudaErrorSystemNotReady",
    "803": "cudaErrorSystemDriverMismatch",
    "804": "cudaErrorCompatNotSupportedOnDevice",
    "901": "cudaErrorStreamCaptureInvalidated",
    "906": "cudaErrorStreamCaptureImplicit",
    "999": "cudaErrorUnknown",
}
_TEXTS = {
    "out of memory": "2",
    "driver version is insufficient": "35",
    "invalid resource handle": "400",
    "illegal memory access": "700",
    "unspecified launch failure": "719",
    "misaligned address": "716",
    "no kernel image": "209",
    "depends on an uncaptured": "906",
}


def number_of_text(text: str) -> str | None:
    """The number of the error that ``text`` describes in CUDA's own words."""
    return next((number for words, number in _TEXTS.items() if words in text), None)
