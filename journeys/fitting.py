"""Does content fit its slot: what a slot asks for, in words, and what content lacks of it."""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from cjops.core.wording import listing
from cjops.documents import Document
from content.definition import language_of
from content.kinds import KINDS
from content.sendable import sizes_of
from content.words import language_name

Needs = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Offer:
    """What a version of content is: its kind, and in lower case its languages and sizes."""

    kind: str
    languages: Set[str]
    sizes: Set[str]

    @classmethod
    def of(cls, document: Document) -> "Offer":
        """What a document of an asset is."""
        languages = frozenset(language_of(one) for one in document["renditions"])
        return cls(document["kind"], languages, sizes_of(document))


def needs_words(needs: Needs) -> list[str]:
    """What a slot asks for, one by one; nothing where it asks nothing."""
    found = [kind_name(needs["kind"])] if needs.get("kind") else []
    found += [language_name(one.lower()) for one in needs.get("languages") or ()]
    if needs.get("size"):
        found.append(size_name(needs["size"]))
    return found


def misfits(needs: Needs, offer: Offer) -> list[str]:
    """What keeps content from fitting the slot, a sentence each."""
    found = []
    if needs.get("kind") and needs["kind"] != offer.kind:
        words = _("It has to be of the kind “%(wanted)s”, and this is of the kind “%(found)s”.")
        names = {"wanted": kind_name(needs["kind"]), "found": kind_name(offer.kind)}
        found.append(words % names)
    missing = [one for one in needs.get("languages") or () if one.lower() not in offer.languages]
    if missing:
        languages = listing([language_name(one.lower()) for one in missing])
        found.append(_("These languages are missing: %(languages)s.") % {"languages": languages})
    if needs.get("size") and needs["size"].lower() not in offer.sizes:
        words = _("It does not come in the size %(size)s.")
        found.append(words % {"size": size_name(needs["size"])})
    return found


def kind_name(key: str) -> str:
    """What a kind of content is called."""
    return str(KINDS[key].label) if key in KINDS else key


def size_name(size: str) -> str:
    """A size as people write it."""
    return size.replace("x", " × ")
