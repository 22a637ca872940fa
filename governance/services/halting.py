"""Pausing and stopping what is live, and letting it go on: at once, and never gated."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _

from cjops.core.errors import Conflict, Invalid, NotFound
from governance import halts
from governance.models import Halt, LedgerEntry, NotificationKind
from governance.services.opening import clean_text
from governance.services.recording import record_live, tell
from governance.services.repeating import Repeat, answered, remember
from governance.transitions import Action
from journeys.models import Journey, JourneyRole, JourneyVersion, Step
from people.models import Membership, User

ACTIONS = {Halt.Kind.PAUSE: Action.PAUSE, Halt.Kind.STOP: Action.STOP}


@transaction.atomic(durable=True)
def halt(
    *,
    journey_key: str,
    kind: str,
    actor: User,
    step: str = "",
    reason: str = "",
    repeat: Repeat | None = None,
) -> LedgerEntry:
    """Pause or stop a live journey, or one step of it.

    What is paused can be stopped, without going on in between. Raises `NotFound` (missing,
    invisible, or no such step is live), `Conflict` (not live, or halted already), `Forbidden` (no
    right), `Invalid` (bad input).
    """
    journey = _locked(journey_key, actor)
    before = answered(actor, repeat)
    if before is not None and before.entry is not None:
        return before.entry
    if kind not in Halt.Kind.values:
        raise Invalid(_("Pause it, or stop it?"), errors={"kind": [_("Use “pause” or “stop”.")]})
    reason = clean_text(reason, "reason")
    if journey.live_version is None:
        raise Conflict(_("This journey is not live, so there is nothing to halt."))
    name = _name_of(journey, step)
    halts.can_halt(halts.Brake(actor, journey), step).require()
    now = timezone.now()
    already = Halt.objects.filter(journey=journey, step=step, ended_at=None).first()
    if already is not None:
        if (already.kind, kind) != (Halt.Kind.PAUSE, Halt.Kind.STOP):
            raise Conflict(_("It is halted already."), code="halted")
        already.ended_by, already.ended_at = actor, now
        already.save(update_fields=["ended_by", "ended_at"])
    Halt.objects.create(journey=journey, step=step, kind=kind, reason=reason, by=actor, at=now)
    return _recorded(journey, ACTIONS[Halt.Kind(kind)], actor, reason, step, name, repeat)


@transaction.atomic(durable=True)
def resume(
    *,
    journey_key: str,
    actor: User,
    step: str = "",
    reason: str = "",
    repeat: Repeat | None = None,
) -> LedgerEntry:
    """Let a halted journey, or a halted step of it, go on.

    Raises `NotFound` (missing or invisible), `Conflict` (it is not halted), `Forbidden` (no
    right; after a stop that of publishing), `Invalid` (bad input).
    """
    journey = _locked(journey_key, actor)
    before = answered(actor, repeat)
    if before is not None and before.entry is not None:
        return before.entry
    reason = clean_text(reason, "reason")
    found = next((one for one in halts.open_halts(journey) if one.step == step), None)
    if found is None:
        raise Conflict(_("It is not halted."), code="not_halted")
    halts.can_resume(halts.Brake(actor, journey), found).require()
    found.ended_by, found.ended_at = actor, timezone.now()
    found.save(update_fields=["ended_by", "ended_at"])
    # The step may be gone by now.
    name = _names(journey).get(step, step)
    return _recorded(journey, Action.RESUME, actor, reason, step, name, repeat)


def _locked(key: str, actor: User) -> Journey:
    """The journey with its live version, locked: of two people who halt it one is told so."""
    journey = (
        Journey.objects.visible_to(actor)
        .select_for_update(of=("self",), no_key=True)
        # Read when the lock is held: a row joined to one that moved meanwhile would be missing.
        .prefetch_related(Prefetch("live_version", JourneyVersion.objects.defer("document")))
        .filter(key=key)
        .first()
    )
    if journey is None:
        raise NotFound(_("There is nothing at this address that you can see."))
    return journey


def _name_of(journey: Journey, step: str) -> str:
    if not step:
        return ""
    name = _names(journey).get(step)
    if name is None:
        raise NotFound(_("The live version has no step of this key."))
    return name


def _names(journey: Journey) -> dict[str, str]:
    """The names of the live steps. All of them, so that no odd key gets as far as the database."""
    return dict(Step.objects.filter(journey=journey).order_by().values_list("key", "name"))


def _recorded(
    journey: Journey,
    action: Action,
    actor: User,
    reason: str,
    step: str,
    name: str,
    repeat: Repeat | None,
) -> LedgerEntry:
    entry = record_live(
        journey=journey,
        action=action,
        actor=actor,
        reason=reason,
        data={"step": step, "step_name": name} if step else {},
    )
    people = set(_answering(journey))
    if step:
        people |= halts.leads_of_step(journey, step)
    tell(entry=entry, kind=NotificationKind.HALTED, people=people, but=actor)
    remember(actor, repeat, entry=entry)
    return entry


def _answering(journey: Journey) -> Iterable[int]:
    """Ids of the people who answer for a journey, by themselves or in a team."""
    owners = JourneyRole.objects.filter(journey=journey, role__is_owner=True).order_by()
    yield from owners.filter(user__isnull=False).values_list("user_id", flat=True)
    teams = owners.filter(team__isnull=False).values("team")
    yield from Membership.objects.filter(team__in=teams).values_list("user_id", flat=True)
