"""Tests of the push path."""
