"""Storing who has to decide on a revision, opening rounds, and counting what was decided."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils import timezone

from governance import gathering, queries, rules
from governance.matching import Demand, lacking
from governance.models import (
    Change,
    FactSheet,
    Requirement,
    RequirementSource,
    Review,
    SourceKind,
)
from governance.proposals import Proposal
from governance.services.locking import share_policies
from people.calendars import (
    Calendar,
    add_working_hours,
    calendars_of_teams,
    default_calendar,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """The requirements of a revision.

    `keys` are those of all; `waiting` by key of those that wait for somebody now whom they wait for
    (ids), `newly` the people who were not asked before. `due_at` is when the first is due.
    """

    keys: list[str]
    waiting: dict[str, set[int]]
    newly: set[int]
    due_at: datetime | None
    found: rules.Rulings
    # Keys of those that nobody is left to meet.
    stuck: frozenset[str] = frozenset()

    @property
    def people(self) -> set[int]:
        """All whom it waits for."""
        return set().union(*self.waiting.values())


def ask(
    change: Change,
    proposal: Proposal,
    *,
    keep: int | None = None,
    strict: bool = True,
) -> Asked:
    """Store who has to decide on the newest revision; decisions that still hold are carried over.

    `keep` is the revision whose requirements go on where they have the same key: what was asked
    then is due as it was. Raises `Conflict` where no policy asks anybody or, unless not `strict`,
    nobody could decide.
    """
    # Nobody changes the policies before what they ask is stored.
    share_policies()
    editors = queries.editor_ids(change)
    found = rules.rulings_on(change, proposal, editors)
    if strict:
        found.require()
    asked = store(change, found, editors, keep=keep)
    if strict:
        # What was approved in another place does not count for those who are asked now.
        replace(found, stuck=asked.stuck).require()
    return asked


def store(
    change: Change, found: rules.Rulings, editors: set[int], *, keep: int | None = None
) -> Asked:
    """Write what was found as the requirements of the newest revision, in place of earlier ones."""
    last: dict[str, Requirement] = {}
    # Nobody has decided on what was never submitted.
    verdicts: list[Review] = []
    if change.submitted_at is not None:
        asked = change.requirements.order_by("revision", "pk").prefetch_related("sources")
        last = {one.key: one for one in asked}
        change.requirements.filter(revision=change.revision).delete()
        verdicts = queries.verdicts_on(change)
    before = {key: one for key, one in last.items() if one.revision == keep}
    requirements = _rows(change, found, before, last)
    able = {
        one.key: staying(one, draft) for one, draft in zip(requirements, found.drafts, strict=True)
    }
    settled = count(requirements, verdicts, editors, able, Times(requirements, found))
    stuck = stuck_among(requirements, found.drafts)
    for one in requirements:
        one.stuck_at = timezone.now() if one.key in stuck else None
    _write(requirements, found)
    _write_sheet(change, found)
    # The caller writes it together with what follows from this.
    change.policy_stamp = found.stamp
    people = {draft.key: set(draft.people) for draft in found.drafts}
    waiting = {one.key: people[one.key] for one in requirements if one.key in settled.asked}
    newly: set[int] = set()
    for key, asked_now in waiting.items():
        if key not in before or before[key].opened_at is None or before[key].met_at is not None:
            newly |= asked_now
    due = [one.due_at for one in requirements if one.key in waiting and one.due_at]
    keys = [one.key for one in requirements]
    return Asked(keys, waiting, newly, min(due, default=None), found, stuck)


def stuck_among(
    requirements: Iterable[Requirement], drafts: Iterable[rules.Draft]
) -> frozenset[str]:
    """Keys of those that nobody is left to meet, counting who has approved and still counts."""
    by_key = {draft.key: draft for draft in drafts}
    rows = {one.key: one for one in requirements}
    demands = {
        key: Demand(one.quorum, staying(one, by_key[key]).union(one.approved_by), one.distinct)
        for key, one in rows.items()
    }
    return frozenset(key for key in lacking(demands) if rows[key].met_at is None)


def evidence(asked: Asked) -> dict[str, Any]:
    """What the ledger says of who was asked: keys, the policies' versions, and what matched."""
    return {
        "requirements": asked.keys,
        "policies": sorted({draft.version for draft in asked.found.drafts if draft.version}),
        "why": {draft.key: list(draft.matched) for draft in asked.found.drafts},
    }


