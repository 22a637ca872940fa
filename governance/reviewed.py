"""A piece of content that a change is about: what it says before and after, in one language.

A place names it: "renditions/zh-hans" in a change of an asset, "steps/welcome/body/zh-hans" for
what a slot of a step will show.
"""

from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from cjops.core.errors import Invalid, NotFound
from content.definition import said
from content.kinds import KINDS
from content.models import Asset, AssetVersion
from content.passages import Passage, passages
from content.preview import pictured, reviewing
from governance.models import Change
from governance.proposals import Document, Proposal
from people.models import User

# What stands before the name of a field where that, and no sentence, is what is meant.
FIELD = "field:"


@dataclass(frozen=True)
class Reviewed:
    """Content under review. `before` and `after` are whole asset documents, None where there was
    none; the numbers are those of their versions, 0 of what is not a version yet."""

    place: str
    asset: Asset
    rendition: str
    before: Document | None
    after: Document | None
    before_number: int = 0
    after_number: int = 0

    @property
    def kind(self) -> str:
        """The kind of content."""
        return self.asset.kind

    def side(self, name: str) -> Document | None:
        """One of the two, by its name."""
        return {"before": self.before, "after": self.after}.get(name)

    def text(self, side: str, field: str) -> str:
        """A field of its rendition as that side says it; "" where there is none."""
        found = rendition_in(self.side(side), self.rendition)
        return str(said(found, field)) if found else ""

    def passages(self) -> list[Passage]:
        """What can be spoken about: sentences and files of what is proposed, else of what goes."""
        rendition = rendition_in(self.read, self.rendition)
        if rendition is None:
            return []
        return [*passages(self.message), *pictured.spoken_about(rendition)]

    @property
    def read(self) -> Document | None:
        """The side that is read and spoken about."""
        return self.after if rendition_in(self.after, self.rendition) else self.before

    @cached_property
    def message(self) -> str:
        """Its message as it is written; "" for a kind without one, and where it cannot be shown."""
        return reviewing.message(self.read, self.rendition) if self.read else ""

    def fields(self) -> list[str]:
        """What stands beside the message: prose too where that cannot be shown."""
        is_drawn = bool(self.message)
        return [one for one in self.texts() if not (is_drawn and self._is_prose(one))]

    def texts(self) -> list[str]:
        """The fields that can be spoken about as a whole, by themselves or as the message."""
        shown = [one.name for one in KINDS[self.kind].written if one.input != "markup"]
        return [name for name in shown if self.text("after", name) or self.text("before", name)]

    def _is_prose(self, field: str) -> bool:
        return KINDS[self.kind].field(field).input == "prose"

    def quote(self, passage: str) -> str:
        """What the passage says. Raises `Invalid` where it is not there (any more)."""
        field = passage.removeprefix(FIELD)
        if field != passage and field in self.texts():
            return self.text("after", field) or self.text("before", field)
        for one in self.passages():
            if one.name == passage:
                return one.words
        raise Invalid(
            _("The passage is not there any more."),
            code="passage_gone",
            errors={"passage": [_("Open the content again and choose what you speak about.")]},
        )


def rendition_in(document: Document | None, key: str) -> Document | None:
    """The rendition of an asset document with that key."""
    renditions = document["renditions"] if document else ()
    return next((one for one in renditions if one["key"] == key), None)


def reviewed(*, change: Change, proposal: Proposal, reader: User, place: str) -> Reviewed:
    """The content at that place; `NotFound` where there is none that the reader sees."""
    parts = place.split("/")
    found = None
    if proposal.kind == "asset" and len(parts) == 2 and parts[0] == "renditions":
        found = _of_asset(change, proposal, place, parts[1])
    elif proposal.kind == "journey" and len(parts) == 4 and parts[0] == "steps":
        found = _of_step(proposal, reader, place, parts[1:])
    if found is None or not any(
        rendition_in(side, found.rendition) for side in (found.before, found.after)
    ):
        raise NotFound(_("There is nothing at this address that you can see."))
    return found


def _of_asset(change: Change, proposal: Proposal, place: str, key: str) -> Reviewed | None:
    asset = change.asset
    if asset is None:
        return None
    number = change.published_number or 0
    base = proposal.base if proposal.base.get("schema") else None
    return Reviewed(place, asset, key, base, proposal.proposed, change.base_number, number)


def _of_step(proposal: Proposal, reader: User, place: str, parts: list[str]) -> Reviewed | None:
    step, slot, key = parts
    bound = [_bound(side, step, slot) for side in (proposal.base, proposal.proposed)]
    wanted = [one for one in bound if one]
    if not wanted:
        return None
    versions = AssetVersion.objects.filter(
        subject__in=Asset.objects.visible_to(reader).order_by(),
        subject__key__in={asset for asset, _number in wanted},
        number__in={number for _asset, number in wanted},
    ).select_related("subject__channel")
    by_place = {(one.subject.key, one.number): one for one in versions}
    before, after = (by_place.get(one) if one else None for one in bound)
    shown = after or before
    if shown is None:
        return None
    if before is not None and before.subject_id != shown.subject_id:
        # Another asset is no earlier state of this one.
        before = None
    return Reviewed(
        place,
        shown.subject,
        key,
        before.get_document() if before else None,
        after.get_document() if after else None,
        before.number if before else 0,
        after.number if after else 0,
    )


def _bound(document: Document, step: str, slot: str) -> tuple[str, int] | None:
    """Asset and version in a slot of a step."""
    for one in document.get("steps", ()):
        if one["key"] == step and (held := one["slots"].get(slot)) and held["asset"]:
            return held["asset"], held["version"] or 0
    return None
