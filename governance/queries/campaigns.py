"""Campaigns of changes, as far as the reader sees their content and their journeys."""

from django.db import models
from django.utils.translation import gettext as _

from cjops.core.errors import NotFound
from content.models import Asset
from governance.models import Campaign, CampaignPart
from journeys.models import Journey, SlotBinding
from people.models import User

# More slots than these nobody chooses from on one page.
MOST_SLOTS = 300
# Of an asset.
SHOWN = 5


def get_campaign_for(*, user: User, pk: int) -> Campaign:
    """The campaign of that number; `NotFound` where the reader does not see its content, or none of
    its journeys and has not started it either."""
    found = (
        _open_to(user)
        .filter(asset__in=Asset.objects.visible_to(user).order_by())
        .select_related("asset", "replaced", "author")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise NotFound(_("There is nothing at this address that you can see."))
    return found


def _open_to(reader: User) -> models.QuerySet[Campaign]:
    """Campaigns with a part that the reader sees, and their own: a title can tell of the others."""
    seen = CampaignPart.objects.filter(
        campaign=models.OuterRef("pk"), journey__in=Journey.objects.visible_to(reader).order_by()
    )
    return Campaign.objects.filter(models.Q(author=reader) | models.Exists(seen))


def parts_of(campaign: Campaign, reader: User) -> list[CampaignPart]:
    """Its parts in journeys that the reader sees, by the names of these."""
    parts = campaign.parts.filter(journey__in=Journey.objects.visible_to(reader).order_by())
    return list(
        parts.select_related("journey", "change__author", "change__journey").order_by(
            "journey__name", "pk"
        )
    )


def progress_of(asset: Asset, reader: User) -> list[Campaign]:
    """The newest campaigns of an asset that the reader sees, each with how many of its journeys
    that they see there are (`total`), were refused, and have their change published: one query.
    """
    seen = models.Q(parts__journey__in=Journey.objects.visible_to(reader).order_by())
    counted = {
        "total": seen,
        "refused": seen & models.Q(parts__state=CampaignPart.State.REFUSED),
        "published": seen & models.Q(parts__change__state="published"),
    }
    found = _open_to(reader).filter(asset=asset).select_related("author")
    counts = {name: models.Count("parts", filter=those) for name, those in counted.items()}
    return list(found.annotate(**counts).order_by("-pk")[:SHOWN])


def slots_for(
    reader: User, asset: Asset, *, shows: Asset | None = None, q: str = ""
) -> list[SlotBinding]:
    """The live slots on the asset's channel, in journeys that the reader sees.

    With `shows` those that show that asset; `q` is looked for in the names of journey and step.
    """
    found = SlotBinding.objects.filter(
        step__channel=asset.channel,
        step__journey__in=Journey.objects.visible_to(reader).order_by(),
    )
    if shows is not None:
        found = found.filter(asset=shows)
    q = q.replace("\x00", "").strip()
    if q:
        found = found.filter(
            models.Q(step__name__icontains=q) | models.Q(step__journey__name__icontains=q)
        )
    found = found.select_related("step__journey", "asset")
    ordered = found.order_by("step__journey__name", "step__journey_id", "step__rank", "slot")
    return list(ordered[: MOST_SLOTS + 1])
