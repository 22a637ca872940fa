"""Telling people of content whose rights or statements run out, 30, 7 and 1 days before."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from cjops.core.logs import request_id
from content.models import Asset, AssetStatus, Deadline
from governance.models import ExpiryNotice, NotificationKind
from governance.services.recording import tell, write_entry
from governance.transitions import Action
from journeys.models import JourneyRole
from people.models import Membership, MembershipRole

DAYS = (30, 7, 1)
MANAGER = "journey-manager"


def ending(today: date) -> list[int]:
    """Ids of the assets in use of which something ends soon and somebody was not told yet."""
    soon = Deadline.objects.filter(on__gte=today, on__lte=today + timedelta(days=DAYS[0]))
    rows = soon.filter(asset__status=AssetStatus.ACTIVE).order_by("asset_id")
    return list(rows.values_list("asset_id", flat=True).distinct())


@transaction.atomic(durable=True)
def tell_of_end(*, asset: int, today: date | None = None) -> int:
    """Tell of each end of one asset that is due; how many messages went out to how many ends.

    A threshold that passed while nobody looked is not told late: the one reached now says more.
    """
    today = today or timezone.localdate()
    # Two workers at once: the second finds what the first has told.
    row = (
        Asset.objects.select_for_update(of=("self",), no_key=True)
        # Read when the lock is held: a row joined to one that moved meanwhile would be missing.
        .prefetch_related("live_version")
        .filter(pk=asset, status=AssetStatus.ACTIVE)
        .first()
    )
    if row is None:
        return 0
    told = 0
    for due in row.deadlines.filter(on__gte=today).order_by("on", "what", "key"):
        reached = [days for days in DAYS if (due.on - today).days <= days]
        known = set(_notices(due).values_list("days", flat=True))
        if reached and reached[-1] not in known:
            _tell(row, due, reached[-1], (due.on - today).days)
            told += 1
            known.add(reached[-1])
        passed = [days for days in reached if days not in known]
        ExpiryNotice.objects.bulk_create(_notice(due, days) for days in passed)
    return told


def _notices(due: Deadline) -> QuerySet[ExpiryNotice]:
    return ExpiryNotice.objects.filter(asset=due.asset_id, what=due.what, key=due.key, on=due.on)


def _notice(due: Deadline, days: int) -> ExpiryNotice:
    return ExpiryNotice(asset_id=due.asset_id, what=due.what, key=due.key, on=due.on, days=days)


def _tell(asset: Asset, due: Deadline, days: int, left: int) -> None:
    live = asset.live_version
    entry = write_entry(
        kind="asset",
        asset=asset,
        at=timezone.now(),
        actor=None,
        action=Action.RUN_OUT,
        revision=live.number if live else 0,
        digest=live.digest if live else "",
        data={"what": due.what, "on": due.on.isoformat(), "days": left},
        request_id=request_id(),
    )
    notice = _notice(due, days)
    notice.entry = entry
    notice.save(force_insert=True)
    tell(entry=entry, kind=NotificationKind.ENDING, people=_concerned(asset))


def _concerned(asset: Asset) -> set[int]:
    """Who leads the team that owns it, and who manages a journey that shows it."""
    leads = Membership.objects.filter(team=asset.team_id, role=MembershipRole.LEAD)
    found = set(leads.values_list("user_id", flat=True))
    roles = JourneyRole.objects.filter(
        role__key=MANAGER, journey__steps__slots__asset=asset
    ).order_by()
    found |= set(roles.filter(user__isnull=False).values_list("user_id", flat=True))
    teams = roles.filter(team__isnull=False).values("team")
    return found | set(
        Membership.objects.filter(team__in=teams, role=MembershipRole.LEAD).values_list(
            "user_id", flat=True
        )
    )
