"""Who may write how much."""
