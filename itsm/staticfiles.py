"""How static files are stored: named by their content, so that browsers may keep them for good; gzip beside each."""

from typing import Any

from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """
    WhiteNoise's storage without what costs us time or fails.

    Brotli and source maps made collecting take 47 s instead of 2, and a bundle that names a map which its package
    leaves out stops it. So: gzip only, and references to maps are left as they are.
    """

    # Django's rules without those for source maps.
    patterns = tuple(
        (files, kept)
        for files, rules in CompressedManifestStaticFilesStorage.patterns
        if (kept := tuple(rule for rule in rules if "sourceMappingURL" not in str(rule)))
    )

    def create_compressor(self, **options: Any) -> Compressor:
        """Return WhiteNoise's compressor, gzip only, passing over source maps."""
        skipped = [*Compressor.SKIP_COMPRESS_EXTENSIONS, "map"]
        return Compressor(**(options | {"extensions": skipped, "use_brotli": False}))
