"""Times and sizes as requests, settings and answers write them."""
