from typing import Any

from django.contrib.staticfiles.apps import StaticFilesConfig
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

# No page asks for these; the engine's own theme names fonts it does not ship.
UNUSED = ("viewflow", "*.rtl.*", "bootstrap-grid*", "bootstrap-utilities*", "htmx-4*", "htmax-*")


class ServedFilesConfig(StaticFilesConfig):
    ignore_patterns = [*StaticFilesConfig.ignore_patterns, *UNUSED]


class GzippedManifestStorage(CompressedManifestStaticFilesStorage):
    """Without Brotli, whose best compression makes the first start wait a quarter of a minute."""

    def create_compressor(self, **options: Any) -> Compressor:
        return Compressor(**options, use_brotli=False)
