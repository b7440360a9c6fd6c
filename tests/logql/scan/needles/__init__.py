"""What rows must hold: read off queries, asked of real filters."""
