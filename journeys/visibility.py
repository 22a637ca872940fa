"""Who sees which journey."""

from typing import TYPE_CHECKING

from cjops.core.visibility import GovernedQuerySet

if TYPE_CHECKING:
    from journeys.models import Journey  # noqa: F401


class JourneyQuerySet(GovernedQuerySet["Journey"]):
    """Rows of journeys, filtered by who asks."""