def staying(requirement: Requirement, draft: rules.Draft) -> frozenset[int]:
    """Who may meet it now, those who were asked when it was late among them."""
    late = [one.people for one in draft.sources if one.kind == SourceKind.ESCALATION]
    return draft.people.union(*late) if requirement.escalated_at else draft.people


def asks_others(earlier: Requirement | None, draft: rules.Draft) -> bool:
    """Whether people of other places are asked than when it was last asked under that key.

    `earlier` comes with its sources prefetched.
    """
    if earlier is None:
        return False
    return earlier.is_asked_of_others or asked_of(earlier) != draft.asked_of(SourceKind.ASKED)


def asked_of(requirement: Requirement, *kinds: str) -> frozenset[object]:
    """As `rules.Draft.asked_of` of what was stored."""
    wanted = kinds or (SourceKind.ASKED,)
    return frozenset(
        (s.channel_id, s.team_id, s.role_id, s.user_id, s.with_members, str(s.kind))
        for s in requirement.sources.all()
        if s.kind in wanted
    )


def _rows(
    change: Change,
    found: rules.Rulings,
    before: dict[str, Requirement],
    last: dict[str, Requirement],
) -> list[Requirement]:
    """The requirements, not stored."""
    requirements = []
    for draft in found.drafts:
        row = Requirement(
            change=change,
            revision=change.revision,
            key=draft.key,
            params={**draft.params, TIMING: _timing(draft)},
            label=draft.label,
            policy_id=draft.version,
            matched=list(draft.matched),
            hunks=list(draft.hunks),
            quorum=draft.need.quorum,
            round=draft.need.round,
            distinct=draft.need.distinct,
            leavers_fall=draft.need.leavers == "fall",
            is_asked_of_others=asks_others(last.get(draft.key), draft),
        )
        earlier = before.get(draft.key)
        if earlier is not None and earlier.opened_at:
            kept = _KEPT if earlier.met_at is None else ("escalated_at",)
            for name in kept:
                setattr(row, name, getattr(earlier, name))
        requirements.append(row)
    return requirements


def _write(requirements: list[Requirement], found: rules.Rulings) -> None:
    Requirement.objects.bulk_create(requirements)
    RequirementSource.objects.bulk_create(
        [
            RequirementSource(
                requirement=requirement,
                kind=source.kind,
                channel=source.channel,
                team=source.team,
                role=source.role,
                user=source.user,
                with_members=source.with_members,
            )
            for requirement, draft in zip(requirements, found.drafts, strict=True)
            for source in draft.sources
        ]
    )


# What goes on from one revision to the next while the same decision is waited for.
_KEPT = ("opened_at", "due_at", "remind_at", "reminded_at", "escalate_at", "escalated_at")


def _write_sheet(change: Change, found: rules.Rulings) -> None:
    row = gathering.to_row(change, found.sheet, timezone.now())
    FactSheet.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["change", "revision"],
        update_fields=["taken_at", "facts", "parts"],
    )


class Times:
    """When decisions are due that are asked now, on the calendars of those who are asked.

    Reads the calendars when the first is asked for.
    """

    def __init__(
        self, requirements: Iterable[Requirement], found: rules.Rulings | None = None
    ) -> None:
        self.teams = {team for one in requirements for team in one.params[TIMING]["teams"]}
        self.found = found if found and found.calendars is not None else None

    @cached_property
    def calendars(self) -> dict[int, Calendar | None]:
        if self.found is not None and self.found.calendars is not None:
            return self.found.calendars
        return calendars_of_teams(self.teams)

    @cached_property
    def default(self) -> Calendar | None:
        return self.found.default_calendar if self.found is not None else default_calendar()

    def start(self, requirement: Requirement, now: datetime) -> None:
        """Set when it is due, when to remind and when to escalate, counted from now."""
        timing = requirement.params[TIMING]
        calendars = [self.calendars[team] for team in timing["teams"]] or [self.default]
        hours, remind, escalate = timing["hours"], timing["remind"], timing["escalate"]
        requirement.opened_at = now
        requirement.due_at = _last(now, hours, calendars)
        requirement.remind_at = _last(now, remind, calendars) if remind is not None else None
        requirement.escalate_at = None
        if escalate is not None:
            requirement.escalate_at = _last(now, hours + escalate, calendars)

    def complete(self, requirement: Requirement) -> None:
        """Set when to escalate what was asked while its policy did not say so yet."""
        escalate = requirement.params[TIMING]["escalate"]
        if escalate is not None and requirement.escalate_at is None and requirement.opened_at:
            asked, hours = requirement.opened_at, requirement.params[TIMING]["hours"]
            calendars = [self.calendars[team] for team in requirement.params[TIMING]["teams"]]
            requirement.escalate_at = _last(asked, hours + escalate, calendars or [self.default])


