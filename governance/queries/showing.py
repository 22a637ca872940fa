"""Which open changes are about content, or would show it."""

from django.db.models import Q, QuerySet

from content.models import Asset
from governance.models import Change, Claim
from governance.transitions import OPEN_STATES
from people.models import User


def showing(user: User, asset: Asset) -> QuerySet[Change]:
    """The open changes the person sees by which a step would newly show the asset, or about it."""
    claims = Claim.objects.filter(name=f"asset:{asset.key}", change__state__in=OPEN_STATES)
    return (
        Change.objects.visible_to(user)
        .filter(Q(pk__in=claims.order_by().values("change")) | Q(asset=asset))
        .filter(state__in=OPEN_STATES)
        .select_related("author", "journey", "asset")
        .order_by("-pk")
    )
