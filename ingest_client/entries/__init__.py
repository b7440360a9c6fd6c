"""What a line is on its way: its stream, its metadata, and batches of lines as servers read them."""
