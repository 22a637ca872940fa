"""Reads about people: who is where, and who leads what."""

from typing import Any

from django.db import models
from django.db.models import Func, Q
from django.utils.translation import gettext as _

from cjops.core.errors import NotFound
from people.models import Channel, Grant, Membership, MembershipRole, Scope, Team, User
from people.rights import of_kind


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


def codes_everywhere(user: Any) -> models.QuerySet[Grant, Any]:
    """Codenames (as `code`) of what roles that are granted on everything give a person (an id),
    by themselves or through a team."""
    held = Q(user=user) | Q(team__memberships__user=user)
    code = Func("role__permissions", function="unnest", output_field=models.TextField())
    there = Grant.objects.filter(held, scope=Scope.EVERYTHING).in_force().order_by()
    return there.annotate(code=code).values("code")


def overdue_grants(user: Any) -> models.QuerySet[Grant]:
    """Grants of a person (an id) and of their teams that have come to their end just now."""
    held = Q(user=user) | Q(team__memberships__user=user)
    return Grant.objects.overdue().filter(held)


def who_may(*codenames: str) -> models.QuerySet[Any, Any]:
    """Ids of the people who hold any of these rights (of `people.rights`) everywhere, as one
    subquery. Superusers, who hold all, are left out."""
    people = User.objects.order_by()
    found: list[models.QuerySet[Any, Any]] = []
    # Django's own rows count for powers; over subjects only grants give rights.
    for right in (one for one in of_kind("portal") if one.codename in codenames):
        for path in ("user_permissions", "groups__permissions"):
            row = {f"{path}__codename": right.codename}
            row[f"{path}__content_type__app_label"] = right.app
            found.append(people.filter(**row).values("pk"))
    given = Grant.objects.filter(
        scope=Scope.EVERYTHING, role__permissions__overlap=list(codenames)
    ).in_force()
    found.append(given.filter(user__isnull=False).order_by().values("user"))
    members = given.filter(team__memberships__isnull=False).order_by()
    found.append(members.values("team__memberships__user"))
    return found[0].union(*found[1:])


def may_manage(actor: User, person: User) -> bool:
    """Whether `actor` may manage the account: its address, password and second factors. That of a
    superuser, or of somebody with powers over the portal, only superusers: else whoever may manage
    accounts could sign in with those powers."""
    if actor.is_superuser:
        return True
    powerful = who_may(*(right.codename for right in of_kind("portal")))
    safe = User.objects.filter(pk=person.pk, is_superuser=False).exclude(pk__in=powerful)
    return safe.exists()
