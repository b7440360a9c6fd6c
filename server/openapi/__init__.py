"""The API as an OpenAPI document, and that document as a page. A test holds it to the routes."""

from server.openapi.document import document
from server.openapi.page import page

__all__ = ["document", "page"]
