"""Journeys as subjects: who sees them, and what they are a part of.

What a journey says changes only through governance; roles on it are granted by `people.granting`.
"""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from cjops.core import auditing
from cjops.core.errors import Invalid
from cjops.core.reactions import announce
from journeys import permissions
from journeys.models import Journey
from people import deriving, events, granting
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
    before = lock(journey)
    # As stored under the lock: two may each make one a part of the other.
    if parent is not None and is_part_of(parent.pk, journey.pk):
        message = _("A journey cannot be a part of itself.")
        raise Invalid(message, errors={"parent": [message]})
    journey.is_restricted = is_restricted
    journey.parent = parent
    journey._history_user = actor  # type: ignore[attr-defined]
    journey.save(update_fields=["is_restricted", "parent", "updated_at"])
    was, now = _access_of(before), _access_of(journey)
    if was != now:
        told = {"before": was, "after": now}
        auditing.note(events.SUBJECT_ACCESS, actor=actor, about=journey, data=told)
    moved = {journey.pk, *permissions.parts_of([journey.pk])}
    permissions.renew(moved)
    announce("places", journeys=sorted(moved))


def is_part_of(journey: int, whole: int) -> bool:
    """Whether a journey is the other one, or is below it; by ids, as they are stored."""
    seen: set[int] = set()
    above: int | None = journey
    # A circle that is there already comes to an end too.
    while above is not None and above not in seen:
        if above == whole:
            return True
        seen.add(above)
        rows = Journey.objects.filter(pk=above).order_by()
        above = rows.values_list("parent_id", flat=True).first()
    return False


def lock(journey: Journey) -> Journey:
    """Hold the journey's row; who sees it and what it is a part of, as stored."""
    rows = Journey.objects.select_for_update(of=("self",), no_key=True)
    return rows.only("is_restricted", "parent").get(pk=journey.pk)


def _access_of(journey: Journey) -> dict[str, Any]:
    return {"is_restricted": journey.is_restricted, "parent": journey.parent_id}
