"""Reads about people: who is where, and who leads what."""

from collections import defaultdict
from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext as _

from cjops.core.errors import NotFound
from people.models import Channel, Membership, MembershipRole, Team, User


def teams_of(user: User) -> models.QuerySet[Team]:
    """The teams the person is a member of."""
    return Team.objects.filter(memberships__user=user)


def teams_led_by(user: User) -> models.QuerySet[Team]:
    """The teams the person leads."""
    return Team.objects.filter(memberships__user=user, memberships__role=MembershipRole.LEAD)


def is_member(user: User, team_id: int) -> bool:
    """Whether the person is a member of the team, lead or not."""
    return Membership.objects.filter(user=user, team_id=team_id).exists()


def leads_by_channel(channel_keys: Iterable[str]) -> dict[str, list[User]]:
    """For each channel, by key: the active leads of the teams that steward it, in one query.

    A channel nobody stewards has an empty list.
    """
    keys = list(channel_keys)
    leads: dict[str, list[User]] = {key: [] for key in keys}
    rows = (
        Membership.objects.filter(
            role=MembershipRole.LEAD, user__is_active=True, team__channels__key__in=keys
        )
        .select_related("user")
        .annotate(channel_key=models.F("team__channels__key"))
        .order_by("user__name", "user_id")
    )
    for row in rows:
        people = leads[row.channel_key]
        if row.user not in people:
            people.append(row.user)
    return leads


def leads_by_team(team_keys: Iterable[str]) -> dict[str, list[User]]:
    """For each team, by key: its active leads, in one query."""
    keys = list(team_keys)
    leads: dict[str, list[User]] = {key: [] for key in keys}
    rows = (
        Membership.objects.filter(
            role=MembershipRole.LEAD, user__is_active=True, team__key__in=keys
        )
        .select_related("user", "team")
        .order_by("user__name", "user_id")
    )
    for row in rows:
        leads[row.team.key].append(row.user)
    return leads


def steward_teams_by_channel(channel_keys: Iterable[str]) -> dict[str, list[Team]]:
    """For each channel, by key: the teams that steward it, in one query."""
    stewards: dict[str, list[Team]] = defaultdict(list)
    teams = (
        Team.objects.filter(channels__key__in=list(channel_keys))
        .annotate(channel_key=models.F("channels__key"))
        .order_by("name", "pk")
    )
    for team in teams:
        stewards[team.channel_key].append(team)
    return stewards


def teams_with_people() -> models.QuerySet[Team]:
    """All teams with their channels and members, leads first: three queries however many."""
    members = Membership.objects.select_related("user").order_by(
        models.Case(models.When(role=MembershipRole.LEAD, then=0), default=1), "user__name"
    )
    return Team.objects.prefetch_related(
        "channels", models.Prefetch("memberships", queryset=members)
    )


def channels() -> models.QuerySet[Channel]:
    """All channels in the order the organisation gave them."""
    return Channel.objects.all()


def team_rows(*, q: str = "", kind: str = "") -> models.QuerySet[Team]:
    """Teams for the list, those whose name holds `q`, of one kind or of all."""
    teams = teams_with_people().order_by("kind", "name")
    if kind:
        teams = teams.filter(kind=kind)
    if q:
        names = models.Q()
        for field in ("name", "name_zh_hans", "name_zh_hant", "key", "memberships__user__name"):
            names |= models.Q(**{f"{field}__icontains": q})
        teams = teams.filter(names).distinct()
    return teams


def get_team(key: str) -> Team:
    """The team of that key with its channels and members; raises `NotFound`."""
    team = teams_with_people().filter(key=key).first()
    if team is None:
        raise NotFound(_("There is nothing at this address that you can see."))
    return team
