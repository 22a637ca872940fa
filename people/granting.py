"""Grants of roles, and what is derived from them: the only writer of both.

What a grant gives is in guardian's rows, in the roles on journeys and in the readers of restricted
subjects. All of it is written in the transaction of the grant. The apps of the subjects say how
theirs is derived (`deriving.register`); `manage.py check_grants` compares and repairs.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

import people.services
from cjops.core import auditing
from cjops.core.errors import Conflict, Forbidden, Invalid
from cjops.core.reactions import announce
from people import deriving, events, queries, rights
from people.models import NAMES_JOURNEY, Grant, Role, Scope, Team, User

WIDE = (Scope.EVERYTHING, Scope.MARKET, Scope.PRODUCT_LINE, Scope.FAMILY)
# Beyond so many the beat looks at all decisions anyway, before a message about each would be read.
ANNOUNCED = 2_000
AT_A_TIME = 5_000


@dataclass(frozen=True, slots=True)
class Reach:
    """What a role is granted on: columns of a grant."""

    scope: str
    columns: dict[str, Any] = field(default_factory=dict)


EVERYTHING = Reach(Scope.EVERYTHING)


def on(subject: models.Model) -> Reach:
    """One journey, asset or taxonomy."""
    kind = str(subject._meta.model_name)
    return Reach(Scope(kind), {kind: subject})


def on_family(journey: models.Model) -> Reach:
    """A journey and all that is part of it, now or later."""
    return Reach(Scope.FAMILY, {"journey": journey})


def on_step(journey: models.Model, step: str) -> Reach:
    """One step of a journey, by its key."""
    return Reach(Scope.STEP, {"journey": journey, "step": step})


def on_market(name: str) -> Reach:
    """All journeys of a market, now or later."""
    return Reach(Scope.MARKET, {"place": name})


def on_product_line(name: str) -> Reach:
    """All journeys of a product line, now or later."""
    return Reach(Scope.PRODUCT_LINE, {"place": name})


@transaction.atomic(savepoint=True)
def give(
    *,
    role: Role,
    on: Reach,
    actor: User | None,
    user: User | None = None,
    team: Team | None = None,
    ends_at: datetime | None = None,
    reason: str = "",
    at_least: bool = False,
) -> Grant:
    """Grant a role to a person or a team. Granted again, only its end is set anew; with `at_least`
    a later end stays.

    Raises `Invalid` unless exactly one of both is given and the end lies ahead, `Forbidden` for
    what `actor` may not give (see `may_give`), and `Conflict` for a role that is gone.
    """
    if (user is None) == (team is None):
        raise Invalid(_("Grant a role to one person or to one team."))
    if ends_at is not None and ends_at <= timezone.now():
        message = _("The end of a grant lies in the future. To end it now, take it back.")
        raise Invalid(message, errors={"ends_at": [message]})
    _lock(on.scope, on.columns)
    role = _current(role)
    refuse_powers(role, actor)
    _refuse_own(on.scope, user, actor)
    columns = {"role": role, "user": user, "team": team, "scope": on.scope}
    place = {"place": "", "step": "", "journey": None, "asset": None, "taxonomy": None}
    known = Grant.objects.filter(**columns, **(place | on.columns)).first()
    if known is not None and known.is_in_force and _lasts(known, ends_at, at_least=at_least):
        return known
    grant = known or Grant(**columns, **(place | on.columns))
    grant.ends_at, grant.is_over = ends_at, False
    grant._change_reason = reason[:100]  # type: ignore[attr-defined]
    people.services.save(grant, actor=actor)
    auditing.note(events.GRANT_GIVEN, actor=actor, about=grant, data=_said(grant), reason=reason)
    _renew([grant])
    return grant


@transaction.atomic(savepoint=True)
def take_back(*, grant: Grant, actor: User | None, reason: str = "") -> None:
    """Take a role back; rights that another grant gives stay. Raises `Forbidden` as `give`.

    One that somebody else has taken back meanwhile is left alone.
    """
    refuse_powers(grant.role, actor)
    _lock(grant.scope, {"journey": grant.journey, "asset": grant.asset, "taxonomy": grant.taxonomy})
    if not Grant.objects.filter(pk=grant.pk).exists():
        return
    reached = {kind: one.reached([grant]) for kind, one in deriving.derived().items()}
    grant._history_user = actor  # type: ignore[attr-defined]
    grant._change_reason = reason[:100]  # type: ignore[attr-defined]
    auditing.note(
        events.GRANT_TAKEN_BACK, actor=actor, about=grant, data=_said(grant), reason=reason
    )
    grant.delete()
    _renew_reached(reached, [grant])


@transaction.atomic(savepoint=True)
def end_due(*, now: datetime | None = None) -> int:
    """Take away what grants gave that have come to their end; how many did."""
    overdue = Grant.objects.filter(ends_at__lte=now or timezone.now(), is_over=False)
    if not overdue.exists():
        return 0
    deriving.lock_wide()
    ended = list(overdue.select_for_update(of=("self",), no_key=True).order_by("pk"))
    for grant in ended:
        grant.is_over = True
        grant._history_user = None  # type: ignore[attr-defined]
        grant.save(update_fields=["is_over"])
        auditing.note(events.GRANT_ENDED, actor=None, about=grant, data=_said(grant))
    _renew(ended)
    return len(ended)


def end_due_of(person: User) -> None:
    """The same before somebody looks at what this person may do."""
    if queries.overdue_grants(person.pk).exists():
        end_due()


@transaction.atomic(savepoint=True)
def hand_over(*, giver: User, taker: User, actor: User | None, reason: str = "") -> int:
    """Give all roles that a person holds by themselves to another one; how many those were.

    What `actor` may not give to them is only taken back.
    """
    held = Grant.objects.filter(user=giver).in_force().select_related("role")
    if held.filter(scope__in=WIDE).exists():
        # Before any narrow one: two who go from one lock to the other wait for each other.
        deriving.lock_wide()
    moved = list(held.order_by("pk"))
    for grant in moved:
        columns = {
            name: getattr(grant, name)
            for name in ("place", "step", "journey", "asset", "taxonomy")
            if getattr(grant, name)
        }
        reach = Reach(grant.scope, columns)
        if may_hand_out(grant.role, actor) and may_give(grant.scope, taker, actor):
            # What the successor holds already is not cut short by what they are given.
            give(
                role=grant.role, on=reach, user=taker, ends_at=grant.ends_at, actor=actor,
                reason=reason, at_least=True,
            )  # fmt: skip
            take_back(grant=grant, actor=actor, reason=reason)
        else:
            take_back(grant=grant, actor=None, reason=reason)
    return len(moved)


@transaction.atomic(savepoint=True)
def save_role(*, role: Role, actor: User | None) -> None:
    """Store a role, and give everybody who holds it the rights it has now.

    Raises `Invalid`, and `Forbidden` for powers over the portal that `actor` may not hand out.
    """
    deriving.lock_wide()
    before = Role.objects.filter(pk=role.pk).first() if role.pk else None
    if before is None or before.permissions != role.permissions:
        for one in filter(None, (before, role)):
            refuse_powers(one, actor)
    people.services.save(role, actor=actor)
    data = {"role": role.key, "permissions": list(role.permissions)}
    auditing.note(events.ROLE_SAVED, actor=actor, about=role, data=data)
    if before is not None and before.permissions != role.permissions:
        _renew(role.grants.all())


@transaction.atomic(savepoint=True)
def delete_role(*, role: Role, actor: User | None) -> None:
    """Delete a role that nobody holds. Raises `Conflict` where somebody does, or it is gone."""
    # Whoever gives a role holds this too, so that none is given while it is deleted.
    deriving.lock_wide()
    refuse_powers(_current(role), actor)
    if role.grants.exists():
        raise Conflict(_("Somebody holds this role. Take it back from everybody first."))
    auditing.note(events.ROLE_DELETED, actor=actor, about=role, data={"role": role.key})
    role._history_user = actor  # type: ignore[attr-defined]
    role.delete()


@transaction.atomic(savepoint=True)
def renew_all() -> dict[str, set[int]]:
    """Derive everything anew, the groups of teams too; by kind the ids of the subjects and teams of
    which something was not right."""
    deriving.lock_wide()
    wrong = {"team": deriving.renew_groups()}
    for kind, one in deriving.derived().items():
        rows: Any = one.model._default_manager
        ids = list(rows.order_by("pk").values_list("pk", flat=True))
        wrong[kind] = set()
        for start in range(0, len(ids), AT_A_TIME):
            wrong[kind] |= one.renew(ids[start : start + AT_A_TIME])
    return wrong


def may_hand_out(role: Role, actor: User | None) -> bool:
    """Whether `actor` (None: the portal) may give and take this role; powers only superusers."""
    powers = {right.codename for right in rights.of_kind("portal")}
    return actor is None or actor.is_superuser or not powers.intersection(role.permissions)


def refuse_powers(role: Role, actor: User | None) -> None:
    """Raise `Forbidden` where `actor` may not."""
    if not may_hand_out(role, actor):
        raise Forbidden(_("Only a superuser hands out roles with powers over the portal."))


def may_give(scope: str, user: User | None, actor: User | None) -> bool:
    """Whether `actor` (None: the portal) may give a role so far, to that person. Only superusers
    give one on everything, or give one to themselves."""
    if actor is None or actor.is_superuser:
        return True
    return scope != Scope.EVERYTHING and (user is None or user.pk != actor.pk)


def _refuse_own(scope: str, user: User | None, actor: User | None) -> None:
    if may_give(scope, user, actor):
        return
    if scope == Scope.EVERYTHING:
        raise Forbidden(_("Only a superuser grants a role on everything."))
    raise Forbidden(_("Nobody grants a role to themselves. Ask another administrator."))


def _current(role: Role) -> Role:
    """The role as it is stored now; read under the lock that `delete_role` waits for."""
    found = Role.objects.filter(pk=role.pk).first()
    if found is None:
        raise Conflict(_("This role was deleted meanwhile."))
    return found


def _lasts(grant: Grant, ends_at: datetime | None, *, at_least: bool) -> bool:
    """Whether the grant ends just then, or with `at_least` not before."""
    if grant.ends_at == ends_at:
        return True
    return at_least and (grant.ends_at is None or (ends_at is not None and grant.ends_at > ends_at))


def _lock(scope: str, columns: dict[str, Any]) -> None:
    """Hold what two grants at once would both change."""
    if scope in WIDE:
        deriving.lock_wide()
        return
    deriving.lock_narrow()
    subject = next(one for one in columns.values() if isinstance(one, models.Model))
    rows: Any = type(subject)._default_manager
    rows.select_for_update(of=("self",), no_key=True).only("pk").get(pk=subject.pk)


def _renew(grants: Iterable[Grant]) -> None:
    found = list(grants)
    _renew_reached({kind: one.reached(found) for kind, one in deriving.derived().items()}, found)


def _renew_reached(reached: dict[str, Collection[int]], grants: list[Grant]) -> None:
    for kind, ids in reached.items():
        if ids:
            deriving.derived()[kind].renew(ids)
    journeys = sorted(reached.get("journey", ()))
    announce(
        "places",
        journeys=journeys if len(journeys) <= ANNOUNCED else [],
        people=sorted({one.user_id for one in grants if one.user_id}),
        teams=sorted({one.team_id for one in grants if one.team_id}),
    )


def _said(grant: Grant) -> dict[str, Any]:
    """A grant as codes and ids."""
    found = {
        "role": grant.role.key,
        "user": grant.user_id,
        "team": grant.team_id,
        "scope": str(grant.scope),
        "place": grant.place,
        "journey": grant.journey_id if grant.scope in NAMES_JOURNEY else None,
        "step": grant.step,
        "asset": grant.asset_id,
        "taxonomy": grant.taxonomy_id,
        "ends_at": grant.ends_at.isoformat() if grant.ends_at else None,
    }
    return {name: value for name, value in found.items() if value not in (None, "")}
