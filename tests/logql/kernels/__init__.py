"""Loops over the bytes of lines: machine code against plain Python, and both against the language page."""
