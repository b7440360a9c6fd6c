"""What the server says about itself, and about each query."""
