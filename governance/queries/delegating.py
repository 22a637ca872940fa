"""What the page of stand-ins asks: delegations, colleagues to choose, and what they do not see."""

from collections.abc import Collection

from django.db.models import Q, QuerySet

from governance.models import Delegation
from governance.visibility import who_see
from journeys.models import Journey
from people.models import Membership, User

MOST_COLLEAGUES, MOST_JOURNEYS = 100, 100
RELATED = ("giver", "taker", "channel", "team", "journey")


def delegations_of(user: User) -> QuerySet[Delegation]:
    """What the person has handed on and what was handed to them, newest first."""
    return Delegation.objects.filter(Q(giver=user) | Q(taker=user)).select_related(*RELATED)


def delegations_of_others(user: User) -> QuerySet[Delegation]:
    """Everybody else's, for who keeps the rules."""
    found = Delegation.objects.exclude(Q(giver=user) | Q(taker=user))
    return found.select_related(*RELATED)


def colleagues(user: User) -> list[User]:
    """Active people of the person's own teams, by name."""
    mine = Membership.objects.filter(user=user).values("team")
    found = User.objects.filter(is_active=True, memberships__team__in=mine).exclude(pk=user.pk)
    return list(found.distinct().order_by("name", "pk")[:MOST_COLLEAGUES])


def journeys_decided_on(user: User) -> list[Journey]:
    """Journeys on which the person holds a role, by themselves or with a team, and which they
    see."""
    granted = Q(grants__user=user) | Q(grants__team__in=user.memberships.values("team"))
    found = Journey.objects.visible_to(user).filter(granted).distinct()
    return list(found.order_by("name", "pk")[:MOST_JOURNEYS])


def journeys_seen(rows: Collection[Delegation], reader: User) -> set[int]:
    """Ids of the journeys of these delegations that the reader sees; at most one query."""
    journeys = [row.journey for row in rows if row.journey is not None]
    restricted = {one.pk for one in journeys if one.is_restricted}
    found = {one.pk for one in journeys} - restricted
    if restricted:
        visible = Journey.objects.visible_to(reader).filter(pk__in=restricted).order_by()
        found |= set(visible.values_list("pk", flat=True))
    return found


def not_seen_by_takers(given: Collection[Delegation], giver: User) -> dict[int, list[str]]:
    """By id of delegations of one person the names of restricted journeys on which they decide and
    which the taker does not see."""
    if not given:
        return {}
    restricted = [one for one in journeys_decided_on(giver) if one.is_restricted]
    seeing = {one.pk: who_see(one, {row.taker_id for row in given}) for one in restricted}
    found: dict[int, list[str]] = {}
    for row in given:
        names = [
            one.name
            for one in restricted
            if row.taker_id not in seeing[one.pk]
            if row.journey_id in (None, one.pk)
        ]
        if names:
            found[row.pk] = names
    return found
