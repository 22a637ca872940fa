"""Journeys as subjects: who sees them, and what they are a part of.

What a journey says changes only through governance; roles on it are granted by `people.granting`.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from cjops.core.errors import Invalid
from cjops.core.reactions import announce
from journeys import permissions
from journeys.models import Journey
from people import deriving, granting
from people.models import Role, User

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
    deriving.lock_narrow()
    journey = Journey(key=key, name=name, is_restricted=is_restricted, parent=parent)
    journey._history_user = actor  # type: ignore[attr-defined]
    journey.save(force_insert=True)
    role = Role.objects.filter(key=FOUNDING_ROLE).first()
    if role is not None:
        # By nobody's power but the portal's: whoever begins something answers for it.
        granting.give(role=role, on=granting.on(journey), user=actor, actor=None)
    else:
        permissions.renew([journey.pk])
    return journey


@transaction.atomic(savepoint=True)
def set_access(
    *, journey: Journey, is_restricted: bool, parent: Journey | None, actor: User
) -> None:
    """Say who sees the journey, and which journey it is a part of.

    Raises `Invalid` where it would become a part of itself.
    """
    # A grant on a journey reaches all that is part of it.
    deriving.lock_wide()
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
    moved = {journey.pk, *permissions.parts_of([journey.pk])}
    permissions.renew(moved)
    announce("places", journeys=sorted(moved))


def lock(journey: Journey) -> None:
    """Hold the journey's row."""
    Journey.objects.select_for_update(of=("self",), no_key=True).only("pk").get(pk=journey.pk)
