"""Hunks as cards: one for each element that a reviewer decides on."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

import journeys.words
from cjops.core.subjects import HunkFacts
from cjops.documents import MISSING, Hunk
from cjops.documents import Change as DocumentChange
from governance import wording
from governance.models import Review, Verdict
from governance.presenting import asset_words
from governance.presenting.contents import ContentChange, body_rows, content_changes
from governance.presenting.lookup import Lookup
from governance.presenting.rows import Row, compared
from governance.proposals import Proposal
from journeys.marks import mark_of
from journeys.words import Names
from people.models import Channel

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Card:
    """What one reviewer decides on.

    `is_folded`: `rows` and `contents` are not read yet; `address` is where they are. `element` and
    `key` name it in addresses, the header as "header". `suggestions` are `SuggestionCard`s,
    `others` the `Note`s on other open changes that are about it too.
    """

    anchor: str
    op: str
    title: str
    kind: str
    channel: Channel | None
    digest: str
    element: str = ""
    key: str = ""
    rows: tuple[Row, ...] = ()
    note: str = ""
    status: str = ""
    url: str = ""
    contents: tuple[ContentChange, ...] = ()
    address: str = ""
    is_folded: bool = False
    is_viewed: bool = False
    suggestions: tuple[Any, ...] = ()
    others: tuple[Any, ...] = ()


# So many hunks, with so many fields, are shown open; what is below is read when somebody opens it.
OPEN_AT_FIRST, FIELDS_AT_FIRST = 20, 90
# Content before and after takes the room of so many fields.
CONTENT = 20


def open_ones(hunks: Collection[Hunk], viewed: Collection[str] = ()) -> set[str]:
    """Digests of the hunks whose fields the page shows at once: the first not looked at yet."""
    found: set[str] = set()
    room = FIELDS_AT_FIRST
    for hunk in hunks:
        if hunk.digest in viewed:
            continue
        room -= _fields(hunk)
        if found and (room < 0 or len(found) >= OPEN_AT_FIRST):
            break
        found.add(hunk.digest)
    return found


def _fields(hunk: Hunk) -> int:
    """How many fields a hunk shows, about."""
    if hunk.op in ("add", "remove"):
        return sum(len(side) for one in hunk.changes for side in _sides(one))
    slots = {one.field[1] for one in hunk.changes if one.field[:1] == ("slots",) and one.field[1:]}
    return len(hunk.changes) + CONTENT * (len(slots) + (hunk.element == "renditions"))


def _sides(change: DocumentChange) -> list[dict[str, Any]]:
    return [side for side in (change.before, change.after) if isinstance(side, dict)]


def cards(
    proposal: Proposal,
    lookup: Lookup,
    reviews: list[Review],
    *,
    shown: Collection[str] | None = None,
    full: Collection[str] | None = None,
    viewed: Collection[str] = (),
) -> list[Card]:
    """The hunks of a proposal as cards, with who approved each.

    Only those whose digest is in `shown`, where that is given; with their fields only those in
    `full`; ticked off those in `viewed`.
    """
    approved = approvals_by_hunk(reviews)
    return [
        _card(
            proposal,
            facts,
            lookup,
            approved,
            is_folded=full is not None and facts.hunk.digest not in full,
            is_viewed=facts.hunk.digest in viewed,
        )
        for facts in proposal.facts
        if shown is None or facts.hunk.digest in shown
    ]


def narrowed(shown: Collection[Card], between: Proposal, lookup: Lookup) -> list[Card]:
    """The cards, each with what `between` changes of its element and nothing else.

    A card without a part in it stays as it is: its element differs from what is live by now.
    """
    hunks = {(hunk.element or "header", hunk.key or "header"): hunk for hunk in between.hunks}
    return [
        _narrowed(card, hunks[card.element, card.key], between, lookup)
        if (card.element, card.key) in hunks
        else card
        for card in shown
    ]


def _narrowed(card: Card, hunk: Hunk, between: Proposal, lookup: Lookup) -> Card:
    if card.is_folded:
        return replace(card, address=f"{card.address}?since=review")
    contents = card.contents
    if between.kind == "journey":
        contents = tuple(content_changes(between, hunk, lookup))
    return replace(
        card,
        rows=tuple(rows_of(between.kind, hunk, lookup)),
        note=_moved(between, hunk),
        contents=contents,
    )


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
    proposal: Proposal,
    facts: HunkFacts,
    lookup: Lookup,
    approved: Mapping[str, list[str]],
    *,
    is_folded: bool,
    is_viewed: bool,
) -> Card:
    hunk = facts.hunk
    element, key = hunk.element or "header", hunk.key or "header"
    side = proposal.base if hunk.op == "remove" else proposal.proposed
    people = approved.get(hunk.digest, [])
    return Card(
        anchor=anchor(hunk.element, hunk.key),
        # As the pictures mark it, so that the list equals the picture.
        op=mark_of(hunk) if proposal.kind == "journey" else hunk.op,
        title=title_of(proposal.kind, side, hunk),
        kind=kind_of(proposal.kind, hunk.element),
        channel=next((lookup.channels.get(key) for key in sorted(facts.channels)), None),
        digest=hunk.digest,
        element=element,
        key=key,
        rows=() if is_folded else tuple(rows_of(proposal.kind, hunk, lookup)),
        note="" if is_folded else _moved(proposal, hunk),
        status=_("Approved by %(people)s") % {"people": journeys.words.listing(people)}
        if people
        else "",
        contents=() if is_folded else tuple(content_changes(proposal, hunk, lookup)),
        address=reverse("change-hunk", args=[lookup.about.number, element, key])
        if lookup.about
        else "",
        is_folded=is_folded,
        is_viewed=is_viewed,
    )


def anchor(element: str, key: str) -> str:
    """The id of an element's card on the page of a change."""
    return "-".join(part for part in ("hunk", element or "header", key) if part)


