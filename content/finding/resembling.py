"""Content that says nearly the same as other content."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

from cjops.documents import Document
from content.finding import shingles
from content.finding.indexing import bands_of
from content.finding.texts import Said, said_in
from content.models import Asset, AssetVersion, LibraryRule, SearchRow
from content.models.finding import LIKENESS
from people.models import User

# Of texts that may be alike so many share a band at most are looked at, and so many compared.
MOST_MET, MOST_COMPARED = 4_000, 30
SHOWN = 10
_MET = """
    SELECT r.asset_id FROM content_searchrow r
    WHERE r.asset_id = ANY(%s) ORDER BY cardinality(ARRAY(
        SELECT unnest(r.bands) INTERSECT SELECT unnest(%s::integer[]))) DESC, r.asset_id LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class Resembling:
    """Another asset, how alike it is from 0 to 100, and which of its renditions is to which."""

    asset: Asset
    percent: int
    rendition: str
    own: str


def least() -> int:
    """From which percentage on it is told, as an admin has set it."""
    rule = LibraryRule.objects.order_by("pk").first()
    return rule.likeness if rule else LIKENESS


def resembling(
    user: User, document: Document, *, but: int | None = None, percent: int | None = None
) -> list[Resembling]:
    """Assets the person sees that say nearly the same as the document, the likest first.

    `but` is the asset that it is of. Compared is rendition by rendition.
    """
    return _alike(user, said_in(document), but, least() if percent is None else percent)


def resembling_text(user: User, text: str, *, percent: int | None = None) -> list[Resembling]:
    """The same for a text that is in no asset yet."""
    said = [Said("", "", (text,))]
    return _alike(user, said, None, least() if percent is None else percent)


def _alike(user: User, texts: list[Said], but: int | None, percent: int) -> list[Resembling]:
    own = [(text.key, shingles.shingles(shingles.comparable(text.text))) for text in texts]
    own = [(key, runs) for key, runs in own if len(runs) >= shingles.LEAST]
    bands = bands_of(texts)
    if not bands:
        return []
    met = SearchRow.objects.filter(bands__overlap=bands)
    seen = Asset.objects.visible_to(user).filter(search_row__in=met)
    if but is not None:
        seen = seen.exclude(pk=but)
    ids = list(seen.order_by().values_list("pk", flat=True)[:MOST_MET])
    found = []
    for asset, others in _documents(_most_shared(ids, bands)):
        best = max(_pairs(own, others), default=None)
        if best is not None and best[0] >= percent:
            found.append(Resembling(asset, best[0], best[1], best[2]))
    return sorted(found, key=lambda one: (-one.percent, one.asset.name))[:SHOWN]


def _most_shared(ids: list[int], bands: list[int]) -> list[int]:
    if len(ids) <= MOST_COMPARED:
        return ids
    with connection.cursor() as cursor:
        cursor.execute(_MET, [ids, bands, MOST_COMPARED])
        return [pk for (pk,) in cursor.fetchall()]


def _documents(ids: list[int]) -> Iterable[tuple[Asset, list[tuple[str, set[str]]]]]:
    """The assets with what each rendition of the version that search reads comes to."""
    assets = Asset.objects.select_related("team", "channel", "live_version").in_bulk(ids)
    without = [pk for pk in ids if pk in assets and assets[pk].live_version_id is None]
    newest = {
        version.subject_id: version
        for version in AssetVersion.objects.filter(subject__in=without)
        # By the column: by the relation it would be the order of assets, which is their name.
        .order_by("subject_id", "-number")
        .distinct("subject_id")
    }
    for pk in ids:
        asset = assets.get(pk)
        version = (asset.live_version or newest.get(pk)) if asset else None
        if asset is not None and version is not None:
            texts = said_in(version.get_document())
            yield (
                asset,
                [(text.key, shingles.shingles(shingles.comparable(text.text))) for text in texts],
            )


def _pairs(
    own: Iterable[tuple[str, set[str]]], others: list[tuple[str, set[str]]]
) -> Iterable[tuple[int, str, str]]:
    for key, runs in own:
        for other, theirs in others:
            # Two that differ much in length cannot be alike.
            if len(theirs) >= shingles.LEAST and 2 * min(len(runs), len(theirs)) >= max(
                len(runs), len(theirs)
            ):
                yield round(100 * shingles.likeness(runs, theirs)), other, key
