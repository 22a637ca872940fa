"""What the screens of journeys show of versions: which change each came by, which to compare."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.template import Context

from governance.models import Change
from journeys.models import Journey

register = template.Library()

# More versions than this no list to choose from is read through.
MOST = 500


@register.simple_tag(takes_context=True)
def published_by(context: Context, journey: Journey, numbers: Iterable[int]) -> dict[int, Change]:
    """The changes that made these versions, by the number of the version: one query."""
    changes = Change.objects.visible_to(context["request"].user).filter(
        journey=journey, published_number__in=list(numbers)
    )
    return {
        change.published_number: change
        for change in changes.only("number", "title", "published_number")
        if change.published_number
    }


@register.inclusion_tag("governance/_version_pair.html")
def version_pair(
    journey: Journey, before: int, after: int, view: str = "", is_open: bool = False
) -> dict[str, Any]:
    """A form that chooses two versions to compare, with these two chosen."""
    rows = journey.versions.order_by("-number").values_list("number", "created_at")[:MOST]
    return {
        "journey": journey,
        "versions": list(rows),
        "before": before,
        "after": after,
        "view": view,
        "is_open": is_open,
    }
