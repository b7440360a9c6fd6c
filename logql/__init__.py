"""LogQL: text to AST to plan to answer. Knows nothing of HTTP."""
