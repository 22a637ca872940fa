"""Journeys as subjects, and who holds which role on them: the only writer of both.

What a journey says changes only through governance.
"""

from django.db import transaction
from django.utils.translation import gettext as _

import people.services
from cjops.core.errors import Conflict, Invalid
from cjops.core.reactions import announce
from journeys import permissions
from journeys.models import Journey, JourneyGrant
from people.models import Role, Team, User

# Whoever starts a journey answers for it until somebody else is named.
FOUNDING_ROLE = "journey-manager"


@transaction.atomic(savepoint=False)
def create_journey_subject(
    *,
    key: str,
    name: str,
    actor: User,
    is_restricted: bool = False,
    parent: Journey | None = None,
) -> Journey:
    """The row of a journey that is not live; the caller opens the change that makes it so.

    `actor` becomes its journey manager. A key that is taken is the database's `IntegrityError`.
    """
    journey = Journey(key=key, name=name, is_restricted=is_restricted, parent=parent)
    journey._history_user = actor  # type: ignore[attr-defined]
    journey.save(force_insert=True)
    role = Role.objects.filter(key=FOUNDING_ROLE).first()
    if role is not None:
        grant_role(journey=journey, role=role, user=actor, actor=actor)
    return journey


@transaction.atomic(savepoint=True)
def set_access(
    *, journey: Journey, is_restricted: bool, parent: Journey | None, actor: User
) -> None:
    """Say who sees the journey, and which journey it is a part of.

    Raises `Invalid` where it would become a part of itself.
    """
    lock(journey)
    above = parent
    while above is not None:
        if above.pk == journey.pk:
            message = _("A journey cannot be a part of itself.")
            raise Invalid(message, errors={"parent": [message]})
        above = above.parent
    journey.is_restricted = is_restricted
    journey.parent = parent
    journey._history_user = actor  # type: ignore[attr-defined]
    journey.save(update_fields=["is_restricted", "parent", "updated_at"])


@transaction.atomic(savepoint=True)
def grant_role(
    *,
    journey: Journey,
    role: Role,
    actor: User | None,
    user: User | None = None,
    team: Team | None = None,
) -> JourneyGrant:
    """Give a person or a team a role on the journey, and with it the role's rights.

    Granting it twice changes nothing. Raises `Invalid` unless exactly one of both is given.
    """
    if (user is None) == (team is None):
        raise Invalid(_("Grant a role to one person or to one team."))
    lock(journey)
    grant = JourneyGrant.objects.filter(journey=journey, role=role, user=user, team=team).first()
    if grant is None:
        grant = JourneyGrant(journey=journey, role=role, user=user, team=team)
        grant._history_user = actor  # type: ignore[attr-defined]
        grant.save()
    permissions.renew([journey.pk])
    announce("places", journeys=[journey.pk])
    return grant


@transaction.atomic(savepoint=False)
def revoke_role(*, grant: JourneyGrant, actor: User | None) -> None:
    """Take a role back; rights that another grant gives stay."""
    lock(grant.journey)
    grant._history_user = actor  # type: ignore[attr-defined]
    grant.delete()
    permissions.renew([grant.journey_id])
    announce("places", journeys=[grant.journey_id])


@transaction.atomic(savepoint=True)
def save_role(*, role: Role, actor: User | None) -> None:
    """Store a role, and give everybody who holds it the rights it has now. Raises `Invalid`."""
    people.services.save(role, actor=actor)
    journeys = JourneyGrant.objects.filter(role=role).order_by().values_list("journey", flat=True)
    permissions.renew(set(journeys))


@transaction.atomic(savepoint=True)
def delete_role(*, role: Role, actor: User | None) -> None:
    """Delete a role that nobody holds. Raises `Conflict` where somebody does."""
    if role.journey_grants.exists():
        raise Conflict(_("Somebody holds this role. Take it back from everybody first."))
    role._history_user = actor  # type: ignore[attr-defined]
    role.delete()


def lock(journey: Journey) -> None:
    """Hold the journey's row, so that two grants at once do not undo each other's rights."""
    Journey.objects.select_for_update(of=("self",), no_key=True).only("pk").get(pk=journey.pk)
