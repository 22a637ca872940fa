"""Live has moved under a change: what moved, and each conflict as a choice people can make."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

import journeys.words
from cjops.documents import MISSING, Conflict, Hunk, Resolution, diff
from governance import wording
from governance.integration import Integration
from governance.presenting.cards import anchor, label_of, name_at, rows_of, value_words
from governance.presenting.lookup import Lookup
from governance.presenting.rows import Row, compared

# Fields that hold what somebody wrote, not one of a few values or the key of something else.
PROSE = frozenset(
    {
        *("name", "purpose", "scenario", "description", "rule", "where", "note", "touchpoint"),
        *("customer_action", "mindset", "pain_points", "condition", "market", "product_line"),
        *("statement", "metric", "guardrail", "subject", "preheader", "body", "text", "sender"),
        *("title", "link", "label", "definition"),
    }
)
LINES = frozenset(
    {
        *("name", "where", "touchpoint", "market", "product_line", "metric", "guardrail"),
        *("subject", "preheader", "sender", "title", "link", "label"),
    }
)
# Of a list of what moved, or of failing checks, so many sentences are shown.
SENTENCES = 6
# Conflicts on one page of them.
PER_PAGE = 25


@dataclass(frozen=True, slots=True)
class Side:
    """One way to settle a conflict: the choice it stands for, what it means, and what would stand
    there."""

    choice: str
    label: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Pick:
    """One conflict as a choice. `value` is the text of an answer of one's own, where there can be
    one; `chosen` is what was decided before; `hunk` the anchor of the part it is about."""

    fingerprint: str
    title: str
    field: str
    why: str
    sides: tuple[Side, ...]
    may_edit: bool
    is_line: bool
    value: str
    chosen: str
    hunk: str


@dataclass(frozen=True, slots=True)
class Picks:
    """One page of the conflicts of a change. `open` counts those that nobody has settled yet,
    `elsewhere` those of them that are on other pages."""

    shown: tuple[Pick, ...]
    page: int
    pages: int
    total: int
    open: int
    elsewhere: int


@dataclass(frozen=True, slots=True)
class Moved:
    """What went live since a change was written, in words, the conflicts to settle, and the checks
    that fail only together with what is live."""

    base: int
    live: int
    sentences: tuple[str, ...]
    more: int
    open: int
    total: int
    failing: int
    failures: tuple[str, ...]


def moved(integration: Integration, base: int) -> Moved:
    """The banner of a change that live has moved under."""
    proposal, live = integration.proposal, integration.live
    words = proposal.adapter.describe(proposal.base, live, diff(proposal.base, live))
    return Moved(
        base=base,
        live=integration.live_number,
        sentences=tuple(words[:SENTENCES]),
        more=max(0, len(words) - SENTENCES),
        open=len(integration.merge.conflicts),
        total=len(integration.conflicts),
        failing=len(integration.new_errors),
        failures=tuple(found.message for found in integration.new_errors[:SENTENCES]),
    )


def picks(
    integration: Integration,
    lookup: Lookup,
    page: int = 1,
    given: Mapping[str, Resolution] | None = None,
) -> Picks:
    """A page of the conflicts as choices, open ones first, else in the order of their places.

    `page` may be any number: the nearest page there is comes back. `given` are the choices of a
    form that is shown again.
    """
    ordered = sorted(integration.conflicts, key=lambda pair: pair[1] is not None)
    pages = pages_of(len(ordered))
    page = min(max(page, 1), pages)
    here = ordered[(page - 1) * PER_PAGE : page * PER_PAGE]
    left = len(integration.merge.conflicts)
    return Picks(
        shown=tuple(
            _pick(integration, lookup, conflict, (given or {}).get(conflict.fingerprint, stored))
            for conflict, stored in here
        ),
        page=page,
        pages=pages,
        total=len(ordered),
        open=left,
        elsewhere=left - sum(stored is None for _conflict, stored in here),
    )


def pages_of(count: int) -> int:
    """How many pages so many conflicts fill."""
    return max(1, -(-count // PER_PAGE))


def _pick(
    integration: Integration, lookup: Lookup, conflict: Conflict, chosen: Resolution | None
) -> Pick:
    kind = integration.proposal.kind
    hunk = integration.hunk_of(conflict)
    texts = [v for v in (conflict.theirs, conflict.ours) if isinstance(v, str)]
    may_edit = conflict.kind == "edit/edit" and len(texts) == 2 and is_prose(conflict.field)
    value = chosen.value if chosen and chosen.choice == "edited" else conflict.ours
    return Pick(
        fingerprint=conflict.fingerprint,
        title=_title(integration, conflict),
        field=label_of(kind, conflict.element, conflict.field) if conflict.field else "",
        why=wording.conflict(conflict),
        sides=(_theirs(integration, lookup, conflict), _mine(integration, lookup, conflict)),
        may_edit=may_edit,
        is_line=conflict.field[-1:] != () and conflict.field[-1] in LINES,
        value=value if may_edit and isinstance(value, str) else "",
        chosen=chosen.choice if chosen else "",
        hunk=anchor(hunk.element, hunk.key) if hunk else "",
    )


def is_prose(field: tuple[str, ...]) -> bool:
    """Whether people write what stands there in their own words."""
    if field in (("goal", "target"), ("kpi", "target")):
        return True
    return bool(field) and field[-1] in PROSE and field != ("reentry", "rule")


def _title(integration: Integration, conflict: Conflict) -> str:
    documents = integration.live, integration.proposal.proposed, integration.proposal.base
    for document in documents:
        items = document.get(conflict.element, ()) if conflict.element else ()
        if not conflict.element or any(item["key"] == conflict.key for item in items):
            kind = integration.proposal.kind
            return name_at(kind, document, conflict.element, conflict.key)
    return conflict.key


def _theirs(integration: Integration, lookup: Lookup, conflict: Conflict) -> Side:
    rows = _rows(integration, lookup, conflict, conflict.theirs, integration.moved)
    return Side("theirs", _theirs_label(integration, conflict), rows)


def _mine(integration: Integration, lookup: Lookup, conflict: Conflict) -> Side:
    rows = _rows(integration, lookup, conflict, conflict.ours, integration.proposal.hunks)
    return Side("mine", _mine_label(integration, conflict), rows)


def _theirs_label(integration: Integration, conflict: Conflict) -> str:
    if conflict.kind == "remove/rewire":
        names = {"name": _target(integration, conflict)}
        if conflict.pointing == "ours":
            return _("Leave “%(name)s” removed, as it is live") % names
        return _("Keep “%(name)s”, as it is live") % names
    if conflict.kind == "edit/remove":
        if conflict.theirs is MISSING:
            return _("Leave it removed, as it is live")
        return _("Keep it with its edits, as it is live")
    return _("Keep what is live")


def _mine_label(integration: Integration, conflict: Conflict) -> str:
    if conflict.kind == "remove/rewire":
        names = {"name": _target(integration, conflict)}
        if conflict.pointing == "ours":
            return _("Bring “%(name)s” back, as this change leads to it") % names
        return _("Remove “%(name)s”, as this change does") % names
    if conflict.kind == "edit/remove":
        if conflict.ours is MISSING:
            return _("Remove it, as this change does")
        return _("Bring it back with the edits of this change")
    return _("Take what this change says")


def _target(integration: Integration, conflict: Conflict) -> str:
    element, key = conflict.target or ("", "")
    base = integration.proposal.base
    for document in (base, integration.proposal.proposed, integration.live):
        if any(item["key"] == key for item in document.get(element, ())):
            return name_at(integration.proposal.kind, document, element, key)
    return key


def _rows(
    integration: Integration,
    lookup: Lookup,
    conflict: Conflict,
    value: Any,
    hunks: list[Hunk],
) -> tuple[Row, ...]:
    """What would stand at the place, against what stood there when the change was written."""
    kind = integration.proposal.kind
    if not conflict.field:
        here = [hunk for hunk in hunks if (hunk.element, hunk.key) == place(conflict)]
        return tuple(row for hunk in here for row in rows_of(kind, hunk, lookup))
    label = label_of(kind, conflict.element, conflict.field)
    if conflict.kind == "order/order":
        theirs = value == conflict.theirs
        document = integration.live if theirs else integration.proposal.proposed
        was = journeys.words.place_of(integration.proposal.base, conflict.element, conflict.key)
        now = journeys.words.place_of(document, conflict.element, conflict.key)
        return (Row(label, before=was, after=now),)
    old = value_words(kind, conflict.element, conflict.field, conflict.base, lookup.names)
    new = value_words(kind, conflict.element, conflict.field, value, lookup.names)
    if old == new:
        return (Row(label, after=new),) if new else ()
    if old == conflict.base and new == value:
        return (compared(label, old, new, whole=""),)
    return (Row(label, before=old, after=new),)


def place(conflict: Conflict) -> tuple[str, str]:
    """The element that a conflict is about."""
    return conflict.element, conflict.key
