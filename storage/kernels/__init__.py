"""Compiled loops over whole columns, and the machinery that compiles them.

Only this package and modules named ``kernels`` hold numba code. A kernel releases the GIL, takes and gives numpy
arrays, and has a twin in plain Python that answers the same until it is compiled (see ``Kernel``).
"""

from storage.kernels.kernel import BYTES, INT32S, INT64S, Kernel, kernel, load_kernels
from storage.kernels.newest import advance_newest
from storage.kernels.texts import copy_texts

__all__ = ["BYTES", "INT32S", "INT64S", "Kernel", "advance_newest", "copy_texts", "kernel", "load_kernels"]
