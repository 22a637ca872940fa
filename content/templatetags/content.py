"""What the screens of teams and journeys show of content, in a constant number of reads."""

from collections.abc import Sequence

from django import template
from django.template import Context
from django.utils import timezone

from content import queries
from content.definition import spelled as spelling
from content.models import Asset
from people.models import Team

register = template.Library()

# The rest is in the library, one link away.
SHOWN = 12


@register.inclusion_tag("content/_team_assets.html", takes_context=True)
def team_assets(context: Context, team: Team) -> dict[str, object]:
    """The assets a team owns, as far as the reader sees them."""
    assets = list(
        Asset.objects.visible_to(context["request"].user)
        .filter(team=team)
        .select_related("channel", "live_version")
        .defer("live_version__document", "live_version__summary")
        .order_by("name", "pk")[: SHOWN + 1]
    )
    return {"assets": assets[:SHOWN], "has_more": len(assets) > SHOWN, "team": team}


@register.inclusion_tag("content/_library_cards.html", takes_context=True)
def library_cards(context: Context, asset: Asset) -> dict[str, object]:
    """Which collections hold an asset, and what of it ends when."""
    user = context["request"].user
    return {
        "collections": list(queries.collections_of(user, asset)[:SHOWN]),
        "deadlines": list(asset.deadlines.all()[:SHOWN]),
        "today": timezone.localdate(),
    }


@register.filter
def spelled(languages: Sequence[str]) -> str:
    """Language tags as they are usually written, in one line."""
    return " · ".join(spelling(language.lower()) for language in languages)
