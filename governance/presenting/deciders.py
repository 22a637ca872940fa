"""Who decides, why, and how far they are."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, prefetch_related_objects
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cjops.core.wording import listing, span_words
from governance import queries, wording
from governance.decisions import Decision, is_stuck
from governance.matching import persons
from governance.models import (
    Delegation,
    Requirement,
    RequirementSource,
    Review,
    SourceKind,
    Verdict,
)
from governance.naming import Labels
from governance.policies import Standing
from governance.queries import Acting
from governance.subjects import subject_of
from governance.transitions import State
from governance.visibility import who_see
from people.models import User


@dataclass(frozen=True, slots=True)
class Decider:
    """One line of “who decides”.

    `state` is met, you, waiting, outdated, later or stuck; `label` names the decision and `who` the
    people; `policy` and `policy_label` say which policy asks. `notes` are sentences about it,
    `ways` what can be done where nobody may decide.
    """

    state: str
    who: str
    role: str
    why: str
    when: str = ""
    overdue: bool = False
    key: str = ""
    label: str = ""
    policy: str = ""
    policy_label: str = ""
    version: int = 0
    progress: str = ""
    notes: tuple[str, ...] = ()
    ways: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Known:
    """What is read once for all lines. `acting` are delegations by giver, `seeing` the ids of those
    who act for somebody and see the subject."""

    standing: Standing
    able: dict[int, list[User]]
    acting: dict[int, list[Delegation]]
    seeing: set[int]
    names: Labels
    leads: list[User]

    @property
    def is_asked(self) -> bool:
        """Whether decisions are wanted now: before it goes live, or afterwards."""
        change = self.standing.change
        return change.state == State.IN_REVIEW or change.after_review_due_at is not None


def decider_lines(standing: Standing) -> tuple[list[Decider], int]:
    """Each requirement of the current revision as a line, and how many are met."""
    requirements = standing.all_requirements
    if not requirements:
        return [], 0
    known = _read(standing, requirements)
    lines = [_decider(known, one) for one in requirements]
    return lines, sum(line.state == "met" for line in lines)


def _read(standing: Standing, requirements: list[Requirement]) -> _Known:
    change = standing.change
    sources = RequirementSource.objects.select_related("channel", "team", "role", "user")
    prefetch_related_objects(requirements, Prefetch("sources", sources))
    able = queries.deciders(requirements, change, standing.editors)
    open_ones = [one for one in requirements if one.met_at is None]
    asked = {user.pk: user for one in open_ones for user in able[one.pk]}
    acting = queries.stand_ins(list(asked.values()))
    takers = {row.taker_id for rows in acting.values() for row in rows} - standing.editors
    nobody_may = any(is_stuck(one, able[one.pk]) for one in open_ones)
    return _Known(
        standing=standing,
        able=able,
        acting=acting,
        seeing=who_see(subject_of(change), takers) if takers else set(),
        names=Labels(standing.user),
        leads=queries.governance_leads() if nobody_may else [],
    )


def _decider(known: _Known, one: Requirement) -> Decider:
    change = known.standing.change
    able = known.able[one.pk]
    sources = [source for source in one.sources.all() if source.kind != SourceKind.ESCALATION]
    channel = next((source.channel.label for source in sources if source.channel), "")
    state = _state(known, one)
    if state == "met":
        who, when, overdue = *_given(known, one), False
    else:
        who = listing([user.name for user in able]) or _("Nobody may decide")
        when, overdue = _due(known, one)
    version = one.policy
    return Decider(
        state=state,
        who=who,
        role=listing(list(dict.fromkeys(wording.source_label(source) for source in sources))),
        why=wording.reason(one, channel, known.names),
        when=when,
        overdue=overdue,
        key=one.key,
        label=wording.decision_name(one, channel),
        policy=version.policy.key if version else "",
        policy_label=version.policy.label if version else "",
        version=version.number if version else 0,
        progress=_progress(known, one),
        notes=tuple(_notes(known, one)),
        ways=tuple(_ways(known, one, change.author)) if state == "stuck" else (),
    )


def _state(known: _Known, one: Requirement) -> str:
    standing = known.standing
    if one.met_at is not None:
        return "met"
    if known.is_asked and is_stuck(one, known.able[one.pk]):
        return "stuck"
    if one.opened_at is None:
        return "later"
    voices = queries.voices(one, standing.verdicts, standing.editors)
    if one.pk in standing.mine and not any(speaker == standing.user.pk for speaker, _for in voices):
        return "you"
    if not voices and any(_covers(review, one) for review in standing.verdicts):
        return "outdated"
    return "waiting"


def _covers(review: Review, one: Requirement) -> bool:
    return review.verdict == Verdict.APPROVE and one.key in review.covers


def _given(known: _Known, one: Requirement) -> tuple[str, str]:
    """Who approved it, and when."""
    standing, change = known.standing, known.standing.change
    voices = queries.voices(one, standing.verdicts, standing.editors)
    given = [
        review
        for review in standing.verdicts
        if _covers(review, one) and (review.reviewer_id, _principal(review)) in voices
    ]
    if not given:
        return _("Decided"), ""
    ago = {"ago": span_words(max(review.created_at for review in given), timezone.now())}
    when = _("Approved %(ago)s ago.") % ago
    if any(review.revision < change.revision for review in given):
        when = _("Approved %(ago)s ago; still holds in revision %(number)s.") % {
            **ago,
            "number": change.revision,
        }
    return listing(list(dict.fromkeys(_spoke(review) for review in given))), when


def _principal(review: Review) -> int:
    return review.on_behalf_of_id or review.reviewer_id


def _spoke(review: Review) -> str:
    if review.on_behalf_of is None:
        return review.reviewer.name
    return _("%(name)s for %(giver)s") % {
        "name": review.reviewer.name,
        "giver": review.on_behalf_of.name,
    }


def _due(known: _Known, one: Requirement) -> tuple[str, bool]:
    if not one.due_at or not known.is_asked or one.opened_at is None:
        return "", False
    due = {"time": time_words(one.due_at)}
    if one.due_at < timezone.now():
        return _("Was due %(time)s") % due, True
    return _("Due %(time)s") % due, False


def _progress(known: _Known, one: Requirement) -> str:
    """How many of several approvals are there."""
    if one.quorum == 1:
        return ""
    standing = known.standing
    found = persons(queries.voices(one, standing.verdicts, standing.editors))
    given = min(len(set(found.values())), one.quorum)
    return _("%(given)s of %(quorum)s given") % {"given": given, "quorum": one.quorum}


def _notes(known: _Known, one: Requirement) -> Iterable[str]:
    """What else is to be said about a decision, a sentence each."""
    if one.met_at is None:
        yield from _partly_given(known, one)
        if one.opened_at is None:
            yield from _after(known, one)
        yield from _timing(known, one)
        yield from _acting(known, one)
    yield from _left(known, one)


def _partly_given(known: _Known, one: Requirement) -> Iterable[str]:
    """Who has approved all of it where it takes more people."""
    standing = known.standing
    voices = queries.voices(one, standing.verdicts, standing.editors)
    given = [
        _spoke(review)
        for review in standing.verdicts
        if _covers(review, one) and (review.reviewer_id, _principal(review)) in voices
    ]
    if given:
        yield _("Approved by %(names)s so far.") % {"names": listing(list(dict.fromkeys(given)))}
        if one.distinct and len(given) >= one.quorum:
            yield _("They count for another decision; here somebody else has to decide.")


def _after(known: _Known, one: Requirement) -> Iterable[str]:
    """What is decided before it."""
    earlier = [
        wording.decision_name(other)
        for other in known.standing.all_requirements
        if other.met_at is None and other.round < one.round
    ]
    if earlier:
        yield _("Comes after: %(names)s.") % {"names": listing(list(dict.fromkeys(earlier)))}


def _timing(known: _Known, one: Requirement) -> Iterable[str]:
    if not known.is_asked:
        return
    if one.reminded_at is not None:
        yield _("Reminded %(time)s.") % {"time": time_words(one.reminded_at)}
    if one.escalated_at is not None:
        others = [s for s in one.sources.all() if s.kind == SourceKind.ESCALATION]
        words = list(dict.fromkeys(wording.source_label(source) for source in others))
        yield _("Late since %(time)s, so these are asked as well: %(people)s.") % {
            "time": time_words(one.escalated_at),
            "people": listing(words),
        }


def _acting(known: _Known, one: Requirement) -> Iterable[str]:
    """Who stands in for people who are asked, the reader first."""
    standing = known.standing
    giver = standing.mine.get(one.pk)
    if giver is not None:
        yield _("You decide for %(giver)s.") % {"giver": giver.name}
    for user in known.able[one.pk]:
        for row in known.acting.get(user.pk, ()):
            if row.taker_id == standing.user.pk or row.taker_id not in known.seeing:
                continue
            if Acting(user, (row,)).covers(one, standing.change):
                yield _("%(name)s stands in for %(giver)s until %(time)s.") % {
                    "name": row.taker.name,
                    "giver": user.name,
                    "time": time_words(row.ends_at),
                }


def _left(known: _Known, one: Requirement) -> Iterable[str]:
    """Who approved and is not one of those who may decide any more."""
    standing = known.standing
    if not known.is_asked and standing.change.state not in (State.APPROVED, State.SCHEDULED):
        return
    here = {user.pk for user in known.able[one.pk]} | standing.editors
    gone = [
        review.on_behalf_of or review.reviewer
        for review in standing.verdicts
        if _covers(review, one) and _principal(review) not in here
    ]
    for user in dict.fromkeys(gone):
        if one.leavers_fall:
            yield _(
                "%(name)s has left the place they decided from; the approval no longer counts."
            ) % {"name": user.name}
        else:
            yield _(
                "%(name)s has left the place they decided from; the policy lets the approval stand."
            ) % {"name": user.name}


def _ways(known: _Known, one: Requirement, author: User) -> Iterable[str]:
    """What can be done where nobody may decide."""
    sources = [source for source in one.sources.all() if source.kind != SourceKind.ESCALATION]
    teams = [source.team.label for source in sources if source.team]
    channels = [source.channel.label for source in sources if source.channel]
    roles = [str(source.role) for source in sources if source.role]
    if teams:
        yield _("Name a lead of %(teams)s who has not edited this change and sees it.") % {
            "teams": listing(teams)
        }
    if channels:
        yield _("Name a lead in a team that looks after %(channels)s.") % {
            "channels": listing(channels)
        }
    if roles:
        yield _("Give somebody else the role “%(roles)s” here, or hand it over.") % {
            "roles": listing(roles)
        }
    if known.leads:
        yield _("A governance lead can name somebody for this change: %(names)s.") % {
            "names": listing([user.name for user in known.leads], 3)
        }
    yield _("%(author)s can withdraw the change, or take out the part that needs it.") % {
        "author": author.name
    }


def preview_lines(items: Iterable[Decision]) -> list[Decider]:
    """Decisions that would be asked for as lines, before anybody is."""
    return [
        Decider(
            state="stuck" if one.is_stuck else "later",
            who=listing([user.name for user in one.able], 6) or _("Nobody may decide"),
            role="",
            why=one.why,
            key=one.key,
            label=one.label,
            policy=one.policy,
            policy_label=one.policy_label,
            version=one.version,
            progress=_("%(quorum)s people") % {"quorum": one.quorum} if one.quorum > 1 else "",
            notes=(_("Round %(number)s") % {"number": one.round},) if one.round > 1 else (),
        )
        for one in items
    ]


def time_words(moment: datetime) -> str:
    """A time as its reader writes it."""
    return date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT")
