"""The protobuf form of a push: snappy block, then a walk over the bytes that never makes an object per entry."""

from server.push.protobuf.decode import decode_protobuf, snappy_size

__all__ = ["decode_protobuf", "snappy_size"]
