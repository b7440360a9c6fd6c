"""Loops over the bytes of whole batches of lines that note where the values of labels are."""
