"""Sending, against a real HTTP receiver that misbehaves."""
