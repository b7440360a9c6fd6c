"""The functions of templates, one file a subject; ``FUNCTIONS`` in registry.py has them all."""
