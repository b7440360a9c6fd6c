"""Dense columns answer as the lines do."""
