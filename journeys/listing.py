"""Reads for the list of journeys, each in one query however long the list."""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from journeys.models import Journey, JourneyRole

if TYPE_CHECKING:
    from people.models import User

# More markets or product lines than this make a choice nobody can read.
CHOICES = 200

Narrowing = Callable[[models.QuerySet[Journey]], models.QuerySet[Journey]]

# Filters that a higher app knows how to apply, by the value of `state`; it adds them at its start.
NARROWINGS: dict[str, Narrowing] = {}


def journey_rows(user: "User", wanted: Mapping[str, str]) -> models.QuerySet[Journey]:
    """The journeys the person sees that fit the filters, with what a row shows but no document."""
    rows = Journey.objects.visible_to(user)
    for name in ("market", "product_line", "importance"):
        if wanted.get(name):
            rows = rows.filter(**{name: wanted[name]})
    if wanted.get("channel"):
        rows = rows.filter(channels__contains=[wanted["channel"]])
    if wanted.get("q"):
        rows = rows.filter(_holds(wanted["q"]))
    if wanted.get("owner") == "mine":
        rows = rows.filter(pk__in=owned_by(user))
    return (
        _in_state(rows, wanted.get("state", ""))
        .select_related("live_version")
        .defer("live_version__document", "live_version__summary")
        .order_by("name", "pk")
    )


def _holds(text: str) -> Q:
    found = Q()
    for word in text.split()[:8]:
        one = Q()
        for field in ("name", "key", "purpose", "market", "product_line"):
            one |= Q(**{f"{field}__icontains": word})
        found &= one
    return found


def _in_state(rows: models.QuerySet[Journey], state: str) -> models.QuerySet[Journey]:
    if state == "live":
        return rows.filter(live_version__isnull=False)
    if state == "not-live":
        return rows.filter(live_version__isnull=True)
    return NARROWINGS[state](rows) if state in NARROWINGS else rows


def owned_by(user: "User") -> models.QuerySet[JourneyRole, Any]:
    """Ids of the journeys the person answers for, by themselves or through a team."""
    return (
        JourneyRole.objects.filter(role__is_owner=True)
        .filter(Q(user=user) | Q(team__memberships__user=user))
        .order_by()
        .values("journey")
    )


def places(user: "User") -> tuple[list[str], list[str]]:
    """The markets and the product lines of the journeys the person sees, sorted."""
    pairs = (
        Journey.objects.visible_to(user)
        .order_by()
        .values_list("market", "product_line")
        .distinct()[: CHOICES * 2]
    )
    markets, lines = set(), set()
    for market, line in pairs:
        markets.add(market)
        lines.add(line)
    return sorted(markets - {""})[:CHOICES], sorted(lines - {""})[:CHOICES]


def managers_of(journeys: Iterable[Journey]) -> dict[int, list[JourneyRole]]:
    """For each journey, by id: who answers for it, people before teams."""
    found: dict[int, list[JourneyRole]] = {}
    grants = (
        JourneyRole.objects.filter(
            journey__in=[journey.pk for journey in journeys],
            role__permissions__contains=["manage_journey"],
        )
        .select_related("user", "team")
        .order_by("team_id", "role__position", "pk")
    )
    for grant in grants:
        found.setdefault(grant.journey_id, []).append(grant)
    return found
