"""Readings of GPUs, from simulated devices."""
