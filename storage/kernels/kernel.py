"""What a kernel is: one function compiled by numba, with a twin that answers until it is.

A server answers from its first second on: kernels start as their twins, ``load_kernels`` puts the machine code in
their place as it becomes ready. Machine code is cached on disk, so only the first start on a machine compiles.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, ParamSpec, TypeVar

from numba import njit, types

from storage.kernels.cache import use_own_cache_folder

__all__ = ["BYTES", "INT32S", "INT64S", "Kernel", "kernel", "load_kernels"]

# Column types for signatures. Arrow's buffers are read-only; a writable array is accepted where these stand, too.
BYTES = types.Array(types.uint8, 1, "C", readonly=True)
INT32S = types.Array(types.int32, 1, "C", readonly=True)
INT64S = types.Array(types.int64, 1, "C", readonly=True)

use_own_cache_folder()

P = ParamSpec("P")
R = TypeVar("R")

_registry: list[Kernel[Any, Any]] = []


class Kernel(Generic[P, R]):
    """Callable like its function; before ``load`` the twin answers."""

    def __init__(self, function: Callable[P, R], twin: Callable[P, R], signature: Any) -> None:
        self.name = f"{function.__module__}.{function.__name__}"
        self.function = function
        self.twin = twin
        self.signature = signature
        self._run: Callable[P, R] = twin
        self.is_loaded = False

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        return self._run(*args, **kwargs)

    def load(self) -> None:
        """Take the machine code from the disk cache, or compile it (0.3 to 3 s) and cache it."""
        if not self.is_loaded:
            compiled = njit(self.signature, nogil=True, cache=True, error_model="numpy")(self.function)
            self._run = compiled
            self.is_loaded = True


def kernel(signature: Any, twin: Callable[P, R]) -> Callable[[Callable[P, R]], Kernel[P, R]]:
    """Declare a kernel: ``@kernel(types.int64(BYTES, BYTES), twin=count_plain)`` above the function to compile."""

    def declare(function: Callable[P, R]) -> Kernel[P, R]:
        made = Kernel(function, twin, signature)
        _registry.append(made)
        return made

    return declare


def load_kernels() -> int:
    """Load every kernel declared so far; answers how many there are."""
    for each in list(_registry):
        each.load()
    return len(_registry)
