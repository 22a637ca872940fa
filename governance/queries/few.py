"""Decisions that policies ask of few: of people they name, of one team, of those with a role."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Protocol

from django.db.models.functions import Coalesce
from django.utils.translation import get_language

from governance.queries.ruling import active_rules
from governance.ruling.definitions import Need, Reviewers, label
from journeys.models import JourneyRole
from people.models import Team, User

# Who they are follows from what is touched: channels and journeys are looked at by themselves.
OF_PLACES = ("stewards", "owner")
ENOUGH = 2


class Staff(Protocol):
    """Who leads and who belongs to which team, by its id."""

    teams: dict[int, Team]
    leads: dict[int, set[int]]
    members: dict[int, set[int]]


def few_for(
    staff: Staff, chosen: Collection[int], *, is_all: bool
) -> Iterator[tuple[str, str, frozenset[int]]]:
    """Of each decision that one person could make, or nobody, wherever the policy applies: the key
    of the policy, what the decision is called, and who. Not `is_all`: those asked of these teams.
    """
    needs = [(rule.policy.key, need) for rule in active_rules() for need in rule.policy.require]
    asked = {one for _key, need in needs for one in (*need.reviewers, *need.otherwise)}
    emails = {email for one in asked for email in one.people}
    people = dict(User.objects.filter(email__in=emails, is_active=True).values_list("email", "pk"))
    held = _held({one.key for one in asked if one.source == "role"})
    for policy, need in needs:
        if not is_all and not _teams_of(need.reviewers, staff) & set(chosen):
            continue
        able = _able(need, staff, people, held)
        if able is not None and len(able) < ENOUGH:
            yield policy, label(need.name, get_language() or "en") or need.key, able


def _held(roles: Collection[str]) -> dict[str, set[int]]:
    """By role who holds it anywhere, by themselves or with a team."""
    if not roles:
        return {}
    holder = Coalesce("user", "team__memberships__user")
    rows = JourneyRole.objects.filter(role__key__in=roles).order_by()
    found: dict[str, set[int]] = {}
    for role, person in rows.values_list("role__key", holder).distinct():
        found.setdefault(role, set()).add(person)
    active = set(
        User.objects.filter(pk__in=set().union(*found.values()), is_active=True)
        .order_by()
        .values_list("pk", flat=True)
    )
    return {role: holders & active for role, holders in found.items()}


def _able(
    need: Need, staff: Staff, people: Mapping[str, int], held: Mapping[str, set[int]]
) -> frozenset[int] | None:
    """Who could make the decision; None where that follows from what is touched."""
    for reviewers in (need.reviewers, need.otherwise):
        if any(one.source in OF_PLACES for one in reviewers):
            return None
        found: set[int] = set()
        for one in reviewers:
            found |= {people[email] for email in one.people if email in people}
            found |= held.get(one.key, set()) if one.source == "role" else set()
            crews = staff.members if one.who == "members" else staff.leads
            found = found.union(*(crews[team] for team in _teams_of([one], staff)))
        if found:
            return frozenset(found)
    return frozenset()


def _teams_of(reviewers: Sequence[Reviewers], staff: Staff) -> set[int]:
    return {
        pk
        for one in reviewers
        for pk, team in staff.teams.items()
        if (one.source, one.key) in (("team", team.key), ("team_kind", team.kind))
    }
