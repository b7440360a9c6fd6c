"""Tests of the parsers: the tables of the language page, and kernels against the row parsers."""
