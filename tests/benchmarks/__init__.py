"""Tests of the benchmark's own parts: its lines, its encoder, its arithmetic."""
