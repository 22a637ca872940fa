"""What was made from what: written with each version, read for the pages of both assets."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F

from cjops.documents import Document
from content.definition import said
from content.models import Asset, AssetVersion, Descent
from people.models import User


@transaction.atomic(savepoint=False)
def trace(*, asset: Asset, document: Document) -> None:
    """Write what the newest version says it was made from; the caller holds the asset's lock."""
    wanted = {one["asset"]: one["version"] for one in said(document, "adapted_from")}
    known = {
        one.origin.key: one for one in Descent.objects.filter(asset=asset).select_related("origin")
    }
    gone = [one.pk for key, one in known.items() if key not in wanted]
    if gone:
        Descent.objects.filter(pk__in=gone).delete()
    missing = {key for key in wanted if key not in known and key != asset.key}
    if missing:
        origins = Asset.objects.filter(key__in=missing)
        Descent.objects.bulk_create(
            [Descent(asset=asset, origin=one, number=wanted[one.key]) for one in origins],
            ignore_conflicts=True,
        )
    for key, one in known.items():
        if key in wanted and one.number != wanted[key]:
            one.number = wanted[key]
            one.save(update_fields=["number"])


@dataclass(frozen=True, slots=True)
class Kin:
    """Another asset of the lineage, as its reader sees it; `moved_to` where its live version is
    newer than the one that was looked at."""

    asset: Asset
    number: int
    moved_to: int = 0


def origins_of(asset: Asset, reader: User) -> list[Kin]:
    """What it was made from, as far as the reader sees that: one query."""
    rows = Descent.objects.filter(
        asset=asset, origin__in=Asset.objects.visible_to(reader).order_by()
    ).select_related("origin__live_version")
    found = []
    for row in rows.defer("origin__live_version__document").order_by("pk"):
        live = row.origin.live_version
        moved = live.number if live is not None and live.number > row.number else 0
        found.append(Kin(row.origin, row.number, moved))
    return found


def descendants_of(asset: Asset, reader: User, most: int = 20) -> list[Kin]:
    """What was made from it, as far as the reader sees that: one query."""
    rows = Descent.objects.filter(
        origin=asset, asset__in=Asset.objects.visible_to(reader).order_by()
    ).select_related("asset")
    return [Kin(row.asset, row.number) for row in rows.order_by("asset__name", "pk")[:most]]


def behind(origins: Sequence[int]) -> list[Descent]:
    """Whoever was made from an older version than is live now of these assets."""
    return list(
        Descent.objects.filter(origin__in=origins, number__lt=F("origin__live_version__number"))
        .select_related("asset__team", "origin__live_version")
        .order_by("pk")
    )


def version_at(asset: Asset, number: int) -> AssetVersion | None:
    """That version, if there is one."""
    return asset.versions.filter(number=number).first()