# The member of a requirement's `params` that says how its time is counted.
TIMING = "timing"


def _timing(draft: rules.Draft) -> dict[str, Any]:
    need = draft.need
    return {
        "hours": need.hours,
        "remind": need.remind_after,
        "escalate": need.escalate.after if need.escalate else None,
        "teams": sorted({team for source in draft.sources for team in source.teams}),
    }


def _last(start: datetime, hours: float, calendars: Iterable[Calendar | None]) -> datetime:
    """Where several teams are asked, nobody is late while one of them is at home."""
    return max(add_working_hours(start, hours, calendar) for calendar in calendars)


def still_there(
    change: Change, requirements: list[Requirement], editors: set[int]
) -> dict[str, set[int]]:
    """By key of the requirements for which it matters who may meet them now, who they are: of some
    only the word of those asked counts, of others different people have to be found."""
    groups = Counter(one.distinct for one in requirements if one.distinct)
    falling = [one for one in requirements if queries.needs_place(one) or groups[one.distinct] > 1]
    if not falling:
        return {}
    prefetch_related_objects(falling, "sources")
    able = queries.deciders(falling, change, editors)
    return {one.key: {user.pk for user in able[one.pk]} for one in falling}


@dataclass(frozen=True, slots=True)
class Settled:
    """Keys of the requirements that are not met: those that wait for somebody now, and those that
    wait for earlier rounds; `opened` are those whose turn came by this."""

    asked: set[str]
    later: set[str]
    opened: set[str]

    @property
    def is_met(self) -> bool:
        """Whether nothing is left to decide."""
        return not self.asked and not self.later


def settle(
    change: Change, requirements: list[Requirement], reviews: list[Review], editors: set[int]
) -> Settled:
    """Write which requirements the reviews so far meet, and open the round that comes next."""
    staying = still_there(change, requirements, editors)
    before = {one.pk: _written(one) for one in requirements}
    settled = count(requirements, reviews, editors, staying, Times(requirements))
    touched = [one for one in requirements if before[one.pk] != _written(one)]
    if touched:
        Requirement.objects.bulk_update(
            touched, ["met_at", "approved_by", "opened_at", "due_at", "remind_at", "escalate_at"]
        )
    return settled


def _written(one: Requirement) -> tuple[object, ...]:
    return (one.met_at, tuple(one.approved_by), one.opened_at, one.escalate_at)


def count(
    requirements: list[Requirement],
    reviews: list[Review],
    editors: set[int],
    staying: Mapping[str, Collection[int]],
    times: Times,
) -> Settled:
    """The same on the requirements in hand, nothing written."""
    now = timezone.now()
    counted = queries.counted(requirements, reviews, editors, staying)
    unmet = [one for one in requirements if not counted[one.key][1]]
    turn = min((one.round for one in unmet), default=0)
    opened = set()
    for one in requirements:
        voices, is_met = counted[one.key]
        one.met_at = (one.met_at or now) if is_met else None
        one.approved_by = sorted({person for voice in voices for person in voice})
        if one.opened_at is not None:
            times.complete(one)
        elif one.round <= turn or is_met:
            times.start(one, now)
            if not is_met:
                opened.add(one.key)
    asked = {one.key for one in unmet if one.round <= turn}
    return Settled(asked, {one.key for one in unmet} - asked, opened)
