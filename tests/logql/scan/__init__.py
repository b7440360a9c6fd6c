"""Reading the rows of sources: which, by whom, and how many."""
