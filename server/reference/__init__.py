"""docs/reference.md, made from the code: ``python -m server.reference > docs/reference.md``."""

from server.reference.page import reference_page

__all__ = ["reference_page"]
