""" "I am looking at it": told to the others, so that nobody does the same work twice."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from governance import policies
from governance.models import PickUp
from governance.services.editing import lock_change
from people.models import User


@transaction.atomic(durable=True)
def pick_up(*, number: int, actor: User) -> PickUp:
    """Tell the others that this person is looking at the change, for the next hours.

    Raises `NotFound`; `Forbidden` or `Conflict` where no decision of theirs is wanted.
    """
    change = lock_change(number=number, actor=actor)
    policies.can_pick_up(policies.Standing(actor, change)).require()
    until = timezone.now() + timedelta(hours=settings.CJOPS["HOURS_PICKED_UP"])
    found, _created = PickUp.objects.update_or_create(
        change=change, user=actor, defaults={"until": until}
    )
    return found


@transaction.atomic(durable=True)
def put_down(*, number: int, actor: User) -> None:
    """Take that back; nothing where there is nothing to take back."""
    change = lock_change(number=number, actor=actor)
    change.pick_ups.filter(user=actor).delete()
