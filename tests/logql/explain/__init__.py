"""What plans say, held to what execution does."""
