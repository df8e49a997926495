"""
Documents that are frozen: plain values with a fingerprint, so that whoever has both can check the one by the other.

The fingerprint is SHA-256 over the document written in one way only: sorted keys, no spaces, UTF-8.
"""

import hashlib
import json
from typing import Any


def fingerprint_of(document: Any) -> str:
    """64 hexadecimal digits. :param document: what JSON can hold."""
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
