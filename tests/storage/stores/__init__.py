"""Tests of the stores: what every store must do, and what the disk one does."""
