"""Files: which ones match, what is new in them, and where they went when they were rotated."""
