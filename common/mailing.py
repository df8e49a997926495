"""What every mail that we send has in common: how long to wait after a failure, and where its ids come from."""

import random
from datetime import timedelta
from email.utils import parseaddr
from urllib.parse import urlsplit

from django.conf import settings

LONGEST_GAP_SECONDS = 3600


def retry_gap(attempts: int) -> timedelta:
    """How long to wait after so many failures: four times as long each time, an hour at most, spread by a fifth."""
    seconds = min(LONGEST_GAP_SECONDS, 5 * 4**attempts)
    return timedelta(seconds=seconds * random.uniform(0.8, 1.2))  # noqa: S311 - jitter


def sender_host() -> str:
    """The right side of our message ids: the domain we send from."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    return domain or urlsplit(settings.BASE_URL).hostname or "localhost"
