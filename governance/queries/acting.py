"""Who acts for whom: delegations, followed when they are asked for."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from governance.models import Change, Delegation, Requirement
from people.models import Channel, User

# Somebody who acts for somebody may hand that on, and those once more.
MOST_LINKS = 3


@dataclass(frozen=True, slots=True)
class Acting:
    """That somebody decides for `giver`, as far as all the delegations on the way to them say."""

    giver: User
    links: tuple[Delegation, ...]

    @property
    def hands(self) -> set[int]:
        """Everybody it passed through, and whoever arranged it for somebody else: where one of them
        edited a change, nobody decides on it by this."""
        return {person for link in self.links for person in (link.giver_id, link.created_by_id)}

    def covers(self, requirement: Requirement, change: Change) -> bool:
        """Whether this decision is among those handed on."""
        return all(_covers(link, requirement, change) for link in self.links)


def _covers(link: Delegation, requirement: Requirement, change: Change) -> bool:
    if link.journey_id:
        return change.journey_id == link.journey_id
    sources = list(requirement.sources.all())
    if link.channel is not None:
        return requirement.params.get("channel") == link.channel.key or any(
            source.channel_id == link.channel_id for source in sources
        )
    if link.team_id:
        stewarded = set(
            Channel.objects.filter(steward_teams=link.team_id).values_list("pk", flat=True)
        )
        return any(
            source.team_id == link.team_id or source.channel_id in stewarded for source in sources
        )
    return True


def acts_for(user: User, at: datetime | None = None) -> list[Acting]:
    """Everybody whom the person acts for now, over at most three links; no query for most."""
    at = at or timezone.now()
    if user.acts_for_others_until is None or user.acts_for_others_until <= at:
        return []
    found: list[Acting] = []
    frontier: list[tuple[int, tuple[Delegation, ...]]] = [(user.pk, ())]
    for _link in range(MOST_LINKS):
        open_now = Delegation.objects.filter(
            taker__in=[taker for taker, _links in frontier],
            starts_at__lte=at,
            ends_at__gt=at,
            giver__is_active=True,
        ).select_related("giver", "channel")
        by_taker: dict[int, list[Delegation]] = {}
        for delegation in open_now:
            by_taker.setdefault(delegation.taker_id, []).append(delegation)
        frontier = [
            (delegation.giver_id, (*links, delegation))
            for taker, links in frontier
            for delegation in by_taker.get(taker, ())
            # In a circle nobody hands on more than they had.
            if delegation.giver_id != user.pk
            and all(delegation.giver_id != link.taker_id for link in links)
        ]
        found += [Acting(links[-1].giver, links) for _giver, links in frontier]
    return found


def takers_of(people: Collection[int], change: Change) -> set[int]:
    """Ids of those to whom any of these people (ids) have handed on, directly and now, decisions
    such as may be needed on the change."""
    at = timezone.now()
    about = Q(journey=None) | Q(journey=change.journey_id) if change.journey_id else Q(journey=None)
    rows = Delegation.objects.filter(about, giver__in=people, starts_at__lte=at, ends_at__gt=at)
    scoped = Q(channel=None) | Q(channel__key__in=change.channels)
    rows = rows.filter(scoped, taker__is_active=True)
    return set(rows.order_by().values_list("taker", flat=True)) - {change.author_id}


def stand_ins(people: list[User], at: datetime | None = None) -> dict[int, list[Delegation]]:
    """By id of each of these people what they have handed on directly and now; one query."""
    at = at or timezone.now()
    if not people:
        return {}
    rows = Delegation.objects.filter(
        giver__in=people, starts_at__lte=at, ends_at__gt=at, taker__is_active=True
    ).select_related("taker", "channel")
    found: dict[int, list[Delegation]] = {}
    for row in rows.order_by("pk"):
        found.setdefault(row.giver_id, []).append(row)
    return found
