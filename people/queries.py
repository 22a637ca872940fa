"""Reads about people: who is where, and who leads what."""

from django.db import models
from django.utils.translation import gettext as _

from cjops.core.errors import NotFound
from people.models import Channel, Membership, MembershipRole, Team


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
