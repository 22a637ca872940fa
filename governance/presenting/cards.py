"""Hunks as cards: one for each element that a reviewer decides on."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

import journeys.words
from cjops.core.subjects import HunkFacts
from cjops.documents import MISSING, Hunk
from content.words import language_name
from governance.models import Review, Verdict
from governance.presenting.contents import ContentChange, content_changes
from governance.presenting.lookup import Lookup
from governance.presenting.rows import Row, compared
from governance.proposals import Proposal
from journeys.words import Names
from people.models import Channel

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Card:
    """What one reviewer decides on."""

    anchor: str
    op: str
    title: str
    kind: str
    channel: Channel | None
    digest: str
    rows: tuple[Row, ...]
    note: str = ""
    status: str = ""
    url: str = ""
    contents: tuple[ContentChange, ...] = ()


def cards(proposal: Proposal, lookup: Lookup, reviews: list[Review]) -> list[Card]:
    """The hunks of a proposal as cards, with who approved each."""
    approved = approvals_by_hunk(reviews)
    return [
        _card(position, proposal, facts, lookup, approved)
        for position, facts in enumerate(proposal.facts)
    ]


def approvals_by_hunk(reviews: list[Review]) -> dict[str, list[str]]:
    """For each hunk digest the names of those whose approval of it stands."""
    found: dict[str, dict[int, str]] = {}
    for review in reviews:
        if review.verdict == Verdict.REQUEST_CHANGES:
            for people in found.values():
                people.pop(review.reviewer_id, None)
        elif review.verdict == Verdict.APPROVE:
            for digest in review.hunks:
                found.setdefault(digest, {})[review.reviewer_id] = review.reviewer.name
    return {digest: list(people.values()) for digest, people in found.items()}


def _card(
    position: int,
    proposal: Proposal,
    facts: HunkFacts,
    lookup: Lookup,
    approved: Mapping[str, list[str]],
) -> Card:
    hunk = facts.hunk
    side = proposal.base if hunk.op == "remove" else proposal.proposed
    people = approved.get(hunk.digest, [])
    return Card(
        anchor=anchor(hunk.element, hunk.key),
        op=hunk.op,
        title=_title(proposal.kind, side, hunk),
        kind=_kind(proposal.kind, hunk.element),
        channel=next((lookup.channels.get(key) for key in sorted(facts.channels)), None),
        digest=hunk.digest,
        rows=tuple(_rows(proposal, hunk, lookup)),
        note=_moved(proposal, hunk),
        status=_("Approved by %(people)s") % {"people": journeys.words.listing(people)}
        if people
        else "",
        contents=tuple(content_changes(proposal, hunk, lookup)),
    )


def anchor(element: str, key: str) -> str:
    """The id of an element's card on the page of a change."""
    return "-".join(part for part in ("hunk", element or "header", key) if part)


def _title(kind: str, document: Document, hunk: Hunk) -> str:
    if kind == "journey":
        if not hunk.element:
            return _("The journey itself")
        return journeys.words.name_of(document, hunk.element, hunk.key)
    if not hunk.element:
        return _("Name and purpose")
    found = next((i for i in document.get(hunk.element, ()) if i["key"] == hunk.key), None)
    if hunk.element == "renditions":
        return language_name(hunk.key)
    return str((found or {}).get("label") or hunk.key)


def _kind(kind: str, element: str) -> str:
    if kind == "journey":
        return journeys.words.element_label(element)
    labels = {"renditions": _("Language"), "concepts": _("Concept"), "": _("Header")}
    return labels.get(element, element)


def _moved(proposal: Proposal, hunk: Hunk) -> str:
    """Where a moved element stands now."""
    if proposal.kind != "journey" or not any(c.field == ("rank",) for c in hunk.changes):
        return ""
    return _("Moved: now %(place)s, before %(was)s.") % {
        "place": journeys.words.place_of(proposal.proposed, hunk.element, hunk.key),
        "was": journeys.words.place_of(proposal.base, hunk.element, hunk.key),
    }


