"""Charts of characters."""
