"""Who sees which asset."""

from typing import TYPE_CHECKING

from cjops.core.visibility import GovernedQuerySet

if TYPE_CHECKING:
    from content.models import Asset  # noqa: F401


class AssetQuerySet(GovernedQuerySet["Asset"]):
    """Rows of assets, filtered by who asks."""
