"""What pages of journeys, which cannot ask governance, show of what went live without approval."""

from django import template

from governance import presenting, queries
from governance.presenting import Afterwards
from journeys.models import Journey

register = template.Library()


@register.inclusion_tag("governance/_after_review_banner.html")
def after_review_banner(journey: Journey) -> dict[str, list[Afterwards]]:
    """Changes of a journey that are live without their approvals, until that is looked at."""
    found = [presenting.afterwards(one) for one in queries.looked_at_later("journey", journey.pk)]
    return {"rows": [one for one in found if one is not None]}
