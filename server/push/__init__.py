"""The push API without HTTP: a request body becomes a batch of accepted rows and the answer about refused ones."""
