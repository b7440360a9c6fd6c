"""Label filters, kind by kind: section 7 of the language page."""
