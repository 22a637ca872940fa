"""Who sees which taxonomy."""

from typing import TYPE_CHECKING

from cjops.core.visibility import GovernedQuerySet

if TYPE_CHECKING:
    from tags.models import Taxonomy  # noqa: F401


class TaxonomyQuerySet(GovernedQuerySet["Taxonomy"]):
    """Rows of taxonomys, filtered by who asks."""
