"""Telling the owners of adapted content that what it was made from has changed."""

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone

from cjops.core.logs import request_id
from content.models import Asset, AssetStatus, Descent
from governance.models import NotificationKind, OriginNotice
from governance.services.recording import tell, write_entry
from governance.transitions import Action
from governance.visibility import who_see
from people.models import Membership, MembershipRole


def untold(origins: list[int] | None = None) -> list[int]:
    """Ids of the descents whose origin is live in a newer version that nobody was told of.

    `origins` are the assets that have just become live anew; without, all are looked at.
    """
    notices = OriginNotice.objects.filter(
        asset=OuterRef("asset"),
        origin=OuterRef("origin"),
        number=OuterRef("origin__live_version__number"),
    )
    found = _moved().filter(~Exists(notices))
    if origins is not None:
        found = found.filter(origin__in=origins)
    return list(found.order_by("pk").values_list("pk", flat=True))


@transaction.atomic(durable=True)
def tell_of_origin(*, descent: int) -> bool:
    """Tell that the origin of an asset is live in a newer version; once for each of its versions.

    False where that was told before, or is not so any more.
    """
    known = Descent.objects.filter(pk=descent).values("asset")
    # Two workers at once: the second finds what the first has told.
    asset = Asset.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=known).first()
    row = _moved().select_related("origin__live_version").filter(pk=descent).first()
    if asset is None or row is None or row.origin.live_version is None:
        return False
    number = row.origin.live_version.number
    notices = OriginNotice.objects.filter(asset=asset, origin=row.origin, number=number)
    if notices.exists():
        return False
    live = asset.live_version
    entry = write_entry(
        kind="asset",
        asset=asset,
        at=timezone.now(),
        actor=None,
        action=Action.ORIGIN_MOVED,
        revision=live.number if live else 0,
        digest=live.digest if live else "",
        # Not its key: whoever reads the ledger of this asset need not see the other.
        data={"origin": row.origin_id, "from": row.number, "to": number},
        request_id=request_id(),
    )
    OriginNotice.objects.create(asset=asset, origin=row.origin, number=number, entry=entry)
    leads = Membership.objects.filter(team=asset.team_id, role=MembershipRole.LEAD)
    people = set(leads.values_list("user_id", flat=True))
    tell(
        entry=entry, kind=NotificationKind.ORIGIN_MOVED, people=people & who_see(row.origin, people)
    )
    return True


def _moved() -> QuerySet[Descent]:
    """Assets in use whose origin is live in a newer version than they were made from."""
    return Descent.objects.filter(
        asset__status=AssetStatus.ACTIVE, number__lt=F("origin__live_version__number")
    )
