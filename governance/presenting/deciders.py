"""Who decides, why, and how far they are."""

from dataclasses import dataclass

from django.db.models import Prefetch, prefetch_related_objects
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

import journeys.words
from cjops.core.wording import span_words
from governance import queries, wording
from governance.models import Requirement, RequirementSource, Verdict
from governance.policies import Standing
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


def decider_lines(standing: Standing) -> tuple[list[Decider], int]:
    """Each requirement of the current revision as a line, and how many are met."""
    change, requirements = standing.change, standing.all_requirements
    if not requirements:
        return [], 0
    sources = RequirementSource.objects.select_related("channel", "team", "role", "user")
    prefetch_related_objects(requirements, Prefetch("sources", sources))
    able = queries.deciders(requirements, change, standing.editors)
    lines = [_decider(standing, one, able[one.pk]) for one in requirements]
    return lines, sum(line.state == "met" for line in lines)


def _decider(standing: Standing, requirement: Requirement, able: list[User]) -> Decider:
    change, reviews = standing.change, standing.verdicts
    sources = list(requirement.sources.all())
    channel = next((source.channel.label for source in sources if source.channel), "")
    why = wording.reason(requirement, channel)
    role = journeys.words.listing([wording.source_label(source) for source in sources])
    met_by = queries.approvers(requirement, reviews, standing.editors)
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
    state = "you" if standing.user in able else "waiting"
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
