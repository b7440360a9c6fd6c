"""Tests of logql."""
