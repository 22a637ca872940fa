"""What of a live journey is paused or stopped, and who may do and undo that.

Stopping is never gated: whoever has the right does it at once, without any approval.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

import journeys.policies
from cjops.core.verdicts import YES, Verdict, no
from governance.models import Halt
from journeys.models import Journey, Step
from people.models import Membership, MembershipRole, TeamKind, User

MANAGE, PUBLISH = journeys.policies.MANAGE, journeys.policies.PUBLISH


def open_halts(journey: Journey) -> list[Halt]:
    """What is halted of a journey now; the whole of it first."""
    halts = Halt.objects.filter(journey=journey, ended_at=None).select_related("by")
    return list(halts.order_by("step", "pk"))


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
    """What one person may halt of one journey. Each answer is read when first asked for."""

    user: User
    journey: Journey

    @cached_property
    def rights(self) -> frozenset[str]:
        """Codenames the person holds on the journey."""
        return journeys.policies.rights_on(self.user, self.journey)

    @cached_property
    def holds_all(self) -> bool:
        """Whether the person may halt the whole of it."""
        if MANAGE in self.rights or self.user.has_perm("governance.break_glass"):
            return True
        return self.user.memberships.filter(
            role=MembershipRole.LEAD, team__kind=TeamKind.JOURNEY_OPERATIONS
        ).exists()

    @cached_property
    def owned(self) -> set[str]:
        """Keys of the live steps that a team owns which the person leads."""
        led = Membership.objects.filter(user=self.user, role=MembershipRole.LEAD).values("team")
        owned = Q(team__in=led) | Q(team=None, channel__steward_teams__in=led)
        return set(self._steps().filter(owned).order_by().values_list("key", flat=True))

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
    if verdict and halt.kind == Halt.Kind.STOP and PUBLISH not in brake.rights:
        return no(_("It was stopped. Only somebody who may publish here lets it go on."))
    return verdict
