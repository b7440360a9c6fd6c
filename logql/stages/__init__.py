"""Stages of a pipeline, one file each: ``Frame -> Frame``."""
