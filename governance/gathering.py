"""The facts of a change, in the words of policies: what is read once, and what a proposal adds.

To add a fact: its entry in `governance.ruling.facts`, and the line here that reads it (or in the
adapter of the subject, where it follows from the documents alone).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from cjops.core.subjects import HunkFacts
from cjops.documents import Document, Hunk, digest
from content.definition import language_of
from content.models import AssetVersion
from governance import freezes, queries
from governance.models import Change, FactSheet
from governance.proposals import Proposal
from governance.ruling.evaluating import Sheet
from governance.ruling.facts import FACTS, FactType
from governance.ruling.nodes import Env
from governance.subjects import subject_of
from journeys.models import Journey, JourneyRole
from people.calendars import Calendars, all_calendars

# Until measurement exists nobody knows how many people a journey meets.
NOT_MEASURED = 0


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is read for a change once, whatever it comes to propose."""

    kind: str
    key: str
    owners: frozenset[str]
    parents: frozenset[str]
    author_teams: frozenset[str]
    windows: tuple[freezes.Window, ...]
    weekend: bool
    emergency: bool
    roll_back: bool
    restores: bool
    first_version: bool
    # Of teams, on which hours to decide are counted; None where nobody has read them.
    calendars: Calendars | None = None


def circumstances_of(change: Change, at: datetime | None = None) -> Circumstances:
    """Those of a change when it goes live: at the time it is scheduled for, or now."""
    at = at or change.scheduled_for or timezone.now()
    subject, calendars = subject_of(change), all_calendars()
    owners, teams = _owners_and_teams(change)
    return Circumstances(
        kind=change.kind,
        key=subject.key,
        owners=owners,
        parents=_parents(subject) if isinstance(subject, Journey) else frozenset(),
        author_teams=teams,
        windows=tuple(freezes.at(at)),
        weekend=freezes.is_off(at, calendars.default),
        emergency=change.is_emergency,
        roll_back=queries.is_plain_roll_back(change),
        restores=change.restores is not None,
        first_version=not change.base_number,
        calendars=calendars,
    )


def _owners_and_teams(change: Change) -> tuple[frozenset[str], frozenset[str]]:
    """Keys of owner teams and addresses of the people who answer for it; keys of the author's
    teams. One query."""
    teams = change.author.memberships.order_by().annotate(email=Value(""), owns=Value(False))
    rows = teams.values_list("team__key", "email", "owns")
    if change.kind == "journey":
        grants = JourneyRole.objects.filter(journey=change.journey_id, role__is_owner=True)
        held = grants.order_by().annotate(
            key=Coalesce("team__key", Value("")),
            email=Coalesce("user__email", Value("")),
            owns=Value(True),
        )
        rows = rows.union(held.values_list("key", "email", "owns"), all=True)
    found = list(rows)
    owners = {name for key, email, owns in found if owns for name in (key, email) if name}
    if change.kind != "journey":
        owners.add(subject_of(change).team.key)  # type: ignore[attr-defined]
    return frozenset(owners), frozenset(key for key, _email, owns in found if not owns)


def _parents(journey: Journey) -> frozenset[str]:
    """Keys of the journeys that this one is part of, directly or not."""
    found: list[str] = []
    seen, parent = {journey.pk}, journey.parent_id
    while parent and parent not in seen:
        seen.add(parent)
        above = Journey.objects.only("key", "parent_id").get(pk=parent)
        found.append(above.key)
        parent = above.parent_id
    return frozenset(found)


def sheet_of(change: Change, proposal: Proposal, about: Circumstances | None = None) -> Sheet:
    """All facts of a change that proposes this, and of each of its parts."""
    return sheet_about(proposal, about or circumstances_of(change))


def sheet_about(
    proposal: Proposal, about: Circumstances, read: "Callable[[set[Bound]], Spoken] | None" = None
) -> Sheet:
    """The same where the circumstances are known; `read` finds the languages of bound content."""
    languages = _Languages(proposal, read or _languages)
    parts = tuple((facts.hunk.digest, _part(facts, languages)) for facts in proposal.facts)
    whole: dict[str, frozenset[str]] = {
        name: frozenset().union(*(part[name] for _digest, part in parts)) for name in _OF_PARTS
    }
    told = proposal.adapter.whole(proposal.base, proposal.proposed, proposal.hunks)
    markets = told.get("market", frozenset())
    held = frozenset(
        window.key
        for window in freezes.holding(
            about.windows,
            kind=about.kind,
            key=about.key,
            markets=markets,
            channels=whole["channels"],
        )
    )
    change_facts: dict[str, Any] = {
        **_NOTHING,
        **told,
        **whole,
        "subject": frozenset({about.kind}),
        "key": frozenset({about.key}),
        "parents": about.parents,
        "owners": about.owners,
        "author_teams": about.author_teams,
        "people_per_month": NOT_MEASURED,
        "hunks": len(parts),
        "weekend": about.weekend,
        "freeze": held,
        "in_freeze": bool(held),
        "emergency": about.emergency,
        "roll_back": about.roll_back,
        "restores": about.restores,
        "first_version": about.first_version,
    }
    return Sheet(change_facts, parts)


