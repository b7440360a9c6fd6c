"""The configuration of the agent: promtail's YAML, read strictly."""
