"""What the screens of journeys show of versions: which change each came by, which to compare."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.template import Context

from governance import queries
from governance.models import Change
from journeys.models import Journey

register = template.Library()


@register.simple_tag(takes_context=True)
def published_by(context: Context, journey: Journey, numbers: Iterable[int]) -> dict[int, Change]:
    """The changes that made these versions, by the number of the version: one query."""
    return queries.published_by(context["request"].user, journey, numbers)


@register.inclusion_tag("governance/_version_pair.html")
def version_pair(
    journey: Journey, before: int, after: int, view: str = "", is_open: bool = False
) -> dict[str, Any]:
    """A form that chooses two versions to compare, with these two chosen."""
    return {
        "journey": journey,
        "versions": queries.versions_listed(journey),
        "before": before,
        "after": after,
        "view": view,
        "is_open": is_open,
    }
