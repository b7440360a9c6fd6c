"""Labels of entries against a model that keeps one dict a row."""
