"""Tests of storage: properties against naive models, and files that are damaged on purpose."""
