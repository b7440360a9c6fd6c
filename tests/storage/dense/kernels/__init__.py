"""Kernels of dense columns against their twins."""
