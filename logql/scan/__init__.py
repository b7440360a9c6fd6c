"""From the store to frames: which streams, which chunks, which rows, and the threads that go through them."""
