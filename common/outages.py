"""Failures of what we stand on: the database, the cache, the disk. Nobody can work around them inside of a request."""

import errno

from django.db import InterfaceError, OperationalError
from redis import RedisError

_NO_ROOM = "No space left on device"


def is_outage(error: BaseException | None) -> bool:
    """Tell whether `error` says that database, cache or disk do not serve us just now."""
    return isinstance(error, OperationalError | InterfaceError | RedisError) or _is_no_room(error)


def is_full_disk(error: BaseException | None) -> bool:
    """Tell whether the outage is a full disk, here or at the database or the cache."""
    return _is_no_room(error) or (is_outage(error) and _NO_ROOM in str(error))


def _is_no_room(error: BaseException | None) -> bool:
    return isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}
