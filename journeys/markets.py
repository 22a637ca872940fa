"""In which markets assets are used: what the library of content asks journeys."""

from collections import Counter
from typing import Any

from django.db.models import Count, QuerySet

from content.finding.facets import Markets
from content.models import Asset
from journeys.models import Journey, SlotBinding
from people.models import User

# More make a choice that nobody can read.
MOST = 200


class JourneyMarkets(Markets):
    """By the live steps of the journeys that the person sees."""

    def assets(self, user: User, values: tuple[str, ...]) -> Any:
        """Ids of the assets that journeys of these markets show."""
        seen = Journey.objects.visible_to(user).filter(market__in=values).order_by().values("pk")
        return SlotBinding.objects.filter(step__journey__in=seen, asset__isnull=False).values(
            "asset"
        )

    def count(self, assets: QuerySet[Asset], user: User) -> Counter[str]:
        """How many of the assets journeys of each market show."""
        seen = Journey.objects.visible_to(user).exclude(market="").order_by().values("pk")
        rows = (
            SlotBinding.objects.filter(step__journey__in=seen, asset__in=assets.values("pk"))
            .order_by()
            .values_list("step__journey__market")
            .annotate(count=Count("asset", distinct=True))
        )
        return Counter(dict(rows))

    def known(self, user: User) -> list[str]:
        """The markets of the journeys that the person sees, by name."""
        named = Journey.objects.visible_to(user).exclude(market="").order_by("market")
        return list(named.values_list("market", flat=True).distinct()[:MOST])
