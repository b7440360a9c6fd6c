"""What a row must hold to pass the stages of a query, and which chunks their skip filters rule out because of it."""

from logql.scan.needles.needles import Needles

__all__ = ["Needles"]
