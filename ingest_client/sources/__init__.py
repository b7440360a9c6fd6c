"""Bounded queues between those who log and the one thread that sends."""
