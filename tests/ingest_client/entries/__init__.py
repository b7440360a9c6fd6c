"""Streams, metadata and batches."""
