"""Can what a step shows be sent, and until when? Of asset versions, kept for the process."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from django.utils.translation import get_language

from cjops.documents import Document
from content.definition import language_of, said
from content.models import AssetVersion
from content.rulebook import files_in, rules_for
from content.rules import Rules
from content.validation import validate

# A version never changes, and neither does what is wrong with it: looked at once.
MOST_KEPT = 50_000


@dataclass(frozen=True, slots=True)
class Sendable:
    """What keeps a version from being sent, in words; the last day it may be used on; and what it
    is: its kind, the languages and the sizes it comes in, in lower case."""

    errors: tuple[str, ...] = ()
    until: str = ""
    kind: str = ""
    languages: frozenset[str] = frozenset()
    sizes: frozenset[str] = frozenset()


@cache
def _kept() -> dict[tuple[str, str, str], Sendable]:
    return {}


def looked_at(bound: Mapping[tuple[str, int], str]) -> dict[str, Sendable]:
    """Versions by digest; `bound` gives the digest of each, which is there, by key and number.

    One query for the rules that admins have set, one for the versions that this process has not
    looked at under them before, and one for files that those show.
    """
    if not bound:
        return {}
    kept, language = _kept(), get_language() or ""
    rules = rules_for()
    seen = (language, rules.fingerprint)
    found = {digest: kept[digest, *seen] for digest in bound.values() if (digest, *seen) in kept}
    unknown = [place for place, digest in bound.items() if digest not in found]
    if not unknown:
        return found
    if len(kept) > MOST_KEPT:
        kept.clear()
    documents = _documents(unknown)
    if any(files_in(document) for document in documents.values()):
        rules = rules_for(*documents.values())
    for digest, document in documents.items():
        found[digest] = _sendable(document, rules)
        # A file that is not stored yet may be one day: not kept, but looked at again.
        if files_in(document) <= set(rules.files or ()):
            kept[digest, *seen] = found[digest]
    return found


def errors_in(bound: Mapping[tuple[str, int], str]) -> dict[str, tuple[str, ...]]:
    """What keeps versions from being sent, in words, by digest; those that can be are left out.

    `bound` and the queries as for `looked_at`.
    """
    return {digest: one.errors for digest, one in looked_at(bound).items() if one.errors}


def _documents(places: Iterable[tuple[str, int]]) -> dict[str, Document]:
    wanted = list(places)
    versions = AssetVersion.objects.filter(
        subject__key__in={key for key, _number in wanted},
        number__in={number for _key, number in wanted},
    ).order_by()
    return dict(versions.values_list("digest", "document"))


def sizes_of(document: Document) -> frozenset[str]:
    """The places of its files that have one, sizes such as 300x250 among them."""
    files = [said(one, "files") for one in document["renditions"]]
    return frozenset(place for one in files for place, file in one.items() if file.get("file"))


def _sendable(document: Document, rules: Rules) -> Sendable:
    errors = (one.message for one in validate(document, rules) if one.severity == "error")
    renditions = document["renditions"]
    return Sendable(
        errors=tuple(errors),
        until=str(said(document, "rights").get("valid_until") or ""),
        kind=document["kind"],
        languages=frozenset(language_of(one) for one in renditions),
        sizes=sizes_of(document),
    )
