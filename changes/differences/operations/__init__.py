"""The acts on verifications of items and on the differences that they found."""

from .explaining import explain, reopen
from .finding import keep_found
from .following import open_change
from .verifying import verify, verify_all

__all__ = ["explain", "keep_found", "open_change", "reopen", "verify", "verify_all"]
