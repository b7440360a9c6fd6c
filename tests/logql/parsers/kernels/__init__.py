"""Tests of the kernels of parsers."""
