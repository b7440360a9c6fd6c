"""Tests of level detection."""
