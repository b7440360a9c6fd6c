"""Compiled loops, their twins, and where machine code is kept."""
