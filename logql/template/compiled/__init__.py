"""Templates compiled to closures, once a query: expressions, statements, and what they share."""
