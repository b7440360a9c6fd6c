"""Tests of server.push.otlp."""
