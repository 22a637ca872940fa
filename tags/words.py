"""What a change of a taxonomy says, in words."""

from collections.abc import Callable, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cjops.core.wording import listing
from cjops.documents import Change, Document, Hunk, hunks

NAMED = 5
# A function each, because every message must stand in the source with both its forms.
SENTENCES: dict[str, Callable[[int], str]] = {
    "add": lambda n: ngettext(
        "%(count)s concept added: %(names)s.", "%(count)s concepts added: %(names)s.", n
    ),
    "remove": lambda n: ngettext(
        "%(count)s concept removed: %(names)s.", "%(count)s concepts removed: %(names)s.", n
    ),
    "move": lambda n: ngettext(
        "%(count)s concept moved: %(names)s.", "%(count)s concepts moved: %(names)s.", n
    ),
    "edit": lambda n: ngettext(
        "%(count)s concept changed: %(names)s.", "%(count)s concepts changed: %(names)s.", n
    ),
}


def summarise(changes: Sequence[Change], before: Document, after: Document) -> list[str]:
    """What `changes`, which lead from `before` to `after`, come to: whole sentences."""
    labels = {
        concept["key"]: concept["label"] or concept["key"]
        for document in (before, after)
        for concept in document.get("concepts") or []
    }
    grouped: dict[str, list[Hunk]] = {}
    for hunk in hunks(changes):
        grouped.setdefault(hunk.op if hunk.element else "header", []).append(hunk)
    sentences = [
        SENTENCES[op](len(grouped[op]))
        % {"count": len(grouped[op]), "names": names(grouped[op], labels)}
        for op in SENTENCES
        if op in grouped
    ]
    if "header" in grouped and before.get("schema"):
        sentences.append(_("The name or description of the taxonomy changed."))
    return sentences


def names(concepts: Sequence[Hunk], labels: dict[str, str]) -> str:
    """What the first few of the concepts are called."""
    return listing(
        [_("“%(name)s”") % {"name": labels.get(hunk.key, hunk.key)} for hunk in concepts], NAMED
    )
