"""What the screens of journeys, content and teams show of changes, in a constant number of reads.

Lower apps cannot ask governance themselves; their templates ask here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import template
from django.db import connection
from django.db.models import Case, F, QuerySet, Value, When
from django.template import Context
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cjops.core.verdicts import Verdict
from content.models import Asset
from governance import halts, policies, queries
from governance.models import Change
from governance.queries.campaigns import progress_of
from governance.transitions import OPEN_STATES, State
from journeys.models import Journey
from people.models import User

register = template.Library()

# A change list of one subject shows this many; the rest is in the list of all changes.
SHOWN = 50
# Counts stop here: nobody needs to know whether it is 1,207.
COUNTED = 100


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A change in a list about its subject."""

    change: Change
    is_open: bool
    at: Any
    progress: str


@register.inclusion_tag("governance/_journey_open.html", takes_context=True)
def open_changes(
    context: Context, journey: Journey | None = None, asset: Asset | None = None
) -> dict[str, object]:
    """A pill "3 open changes" that leads to them; nothing where there is none."""
    count = len(_open_of(_user(context), journey, asset).values("pk")[:COUNTED])
    url = context.get("changes_url", "")
    return {"count": count, "words": open_words(count), "url": url}


@register.inclusion_tag("governance/_journey_drafts.html", takes_context=True)
def first_changes(
    context: Context, journey: Journey | None = None, asset: Asset | None = None
) -> dict[str, object]:
    """The open changes of something that is not live yet, as the way to it."""
    changes = _open_of(_user(context), journey, asset).select_related("author")[:5]
    return {"changes": list(changes)}


@register.inclusion_tag("governance/_journey_propose.html", takes_context=True)
def propose_button(
    context: Context, journey: Journey | None = None, asset: Asset | None = None
) -> dict[str, object]:
    """The button that opens a change, or why the person may not."""
    kind, subject = _subject(journey, asset)
    return {
        "verdict": propose_verdict(_user(context), kind, subject),
        "kind": kind,
        "key": subject.key,
    }


@register.inclusion_tag("governance/_journey_changes.html", takes_context=True)
def change_rows(
    context: Context, journey: Journey | None = None, asset: Asset | None = None
) -> dict[str, object]:
    """All changes of one subject, open ones first, then the ended ones, newest first."""
    user = _user(context)
    kind, subject = _subject(journey, asset)
    changes = list(
        Change.objects.visible_to(user)
        .filter(**{kind: subject})
        .select_related("author")
        .annotate(
            is_ended=Case(When(state__in=OPEN_STATES, then=Value(0)), default=Value(1)),
        )
        .order_by("is_ended", F("updated_at").desc())[: SHOWN + 1]
    )
    rows = _rows(changes[:SHOWN])
    return {
        "open": [row for row in rows if row.is_open],
        "ended": [row for row in rows if not row.is_open],
        "has_more": len(changes) > SHOWN,
        "verdict": propose_verdict(user, kind, subject) if not rows else None,
    }


@register.inclusion_tag("governance/_would_show.html", takes_context=True)
def would_show(context: Context, asset: Asset) -> dict[str, object]:
    """The open changes about an asset, or by which a step would show it."""
    changes = list(queries.showing(_user(context), asset)[: SHOWN + 1])
    return {"changes": changes[:SHOWN], "has_more": len(changes) > SHOWN}


@register.inclusion_tag("governance/_asset_campaigns.html", takes_context=True)
def asset_campaigns(context: Context, asset: Asset) -> dict[str, object]:
    """What was submitted for many steps of an asset, and how far that is."""
    return {"campaigns": progress_of(asset, _user(context))}


@register.simple_tag(takes_context=True)
def open_change_counts(
    context: Context, subjects: Sequence[Any], field: str = "journey"
) -> dict[int, int]:
    """How many open changes each journey (or `field`: asset) of a page has, by its id."""
    return queries.open_changes_of(field, [subject.pk for subject in subjects], _user(context))


@register.simple_tag
def changes_by_step(journey: Journey) -> dict[str, int]:
    """How many open changes touch each live step, by the key of the step."""
    counts: dict[str, int] = {}
    for step, _number in touched_steps(journey):
        counts[step] = counts.get(step, 0) + 1
    return counts