def _rows(proposal: Proposal, hunk: Hunk, lookup: Lookup) -> list[Row]:
    rows = []
    for path, before, after in _leaves(hunk):
        if path[-1] in ("rank", "key", "digest", "schema"):
            continue
        whole = lookup.whole(hunk.element, hunk.key, path)
        rows.append(_row(proposal.kind, hunk.element, path, before, after, lookup.names, whole))
    lang = hunk.key if hunk.element == "renditions" else ""
    return [replace(row, lang=lang) for row in rows if row is not None]


def _leaves(hunk: Hunk) -> list[tuple[tuple[str, ...], Any, Any]]:
    """The fields of a hunk; an element added or removed is taken apart into its fields."""
    if hunk.op not in ("add", "remove"):
        return [(change.field, change.before, change.after) for change in hunk.changes]
    leaves: list[tuple[tuple[str, ...], Any, Any]] = []
    for change in hunk.changes:
        whole = change.after if hunk.op == "add" else change.before
        fields = (
            [(change.field[0], whole)]
            if change.field
            else sorted(whole.items(), key=lambda pair: FIELD_ORDER.get(pair[0], len(FIELD_ORDER)))
        )
        for name, value in fields:
            # The name is the title of the card already.
            if value in ("", None, [], {}) or (name == "name" and hunk.element):
                continue
            leaves.append(
                ((name,), MISSING, value) if hunk.op == "add" else ((name,), value, MISSING)
            )
    return leaves


# As a form would ask them: what it is, where it stands, what it says, how it is measured.
FIELD_ORDER = {
    name: position
    for position, name in enumerate(
        (
            "kind",
            "stage",
            "channel",
            "team",
            "source",
            "target",
            "purpose",
            "slots",
            "wait",
            "condition",
            "delay",
            "share",
            "touchpoint",
            "customer_action",
            "mindset",
            "emotion",
            "pain_points",
            "support_teams",
            "tags",
            "frequency_class",
            "kpi",
        )
    )
}


def _row(
    kind: str,
    element: str,
    path: tuple[str, ...],
    before: Any,
    after: Any,
    names: Names,
    whole: str,
) -> Row | None:
    label = _label(kind, element, path)
    old = _value(kind, element, path, before, names)
    new = _value(kind, element, path, after, names)
    if not old and not new:
        return None
    # A text that is shown as it was written can be compared letter by letter.
    if not (old and new) or (old == before and new == after):
        return compared(label, old, new, whole=whole)
    return Row(label, before=old, after=new)


def _label(kind: str, element: str, path: tuple[str, ...]) -> str:
    if kind == "journey":
        return journeys.words.field_label(element, path)
    return str(FIELD_LABELS().get(path[0], path[0].replace("_", " ").capitalize()))


def _value(kind: str, element: str, path: tuple[str, ...], value: Any, names: Names) -> str:
    if value is MISSING or value in (None, "", [], {}):
        return ""
    if kind == "journey":
        return journeys.words.format_value(element, path, value, names)
    if isinstance(value, list):
        return journeys.words.listing([str(item) for item in value])
    return str(value)


def FIELD_LABELS() -> dict[str, str]:  # noqa: N802  (a table, read in the active language)
    """What the fields of assets and taxonomies are called."""
    return {
        "name": _("Name"),
        "purpose": _("Purpose"),
        "subject": _("Subject"),
        "preheader": _("Preheader"),
        "body": _("Body"),
        "text": _("Text"),
        "title": _("Title"),
        "link": _("Link"),
        "sender": _("Sender"),
        "format": _("Format"),
        "language": _("Language"),
        "tags": _("Tags"),
        "label": _("Label"),
        "definition": _("Definition"),
        "broader": _("Broader concept"),
        "status": _("Status"),
        "description": _("Description"),
    }
