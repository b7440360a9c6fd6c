"""The HTTP side: Loki's API over the engine and the store."""
