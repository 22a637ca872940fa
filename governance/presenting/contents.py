"""Content that a step will show: before and after, as customers see it and in words."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from cjops.documents import Hunk
from content.models import Asset, AssetVersion
from content.rendition_form import LABELS
from content.showing import Showing, showing
from content.words import language_name
from governance.presenting.lookup import Lookup
from governance.presenting.rows import Row, text_pieces
from governance.proposals import Proposal

# What is compared in words, by field; of an e-mail's markup only the text part, which says the
# same without the tags.
COMPARED = ("subject", "preheader", "sender", "title", "text", "link")


@dataclass(frozen=True, slots=True)
class ContentChange:
    """A slot whose content changes."""

    slot: str
    asset: Asset
    before: Showing | None
    after: Showing | None
    rows: tuple[Row, ...]


def content_changes(proposal: Proposal, hunk: Hunk, lookup: Lookup) -> list[ContentChange]:
    """Slots of a step whose content changes to something that the reader may look at."""
    if hunk.element != "steps":
        return []
    before, after = (slots_of(side, hunk.key) for side in (proposal.base, proposal.proposed))
    found = []
    for slot in sorted(before.keys() | after.keys()):
        old, new = before.get(slot, {}), after.get(slot, {})
        if (old.get("asset"), old.get("version")) == (new.get("asset"), new.get("version")):
            continue
        change = _compared(slot, _version(old, lookup), _version(new, lookup), lookup.rendition)
        if change is not None:
            found.append(change)
    return found


def slots_of(document: dict[str, Any], key: str) -> dict[str, dict[str, Any]]:
    """The slots of a step; none where there is no such step."""
    for step in document.get("steps", ()):
        if step["key"] == key:
            slots: dict[str, dict[str, Any]] = step["slots"]
            return slots
    return {}


def _version(slot: dict[str, Any], lookup: Lookup) -> AssetVersion | None:
    return lookup.versions.get((slot.get("asset") or "", slot.get("version") or 0))


def _compared(
    slot: str, before: AssetVersion | None, after: AssetVersion | None, rendition: str
) -> ContentChange | None:
    shown = after or before
    if shown is None:
        return None
    rows: list[Row] = []
    if before and after and before.subject_id == after.subject_id:
        rows = _rows(before.get_document(), after.get_document())
    return ContentChange(
        slot=slot,
        asset=shown.subject,
        before=showing(before.subject, before, rendition) if before else None,
        after=showing(after.subject, after, rendition) if after else None,
        rows=tuple(rows),
    )


def _rows(before: dict[str, Any], after: dict[str, Any]) -> list[Row]:
    """What reads differently, language by language."""
    old = {rendition["key"]: rendition for rendition in before["renditions"]}
    new = {rendition["key"]: rendition for rendition in after["renditions"]}
    rows = []
    for key in [*new, *(key for key in old if key not in new)]:
        for field in COMPARED:
            was = old.get(key, {}).get(field, "")
            will_be = new.get(key, {}).get(field, "")
            if was == will_be:
                continue
            label = _("%(field)s (%(language)s)") % {
                "field": LABELS[field],
                "language": language_name(key),
            }
            rows.append(Row(label, pieces=text_pieces(was, will_be)))
    return rows
