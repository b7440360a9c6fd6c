"""The only rooms that touch the operating system's files or a bucket."""

from storage.stores.cache import DiskCache
from storage.stores.copying import copy
from storage.stores.disk import DiskStore
from storage.stores.files import OPERATING_SYSTEM, Files
from storage.stores.folder_lock import FolderLock
from storage.stores.log_files import LogFiles
from storage.stores.meter import OPERATION_SECONDS, Meter, Operation, Usage, metering
from storage.stores.mirror import MirroredStore
from storage.stores.pieces import Piece, Span
from storage.stores.s3 import S3Store
from storage.stores.s3_errors import BucketError
from storage.stores.s3_requests import Connect
from storage.stores.s3_settings import S3Settings
from storage.stores.store import Store

__all__ = [
    "OPERATING_SYSTEM",
    "OPERATION_SECONDS",
    "BucketError",
    "Connect",
    "DiskCache",
    "DiskStore",
    "Files",
    "FolderLock",
    "LogFiles",
    "Meter",
    "MirroredStore",
    "Operation",
    "Piece",
    "S3Settings",
    "S3Store",
    "Span",
    "Store",
    "Usage",
    "copy",
    "metering",
]
