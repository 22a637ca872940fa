"""Can what a step shows be sent? The errors of asset versions, kept for the process."""

from collections.abc import Mapping
from functools import cache

from django.utils.translation import get_language

from content.models import AssetVersion
from content.rulebook import files_in, rules_for
from content.validation import validate

# A version never changes, and neither does what is wrong with it: looked at once.
MOST_KEPT = 50_000


@cache
def _kept() -> dict[tuple[str, str, str], tuple[str, ...]]:
    return {}


def errors_in(bound: Mapping[tuple[str, int], str]) -> dict[str, tuple[str, ...]]:
    """What keeps versions from being sent, in words, by digest; those that can be are left out.

    `bound` gives the digest of each version, which is there, by asset key and number. One query
    for the rules that admins have set, one for the versions that this process has not looked at
    under them before, and one for files that those show.
    """
    if not bound:
        return {}
    kept, language = _kept(), get_language() or ""
    rules = rules_for()
    seen = (language, rules.fingerprint)
    unknown = {place for place, digest in bound.items() if (digest, *seen) not in kept}
    if unknown:
        if len(kept) > MOST_KEPT:
            kept.clear()
        versions = AssetVersion.objects.filter(
            subject__key__in={key for key, _number in unknown},
            number__in={number for _key, number in unknown},
        ).order_by()
        found = dict(versions.values_list("digest", "document"))
        if any(files_in(document) for document in found.values()):
            rules = rules_for(*found.values())
        for digest, document in found.items():
            kept[(digest, *seen)] = tuple(
                one.message for one in validate(document, rules) if one.severity == "error"
            )
    errors = {digest: kept.get((digest, *seen), ()) for digest in bound.values()}
    return {digest: sentences for digest, sentences in errors.items() if sentences}
