"""A real S3 server for the tests, and a proxy before it that does what networks do."""
