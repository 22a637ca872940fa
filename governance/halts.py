"""What of a live journey is paused or stopped, and who may do and undo that.

Stopping is never gated: whoever has the right does it at once, without any approval.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import CharField, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

import journeys.policies
from cjops.core.verdicts import YES, Verdict, no
from governance.models import Halt
from journeys.models import Journey, Step
from people.holding import all_rights, rights_everywhere, rights_in
from people.models import Membership, MembershipRole, TeamKind, User

MANAGE, PUBLISH = journeys.policies.MANAGE, journeys.policies.PUBLISH
MANAGE_STEP = journeys.policies.MANAGE_STEP
RIGHT, OPERATIONS, STEP = "right", "operations", "step"


def open_halts(journey: Journey) -> list[Halt]:
    """What is halted of a journey now; the whole of it first."""
    halts = Halt.objects.filter(journey=journey, ended_at=None).select_related("by")
    named = Step.objects.filter(journey=OuterRef("journey"), key=OuterRef("step")).order_by()
    # Its key, where a step is not live any more.
    called = Coalesce(Subquery(named.values("name")[:1]), F("step"), output_field=CharField())
    return list(halts.annotate(step_name=called).order_by("step", "pk"))


def halted_among(journeys: Iterable[Journey]) -> dict[int, list[Halt]]:
    """The same for many journeys, by id; those without a halt are left out."""
    found: dict[int, list[Halt]] = {}
    ids = [journey.pk for journey in journeys]
    for halt in Halt.objects.filter(journey__in=ids, ended_at=None).order_by("step", "pk"):
        found.setdefault(halt.journey_id, []).append(halt)
    return found


def leads_of_step(journey: Journey, step: str) -> set[int]:
    """Ids of the leads of the teams that own a live step."""
    owners = Q(team__steps__journey=journey, team__steps__key=step)
    # The journey names no owner: those who look after the channel are.
    unowned = Step.objects.filter(journey=journey, key=step, team=None)
    owners |= Q(team__channels__in=unowned.values("channel"))
    leads = Membership.objects.filter(owners, role=MembershipRole.LEAD).order_by()
    return set(leads.values_list("user_id", flat=True))


@dataclass
class Brake:
    """What one person may halt of one journey: read at once, when first asked for."""

    user: User
    journey: Journey

    @cached_property
    def _standing(self) -> dict[str, set[str]]:
        """Rights, roles that count for every journey, and steps, as texts: one query."""
        led = Membership.objects.filter(user=self.user, role=MembershipRole.LEAD).order_by()
        operations = led.filter(team__kind=TeamKind.JOURNEY_OPERATIONS)
        owned = Q(team__in=led.values("team"))
        owned |= Q(team=None, channel__steward_teams__in=led.values("team"))
        owned |= Q(pk__in=journeys.policies.steps_held(self.user, MANAGE_STEP))
        steps = self._steps().filter(owned).order_by()
        rights = rights_in(self.user, self.journey, RIGHT)
        found = rights[0].union(
            rights[1],
            operations.values_list("role", Value(OPERATIONS, output_field=CharField())),
            steps.values_list("key", Value(STEP, output_field=CharField())),
        )
        standing: dict[str, set[str]] = {RIGHT: set(), OPERATIONS: set(), STEP: set()}
        for value, mark in found:
            standing[mark].add(value)
        return standing

    @property
    def rights(self) -> frozenset[str]:
        """Codenames the person holds on the journey."""
        everywhere = rights_everywhere(self.user, "journey")
        if everywhere == all_rights("journey"):
            return everywhere
        return everywhere | (all_rights("journey") & self._standing[RIGHT])

    @cached_property
    def holds_all(self) -> bool:
        """Whether the person may halt the whole of it."""
        if MANAGE in self.rights or self.user.has_perm("governance.break_glass"):
            return True
        return bool(self._standing[OPERATIONS])

    @property
    def owned(self) -> set[str]:
        """Keys of the live steps that a team owns which the person leads, or that they were granted
        this on."""
        return self._standing[STEP]

    @property
    def steps(self) -> list[tuple[str, str]]:
        """Keys and names of the live steps that the person may halt, in their order."""
        steps = self._steps() if self.holds_all else self._steps().filter(key__in=self.owned)
        return list(steps.order_by("stage__rank", "rank", "key").values_list("key", "name"))

    @property
    def holds_any(self) -> bool:
        """Whether there is anything they may halt."""
        return self.holds_all or bool(self.owned)

    def _steps(self) -> QuerySet[Step]:
        return Step.objects.filter(journey=self.journey)


def brake_of(user: User, journey: Journey) -> Brake:
    """The same brake for all that a page shows of a journey."""
    known: Any = journey.__dict__
    brake: Brake | None = known.get("_brake")
    if brake is None or brake.user.pk != user.pk:
        brake = known["_brake"] = Brake(user, journey)
    return brake


def can_halt(brake: Brake, step: str = "") -> Verdict:
    """May the person pause or stop the journey, or one step of it?"""
    if brake.holds_all or (step and step in brake.owned):
        return YES
    if step:
        return no(
            _(
                "Only the journey manager, journey operations or a lead of the team that owns the "
                "step may halt it."
            )
        )
    return no(_("Only the journey manager or journey operations may halt this journey."))


def can_resume(brake: Brake, halt: Halt) -> Verdict:
    """May the person let go on what is halted? After a stop, somebody who may publish."""
    verdict = can_halt(brake, halt.step)
    if not verdict:
        return no(_("Only somebody who may halt it lets it go on again."))
    if halt.kind == Halt.Kind.STOP and PUBLISH not in brake.rights:
        return no(_("It was stopped. Only somebody who may publish here lets it go on."))
    return verdict
