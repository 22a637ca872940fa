"""Can what a step shows be sent? The errors of asset versions, kept for the process."""

from collections.abc import Mapping
from functools import cache

from django.utils.translation import get_language

from content.models import AssetVersion
from content.validation import validate

# A version never changes, and neither does what is wrong with it: looked at once.
MOST_KEPT = 50_000


@cache
def _kept() -> dict[tuple[str, str], tuple[str, ...]]:
    return {}


def errors_in(bound: Mapping[tuple[str, int], str]) -> dict[str, tuple[str, ...]]:
    """What keeps versions from being sent, in words, by digest; those that can be are left out.

    `bound` gives the digest of each version, which is there, by asset key and number. One query
    for those that this process has not looked at before, none without.
    """
    kept, language = _kept(), get_language() or ""
    unknown = {place for place, digest in bound.items() if (digest, language) not in kept}
    if unknown:
        if len(kept) > MOST_KEPT:
            kept.clear()
        versions = AssetVersion.objects.filter(
            subject__key__in={key for key, _number in unknown},
            number__in={number for _key, number in unknown},
        ).order_by()
        for digest, document in versions.values_list("digest", "document"):
            kept[digest, language] = tuple(
                finding.message for finding in validate(document) if finding.severity == "error"
            )
    found = {digest: kept.get((digest, language), ()) for digest in bound.values()}
    return {digest: sentences for digest, sentences in found.items() if sentences}
