"""Can what a step shows be sent, and until when? Of asset versions, kept for the process."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from django.utils.translation import get_language

from cjops.documents import Document
from content.definition import language_of, said
from content.markets import folded
from content.models import AssetVersion
from content.rulebook import files_in, rules_for
from content.rules import Rules
from content.validation import validate, words_of_market

# A version never changes, and neither does what is wrong with it: looked at once.
MOST_KEPT = 50_000


@dataclass(frozen=True, slots=True)
class Sendable:
    """What keeps a version from being sent, in words; what the word rules of the market advise
    against; the last day it may be used on, and where; and what it is: its kind, the languages and
    the sizes it comes in, in lower case."""

    errors: tuple[str, ...] = ()
    advised: tuple[str, ...] = ()
    until: str = ""
    territories: tuple[str, ...] = ()
    kind: str = ""
    languages: frozenset[str] = frozenset()
    sizes: frozenset[str] = frozenset()


@cache
def _kept() -> dict[tuple[str, str, str, str], Sendable]:
    return {}


def looked_at(bound: Mapping[tuple[str, int], str], market: str = "") -> dict[str, Sendable]:
    """Versions by digest; `bound` gives the digest of each, which is there, by key and number.

    With a market also what its word rules say, wherever the content says it may be used.

    One query for the rules that admins have set, one for the versions that this process has not
    looked at under them before, and one for files that those show.
    """
    if not bound:
        return {}
    kept, language = _kept(), get_language() or ""
    rules = rules_for()
    # Only a market with rules of its own makes a difference.
    place = folded(market)
    place = place if any(folded(one.market) == place for one in rules.phrases) else ""
    seen = (language, rules.fingerprint, place)
    found = {digest: kept[digest, *seen] for digest in bound.values() if (digest, *seen) in kept}
    unknown = [one for one, digest in bound.items() if digest not in found]
    if not unknown:
        return found
    if len(kept) > MOST_KEPT:
        kept.clear()
    documents = _documents(unknown)
    if any(files_in(document) for document in documents.values()):
        rules = rules_for(*documents.values())
    for digest, document in documents.items():
        found[digest] = _sendable(document, rules, place)
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


def _sendable(document: Document, rules: Rules, market: str) -> Sendable:
    words = words_of_market(document, rules, market)
    errors = [one for one in (*validate(document, rules), *words) if one.severity == "error"]
    renditions, rights = document["renditions"], said(document, "rights")
    return Sendable(
        errors=tuple(one.message for one in errors),
        advised=tuple(one.message for one in words if one.severity == "warning"),
        until=str(rights.get("valid_until") or ""),
        territories=tuple(rights.get("territories") or ()),
        kind=document["kind"],
        languages=frozenset(language_of(one) for one in renditions),
        sizes=sizes_of(document),
    )
