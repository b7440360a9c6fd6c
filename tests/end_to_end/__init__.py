"""Tests against the real server: a child process, real HTTP over loopback, real clients."""
