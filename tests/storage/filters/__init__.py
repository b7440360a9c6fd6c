"""Skip filters: what is kept, in which bytes, and that nothing that is there is ever denied."""
