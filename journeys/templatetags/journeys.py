"""What the screens of content and teams show of journeys, in a constant number of reads."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.template import Context

from journeys import reading
from people.models import Team, User

register = template.Library()


@register.inclusion_tag("journeys/_team_steps.html", takes_context=True)
def team_steps(context: Context, team: Team) -> dict[str, object]:
    """The live steps a team owns, in journeys the reader sees."""
    steps = list(reading.steps_of(_user(context), team)[: reading.SHOWN + 1])
    return {"steps": steps[: reading.SHOWN], "has_more": len(steps) > reading.SHOWN}


@register.inclusion_tag("journeys/_used_in.html", takes_context=True)
def used_in(context: Context, asset: Any) -> dict[str, object]:
    """The slots an asset fills, in journeys the reader sees."""
    uses = list(reading.uses_of(_user(context), asset)[: reading.SHOWN + 1])
    return {
        "uses": uses[: reading.SHOWN],
        "has_more": len(uses) > reading.SHOWN,
        "asset": asset,
    }


@register.simple_tag(takes_context=True)
def use_counts(context: Context, assets: Sequence[Any]) -> dict[int, int]:
    """How many steps of journeys the reader sees each asset of a page is used in, by its id."""
    return reading.use_counts(_user(context), [asset.pk for asset in assets])


def _user(context: Context) -> User:
    user: User = context["request"].user
    return user
