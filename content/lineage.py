"""What was made from what: written with each version, read for the pages of both assets."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from cjops.core.errors import Invalid
from cjops.documents import Document
from content.definition import said
from content.models import Asset, AssetVersion, Descent
from people.models import User


def new_origins(before: Document, after: Document) -> set[str]:
    """Keys of the assets that `after` says it was made from, and `before` did not."""
    return _origins(after) - _origins(before)


def _origins(document: Document) -> set[str]:
    return {one["asset"] for one in said(document, "adapted_from")}


def require_origins_seen(*, keys: set[str], actor: User) -> None:
    """Refuse origins that the person does not see; raises `Invalid`, as for one that is nowhere.

    Else what is told of an origin would tell that there is one.
    """
    if unknown := sorted(keys - _seen(keys, actor)):
        raise Invalid(
            _("What this would be made from is not there."),
            code="origin-unknown",
            errors={
                "adapted_from": [
                    _("There is no asset “%(key)s” that you can see.") % {"key": key}
                    for key in unknown
                ]
            },
        )


def seen_origins(origins: Iterable[dict[str, Any]], reader: User) -> list[dict[str, Any]]:
    """Those of the origins that the person sees, for what they begin to write."""
    kept = list(origins)
    seen = _seen({one["asset"] for one in kept}, reader)
    return [one for one in kept if one["asset"] in seen]


def _seen(keys: set[str], reader: User) -> set[str]:
    """No query for no keys."""
    if not keys:
        return set()
    rows = Asset.objects.visible_to(reader).filter(key__in=keys).order_by()
    return set(rows.values_list("key", flat=True))


@transaction.atomic(savepoint=False)
def trace(*, asset: Asset, document: Document, actor: User) -> None:
    """Write what the newest version says it was made from; the caller holds the asset's lock.

    What `actor` does not see is not newly linked: files that are brought in name anything.
    """
    wanted = {one["asset"]: one["version"] for one in said(document, "adapted_from")}
    known = {
        one.origin.key: one for one in Descent.objects.filter(asset=asset).select_related("origin")
    }
    gone = [one.pk for key, one in known.items() if key not in wanted]
    if gone:
        Descent.objects.filter(pk__in=gone).delete()
    missing = {key for key in wanted if key not in known and key != asset.key}
    if missing:
        origins = Asset.objects.visible_to(actor).filter(key__in=missing).order_by()
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
