"""The page that is made from the code."""
