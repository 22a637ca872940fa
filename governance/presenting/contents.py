"""Content that a step will show: before and after, as customers see it and in words."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from cjops.documents import Hunk
from content.kinds import FIELDS
from content.models import Asset, AssetVersion
from content.reading import links_of, pictures_of, words_of
from content.showing import Showing, showing
from content.words import language_name
from governance.models import Change
from governance.presenting.lookup import Lookup
from governance.presenting.rows import Row, compared
from governance.proposals import Proposal

# What is compared as it is written. An e-mail's body is compared by its words and its links.
COMPARED = tuple(name for name in FIELDS if name != "body")

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ContentChange:
    """A slot whose content changes, or a language of an asset; that one has no slot."""

    slot: str
    asset: Asset
    before: Showing | None
    after: Showing | None
    rows: tuple[Row, ...]
    # Where in the change it is, see `governance.reviewed`, without the language.
    around: str = ""

    @property
    def is_other_asset(self) -> bool:
        """Whether another asset takes the place of the one before, not another version of it."""
        return bool(
            self.before
            and self.after
            and self.before.version.subject_id != self.after.version.subject_id
        )

    @property
    def place(self) -> str:
        """Where it is read in the language that is shown; "" where nothing is."""
        shown = self.after or self.before
        return f"{self.around}/{shown.rendition['key']}" if shown and shown.rendition else ""


def content_changes(proposal: Proposal, hunk: Hunk, lookup: Lookup) -> list[ContentChange]:
    """What the reader may look at as customers see it: slots of a step, a language of an asset."""
    if hunk.element == "renditions":
        return _rendition_changes(proposal, hunk.key, lookup.about)
    if hunk.element != "steps":
        return []
    before, after = (slots_of(side, hunk.key) for side in (proposal.base, proposal.proposed))
    found = []
    for slot in sorted(before.keys() | after.keys()):
        old, new = before.get(slot, {}), after.get(slot, {})
        if (old.get("asset"), old.get("version")) == (new.get("asset"), new.get("version")):
            continue
        change = _compared(slot, _version(old, lookup), _version(new, lookup), hunk.key, lookup)
        if change is not None:
            found.append(change)
    return found


def _rendition_changes(proposal: Proposal, key: str, change: Change | None) -> list[ContentChange]:
    """One language of an asset, live and as proposed."""
    asset = change.asset if change else None
    if change is None or asset is None:
        return []
    sides: list[Showing | None] = []
    for side, document, number in (
        ("before", proposal.base, change.base_number),
        ("after", proposal.proposed, change.published_number or change.base_number + 1),
    ):
        if not any(one["key"] == key for one in document["renditions"]):
            sides.append(None)
            continue
        # Shown and never saved: a proposal becomes a version when it is published.
        version = AssetVersion(subject=asset, number=number, document=document)
        address = reverse("change-preview", args=[change.number, side])
        shown = showing(
            asset, version, key, address, reverse("change-test", args=[change.number, side])
        )
        only = tuple(language for language in shown.languages if language.current)
        sides.append(replace(shown, languages=only, variants=()))
    return [
        ContentChange(
            slot="", asset=asset, before=sides[0], after=sides[1], rows=(), around="renditions"
        )
    ]


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
    slot: str, before: AssetVersion | None, after: AssetVersion | None, step: str, lookup: Lookup
) -> ContentChange | None:
    shown = after or before
    if shown is None:
        return None
    rows: list[Row] = []
    if before and after and before.subject_id == after.subject_id:
        rows = [
            row
            for key, was, will_be in _renditions(before.get_document(), after.get_document())
            for row in _rows(
                key, was, will_be, lambda path: lookup.whole("steps", step, ("slots", slot, *path))
            )
        ]
    return ContentChange(
        slot=slot,
        asset=shown.subject,
        before=showing(before.subject, before, lookup.rendition) if before else None,
        after=showing(after.subject, after, lookup.rendition) if after else None,
        rows=tuple(rows),
        around=f"steps/{step}/{slot}",
    )


def _renditions(before: Document, after: Document) -> list[tuple[str, Document, Document]]:
    """By language what is said before and after; {} where it is not said at all."""
    old = {rendition["key"]: rendition for rendition in before["renditions"]}
    new = {rendition["key"]: rendition for rendition in after["renditions"]}
    keys = [*new, *(key for key in old if key not in new)]
    return [(key, old.get(key, {}), new.get(key, {})) for key in keys]


def _rows(
    key: str, was: Document, will_be: Document, whole: Callable[[tuple[str, ...]], str]
) -> list[Row]:
    """What reads differently in one language."""

    def labelled(field: object) -> str:
        return _("%(field)s (%(language)s)") % {"field": field, "language": language_name(key)}

    rows = [
        compared(
            labelled(FIELDS[field]),
            was.get(field, ""),
            will_be.get(field, ""),
            whole=whole((key, field)),
            lang=key,
        )
        for field in COMPARED
        if was.get(field, "") != will_be.get(field, "")
    ]
    old, new = was.get("body", ""), will_be.get("body", "")
    if old == new:
        return rows
    return [*rows, *body_rows(old, new, whole=whole((key, "body")), lang=key, labelled=labelled)]


def body_rows(
    old: str, new: str, *, whole: str, lang: str, labelled: Callable[[str], str] = str
) -> list[Row]:
    """What a message written as markup says, before and after; `whole` leads to the markup."""
    read = [
        (_("Message, in words"), words_of(old), words_of(new), lang),
        (_("Links lead to"), "\n".join(links_of(old)), "\n".join(links_of(new)), ""),
        (_("Pictures come from"), "\n".join(pictures_of(old)), "\n".join(pictures_of(new)), ""),
    ]
    differing = [one for one in read if one[1] != one[2]]
    rows = [
        compared(labelled(label), before, after, whole=whole, lang=its)
        for label, before, after, its in differing
    ]
    note = "" if differing else _("Only the markup changes: the words, links and pictures stay.")
    link = _("Read both texts in full") if old and new else _("Read the text in full")
    markup = Row(labelled(_("Markup")), note=note, url=whole, link=link)
    return [*rows, markup] if whole else rows
