"""Who decides, why, and how far they are."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

import journeys.words
from cjops.core.wording import span_words
from governance import queries, wording
from governance.models import Change, Requirement, Review, Verdict
from governance.transitions import State
from people.models import User


@dataclass(frozen=True, slots=True)
class Decider:
    """One line of “who decides”."""

    state: str
    who: str
    role: str
    why: str
    when: str = ""
    overdue: bool = False


def decider_lines(change: Change, reader: User) -> tuple[list[Decider], int]:
    """Each requirement of the current revision as a line, and how many are met."""
    requirements = list(
        change.requirements.filter(revision=change.revision).prefetch_related(
            "sources__channel", "sources__team", "sources__role"
        )
    )
    if not requirements:
        return [], 0
    reviews = list(
        change.reviews.exclude(verdict=Verdict.COMMENT).select_related("reviewer").order_by("pk")
    )
    able = queries.deciders(requirements, change)
    lines = [_decider(change, r, reviews, able[r.pk], reader) for r in requirements]
    return lines, sum(line.state == "met" for line in lines)


def _decider(
    change: Change,
    requirement: Requirement,
    reviews: list[Review],
    able: list[User],
    reader: User,
) -> Decider:
    sources = list(requirement.sources.all())
    channel = next((source.channel.label for source in sources if source.channel), "")
    why = wording.reason(requirement, channel)
    role = journeys.words.listing([_source_label(source) for source in sources])
    met_by = queries.approvers(requirement, reviews)
    if len(met_by) >= requirement.quorum:
        people = {review.reviewer_id: review for review in reviews if review.reviewer_id in met_by}
        names = journeys.words.listing([review.reviewer.name for review in people.values()])
        last = max(review.created_at for review in people.values())
        kept = any(review.revision < change.revision for review in people.values())
        when = _("Approved %(ago)s ago.") % {"ago": span_words(last, timezone.now())}
        if kept:
            when = _("Approved %(ago)s ago; still holds in revision %(number)s.") % {
                "ago": span_words(last, timezone.now()),
                "number": change.revision,
            }
        return Decider("met", names, role, why, when)
    names = journeys.words.listing([person.name for person in able]) or _("Nobody can decide now")
    state = "you" if any(person.pk == reader.pk for person in able) else "waiting"
    earlier = [
        review.reviewer.name
        for review in reviews
        if review.verdict == Verdict.APPROVE and requirement.key in review.covers
    ]
    if earlier and state == "waiting":
        state = "outdated"
    overdue = bool(
        requirement.due_at
        and requirement.due_at < timezone.now()
        and change.state == State.IN_REVIEW
    )
    when = ""
    if requirement.due_at and change.state == State.IN_REVIEW:
        due = date_format(timezone.localtime(requirement.due_at), "SHORT_DATETIME_FORMAT")
        when = (_("Was due %(time)s") if overdue else _("Due %(time)s")) % {"time": due}
    return Decider(state, names, role, why, when, overdue)


def _source_label(source: Any) -> str:
    if source.channel:
        return _("lead for %(channel)s") % {"channel": source.channel.label}
    if source.team:
        return _("lead of %(team)s") % {"team": source.team.label}
    return str(source.role or source.user)
