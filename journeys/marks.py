"""What became of each element between two documents, as one mark that every picture shows."""

from collections.abc import Mapping, Sequence
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from cjops.documents import Document, Hunk, diff, hunks

Mark = Literal["", "add", "edit", "move", "remove", "rewire"]
Place = tuple[str, str]

# In the order in which legends explain them.
GLYPHS: Mapping[Mark, str] = {
    "": "",
    "add": "+",
    "edit": "~",
    "move": "↕",
    "rewire": "⤳",
    "remove": "−",
}
MARK_WORDS: Mapping[Mark, Promise] = {
    "add": pgettext_lazy("mark in a drawing", "added"),
    "edit": pgettext_lazy("mark in a drawing", "changed"),
    "move": pgettext_lazy("mark in a drawing", "moved"),
    "rewire": pgettext_lazy("mark in a drawing", "rewired"),
    "remove": pgettext_lazy("mark in a drawing", "removed"),
}
LEGEND: Mapping[Mark, Promise] = {
    "add": pgettext_lazy("mark in a drawing", "Added"),
    "edit": pgettext_lazy("mark in a drawing", "Changed"),
    "move": pgettext_lazy("mark in a drawing", "Moved"),
    "rewire": pgettext_lazy("mark in a drawing", "Rewired: starts or ends elsewhere"),
    "remove": pgettext_lazy("mark in a drawing", "Removed"),
}
# Where an element hangs on others: what changes there changes the way customers go.
_ENDS = {"transitions": {("source",), ("target",)}, "entries": {("step",)}}
# A step moves within its stage, and from one stage to another.
_PLACES = {"steps": {("rank",), ("stage",)}}


def mark_of(hunk: Hunk) -> Mark:
    """The mark of one element."""
    if hunk.op in ("add", "remove"):
        return hunk.op
    fields = {change.field for change in hunk.changes}
    if fields & _ENDS.get(hunk.element, set()):
        return "rewire"
    if fields <= _PLACES.get(hunk.element, {("rank",)}) and hunk.element:
        return "move"
    return "edit"


def marks_of(found: Sequence[Hunk]) -> dict[Place, Mark]:
    """The mark of each element that differs, by collection and key."""
    return {(hunk.element, hunk.key): mark_of(hunk) for hunk in found}


def marks_between(before: Document, after: Document) -> dict[Place, Mark]:
    """The same for two documents."""
    return marks_of(hunks(diff(before, after)))
