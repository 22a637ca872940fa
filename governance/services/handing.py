"""What somebody who left leaves behind: open changes, roles and delegations go on without them."""

from dataclasses import dataclass

from django.db import transaction

import people.services
from governance import queries
from governance.models import Change
from governance.policies import Standing
from governance.services.delegating import end_delegations_of
from governance.services.recording import record
from governance.transitions import OPEN_STATES, Action
from people import granting
from people.models import Membership, User


@dataclass(frozen=True, slots=True)
class Handed:
    """How much changed hands, and how many open changes stay: the successor may not edit them."""

    changes: int
    kept: int
    roles: int
    delegations: int

    @property
    def changed_hands(self) -> bool:
        """Whether there was anything that did."""
        return bool(self.changes or self.roles or self.delegations)


def hand_over(*, person: int, successor: int | None, actor: int | None) -> Handed:
    """Hand on what an inactive person owned; done again, there is nothing left to do.

    Roles and each change in transactions of their own: whoever publishes a change locks it first
    and waits for roles then.
    """
    who = User.objects.in_bulk([pk for pk in (person, successor, actor) if pk is not None])
    giver, taker, by = who.get(person), who.get(successor or 0), who.get(actor or 0)
    if giver is None or giver.is_active:
        # Switched on again before this task ran.
        return Handed(0, 0, 0, 0)
    with transaction.atomic(durable=True):
        ended = end_delegations_of(giver, by or giver)
    if taker is None or not taker.is_active:
        return Handed(0, 0, 0, ended)
    # First the roles: they let the successor edit what comes next.
    roles = hand_over_roles(giver=giver, taker=taker, actor=by)
    open_ones = Change.objects.filter(author=giver, state__in=OPEN_STATES).order_by("pk")
    numbers = list(open_ones.values_list("pk", flat=True))
    changes = sum(_hand_over_change(number, giver, taker, by) for number in numbers)
    return Handed(changes, len(numbers) - changes, roles, ended)


@transaction.atomic(durable=True)
def hand_over_roles(*, giver: User, taker: User, actor: User | None) -> int:
    """Give the successor the roles and the teams of the person who left; how many these were.

    The one place where roles change hands, for whatever gives roles.
    """
    roles = granting.hand_over(giver=giver, taker=taker, actor=actor)
    places = list(giver.memberships.select_related("team").order_by("pk"))
    for place in places:
        if not Membership.objects.filter(team=place.team, user=taker, role="lead").exists():
            people.services.set_membership(
                team=place.team, user=taker, role=place.role, actor=actor
            )
        people.services.remove_membership(team=place.team, user=giver, actor=actor)
    return roles + len(places)


@transaction.atomic(durable=True)
def _hand_over_change(number: int, giver: User, taker: User, actor: User | None) -> bool:
    """Make the successor the author of an open change, if they may propose there."""
    rows = queries.with_live(Change.objects.select_for_update(of=("self",), no_key=True))
    change = rows.filter(pk=number, author=giver, state__in=OPEN_STATES).first()
    if change is None or "propose" not in Standing(taker, change).rights:
        return False
    change.author = taker
    change.save(update_fields=["author"])
    record(
        change=change,
        action=Action.HAND_OVER,
        actor=actor,
        from_state=change.state,
        data={"from": giver.pk, "to": taker.pk},
    )
    return True
