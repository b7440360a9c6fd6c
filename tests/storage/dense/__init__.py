"""Dense columns: which are chosen, how they are packed, and that they are read as they were written."""