_OF_PARTS = tuple(name for name, fact in FACTS.items() if fact.of_parts)
_EMPTY: dict[FactType, Any] = {
    FactType.TEXTS: frozenset(),
    FactType.NUMBER: 0,
    FactType.TRUTH: False,
    FactType.COUNTS: {},
}
_NOTHING = {name: _EMPTY[fact.type] for name, fact in FACTS.items()}
_NOTHING_OF_PARTS = {name: _NOTHING[name] for name in _OF_PARTS}


def _part(facts: HunkFacts, languages: "_Languages") -> dict[str, frozenset[str]]:
    changed, added, missing = languages.of(facts.hunk)
    return {
        "kinds": facts.kinds,
        "channels": facts.channels,
        "stages": facts.stages,
        "steps": facts.steps,
        "teams": facts.teams,
        "tags": facts.tags,
        "languages": facts.languages | changed,
        "languages_added": facts.languages_added | added,
        "languages_missing": facts.languages_missing | missing,
    }


Bound = tuple[str, int]
# What a version says: for each of its texts the language, and a digest of it.
Texts = frozenset[tuple[str, str]]
Spoken = Iterable[tuple[Bound, Texts]]


class _Languages:
    """In which languages the content of steps is there, before and after: one query, or none."""

    def __init__(self, proposal: Proposal, read: Callable[[set[Bound]], Spoken]) -> None:
        self.before, self.after = _bound(proposal.base), _bound(proposal.proposed)
        touched = [hunk.key for hunk in proposal.hunks if hunk.element == "steps"]
        moved = [key for key in touched if self.before.get(key) != self.after.get(key)]
        wanted = {
            one for side in (self.before, self.after) for key in moved for one in side.get(key, ())
        }
        self.known = dict(read(wanted)) if wanted else {}

    def of(self, hunk: Hunk) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
        """Languages in which a step says something else, and that came and went with that."""
        if hunk.element != "steps" or not self.known:
            return frozenset(), frozenset(), frozenset()
        was, now = (
            frozenset().union(*(self.known.get(one, frozenset()) for one in side.get(hunk.key, ())))
            for side in (self.before, self.after)
        )
        before, after = _spoken(was), _spoken(now)
        return _spoken(was ^ now), after - before, before - after


def _spoken(texts: Texts) -> frozenset[str]:
    return frozenset(language for language, _digest in texts)


def _bound(document: Document) -> dict[str, frozenset[Bound]]:
    """By step the content it shows."""
    return {
        step["key"]: frozenset(
            (slot["asset"], slot["version"])
            for slot in step["slots"].values()
            if slot["asset"] and slot["version"]
        )
        for step in document.get("steps") or ()
        if step.get("slots")
    }


def _languages(bound: set[Bound]) -> Spoken:
    these = Q()
    for asset, version in bound:
        these |= Q(subject__key=asset, number=version)
    rows: QuerySet[Any, Any] = AssetVersion.objects.filter(these).values_list(
        "subject__key", "number", "document__renditions"
    )
    for asset, number, renditions in rows:
        yield (
            (asset, number),
            frozenset((language_of(one), digest(_text(one))) for one in renditions or ()),
        )


def _text(rendition: Document) -> Document:
    """A rendition without its place among the others."""
    return {name: value for name, value in rendition.items() if name != "rank"}


def reading_once() -> Callable[[set[Bound]], Spoken]:
    """A `read` for `sheet_about` that asks about no content twice."""
    known: dict[Bound, Texts] = {}

    def read(bound: set[Bound]) -> Spoken:
        missing = bound - known.keys()
        if missing:
            known.update(dict.fromkeys(missing, frozenset()) | dict(_languages(missing)))
        return ((one, known[one]) for one in bound)

    return read


def to_row(change: Change, sheet: Sheet, at: datetime) -> FactSheet:
    """The sheet as a row, not stored."""
    return FactSheet(
        change=change,
        revision=change.revision,
        taken_at=at,
        facts=_to_json(sheet.change),
        parts=[[digest, _to_json(part)] for digest, part in sheet.parts],
    )


def from_row(row: FactSheet) -> Sheet:
    """What `to_row` wrote; facts that there were not yet count as nothing."""
    return from_json(row.facts, row.parts)


def from_json(facts: Mapping[str, Any], parts: Iterable[Any]) -> Sheet:
    """The same of the two columns."""
    return Sheet(
        {**_NOTHING, **_from_json(facts)},
        tuple((digest, {**_NOTHING_OF_PARTS, **_from_json(part)}) for digest, part in parts),
    )


def _to_json(env: Env) -> dict[str, Any]:
    return {
        name: sorted(value) if isinstance(value, frozenset) else value
        for name, value in env.items()
        # What is nothing is known without being written.
        if value != _NOTHING[name]
    }


def _from_json(raw: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: frozenset(value) if isinstance(value, list) else value
        for name, value in raw.items()
        if name in FACTS
    }
