"""The wrapper, part by part; as a whole it is tested in tests/logctl/test_run.py."""
