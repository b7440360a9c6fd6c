"""Stages of a pipeline: a test module for each of their files."""
