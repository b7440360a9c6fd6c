"""Delete requests as the API takes and shows them."""

from server.deletes.ask import parse_delete_request
from server.deletes.cancel import cancel_delete
from server.deletes.narrow import narrow_request, visible
from server.deletes.show import show_deletes

__all__ = ["cancel_delete", "narrow_request", "parse_delete_request", "show_deletes", "visible"]
