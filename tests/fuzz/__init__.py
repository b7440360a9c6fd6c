"""Everything that reads what strangers send, fed with what no test thought of: ``scripts/fuzz [SECONDS]``."""