def title_of(kind: str, document: Document, hunk: Hunk) -> str:
    """What an element is called as the heading of its card."""
    return name_at(kind, document, hunk.element, hunk.key)


def name_at(kind: str, document: Document, element: str, key: str) -> str:
    """The same for an element by its collection and key."""
    return wording.part_name(kind, document, element, key)


def kind_of(kind: str, element: str) -> str:
    """What an element of that collection is called."""
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


def rows_of(kind: str, hunk: Hunk, lookup: Lookup) -> list[Row]:
    """The fields of a hunk before and after, as a form would ask them."""
    rows: list[Row] = []
    for path, before, after in _leaves(hunk):
        if path[-1] in ("rank", "key", "digest", "schema"):
            continue
        if kind == "asset":
            rows += _asset_rows(hunk, path, before, after, lookup)
            continue
        whole = lookup.whole(hunk.element, hunk.key, path)
        row = _row(kind, hunk.element, path, before, after, lookup.names, whole)
        rows += [row] if row else []
    return rows


def _asset_rows(
    hunk: Hunk, path: tuple[str, ...], before: Any, after: Any, lookup: Lookup
) -> list[Row]:
    """A field of an asset, in rows of its parts; markup by what it says, files by their place."""
    whole = lookup.whole(hunk.element, hunk.key, path)
    about = lookup.about.asset if lookup.about else None
    if path == ("body",) and about is not None and about.kind == "email":
        old, new = ("" if side is MISSING else side for side in (before, after))
        return body_rows(old, new, whole=whole, lang=hunk.key)
    lang = hunk.key if hunk.element == "renditions" else ""
    rows = []
    for part, was, will_be in asset_words.leaves(path, before, after):
        if part[0] == "files" and part[-1] == "file":
            rows.append(_file_row(hunk, part, was, will_be, lookup))
        elif row := _row("asset", hunk.element, part, was, will_be, lookup.names, whole):
            rows.append(replace(row, lang=lang))
    return rows


def _file_row(hunk: Hunk, path: tuple[str, ...], before: Any, after: Any, lookup: Lookup) -> Row:
    """A file has no words of its own; where it is looked at, the row leads to."""
    url = ""
    if lookup.about:
        place = f"{hunk.element}/{hunk.key}"
        url = reverse("change-content", args=[lookup.about.number, place]) + "#pictures"
    label, link = asset_words.label(path), _("Look at it") if url else ""
    if before in (MISSING, None):
        return Row(label, after=_("A file"), url=url, link=link)
    if after in (MISSING, None):
        return Row(label, before=_("A file"), url=url, link=link)
    link = _("Compare the two") if url else ""
    return Row(label, note=_("Another file takes its place."), url=url, link=link)


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
    label = label_of(kind, element, path)
    old = value_words(kind, element, path, before, names)
    new = value_words(kind, element, path, after, names)
    if not old and not new:
        return None
    # A text that is shown as it was written can be compared letter by letter.
    if not (old and new) or (old == before and new == after):
        return compared(label, old, new, whole=whole)
    return Row(label, before=old, after=new)


def label_of(kind: str, element: str, path: tuple[str, ...]) -> str:
    """What a field is called."""
    if kind == "journey":
        return journeys.words.field_label(element, path)
    if kind == "asset":
        return asset_words.label(path)
    return str(FIELD_LABELS().get(path[0], path[0].replace("_", " ").capitalize()))


def value_words(kind: str, element: str, path: tuple[str, ...], value: Any, names: Names) -> str:
    """A value of a field in words; empty for none."""
    if kind == "asset":
        return asset_words.words(path, value, names)
    if value is MISSING or value in (None, "", [], {}):
        return ""
    if kind == "journey":
        return journeys.words.format_value(element, path, value, names)
    if isinstance(value, list):
        return journeys.words.listing([str(item) for item in value])
    return str(value)


def FIELD_LABELS() -> dict[str, str]:  # noqa: N802  (a table, read in the active language)
    """What the fields of taxonomies are called."""
    return {
        "name": _("Name"),
        "label": _("Label"),
        "definition": _("Definition"),
        "broader": _("Broader concept"),
        "status": _("Status"),
        "description": _("Description"),
    }