@register.inclusion_tag("governance/_step_changes.html", takes_context=True)
def step_changes(context: Context, journey: Journey, step: str) -> dict[str, object]:
    """The open changes that touch one step."""
    numbers = [number for key, number in touched_steps(journey) if key == step]
    changes: list[Change] = []
    if numbers:
        found = Change.objects.visible_to(_user(context)).filter(pk__in=numbers)
        changes = list(found.select_related("author").order_by("-updated_at")[:SHOWN])
    return {"rows": _rows(changes)}


@register.inclusion_tag("governance/_team_changes.html", takes_context=True)
def team_changes(context: Context, channels: Iterable[Any]) -> dict[str, object]:
    """Open changes that touch any of these channels, as their stewards see them."""
    keys = [channel.key for channel in channels]
    changes: list[Change] = []
    if keys:
        changes = list(
            Change.objects.visible_to(_user(context))
            .filter(state__in=OPEN_STATES, channels__overlap=keys)
            .select_related("author", "journey", "asset", "taxonomy")
            .order_by("-updated_at")[: SHOWN + 1]
        )
    return {
        "rows": _rows(changes[:SHOWN]),
        "has_more": len(changes) > SHOWN,
        "has_channels": bool(keys),
    }


@register.filter
def as_day(value: object) -> date | None:
    """A day that is written as in 2027-03-01; None for anything else."""
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


@register.filter
def open_words(count: int | str) -> str:
    """ "3 open changes", or "100+ open changes" where nobody counted further."""
    number = int(count or 0)
    if number >= COUNTED:
        return _("%(count)s+ open changes") % {"count": COUNTED}
    return ngettext("%(count)s open change", "%(count)s open changes", number) % {"count": number}


def propose_verdict(user: User, kind: str, subject: Any) -> Verdict:
    """May the person open a change of this subject?"""
    # The button beside it asks for them too.
    held = halts.brake_of(user, subject).rights if kind == "journey" else None
    return policies.can_open_on(user, kind, subject, held)


def touched_steps(journey: Journey) -> list[tuple[str, int]]:
    """Pairs of a step's key and the number of an open change that proposes to alter it.

    The database compares the steps: no document travels.
    """
    with connection.cursor() as cursor:
        cursor.execute(TOUCHED, [journey.pk, [state.value for state in OPEN_STATES]])
        return [(str(step), int(number)) for step, number in cursor.fetchall()]


# Every step that the newest revision of an open change holds and the version it started from does
# not hold in the same form, or the other way round.
TOUCHED = """
SELECT touched.key, change.number
FROM governance_change change
JOIN governance_changerevision revision
  ON revision.change_id = change.number AND revision.number = change.revision
LEFT JOIN journeys_journeyversion base
  ON base.subject_id = change.journey_id AND base.number = change.base_number
CROSS JOIN LATERAL (
  SELECT COALESCE(proposed.step ->> 'key', live.step ->> 'key') AS key
  FROM jsonb_array_elements(revision.document -> 'steps') AS proposed(step)
  FULL JOIN jsonb_array_elements(base.document -> 'steps') AS live(step)
    ON live.step ->> 'key' = proposed.step ->> 'key'
  WHERE live.step IS DISTINCT FROM proposed.step
) AS touched
WHERE change.journey_id = %s AND change.state = ANY(%s)
ORDER BY change.number DESC
"""


def _user(context: Context) -> User:
    user: User = context["request"].user
    return user


def _subject(journey: Journey | None, asset: Asset | None) -> tuple[str, Any]:
    if journey is not None:
        return "journey", journey
    if asset is None:
        raise template.TemplateSyntaxError("Name the journey or the asset.")
    return "asset", asset


def _open_of(user: User, journey: Journey | None, asset: Asset | None) -> QuerySet[Change]:
    kind, subject = _subject(journey, asset)
    changes = Change.objects.visible_to(user).filter(state__in=OPEN_STATES, **{kind: subject})
    return changes.order_by("-updated_at")


def _rows(changes: Sequence[Change]) -> list[ChangeRow]:
    waiting = [change for change in changes if change.state == State.IN_REVIEW]
    progress = queries.requirement_progress(waiting) if waiting else {}
    return [
        ChangeRow(
            change=change,
            is_open=change.state in OPEN_STATES,
            at=change.published_at or change.updated_at,
            progress=_progress(progress.get(change.pk)),
        )
        for change in changes
    ]


def _progress(made: tuple[int, int] | None) -> str:
    if made is None:
        return ""
    return _("%(met)s of %(total)s decisions") % {"met": made[0], "total": made[1]}
