"""Which live steps showed an asset before, and until when: from the history of their slots."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Any

from content.models import Asset
from journeys.models import Journey, SlotBinding, Step

if TYPE_CHECKING:
    from people.models import User

# Of slots that showed it at some time so many are looked at, and so many uses are shown.
MOST_SLOTS, SHOWN = 500, 100


@dataclass(frozen=True, slots=True)
class PastUse:
    """A slot of a step that showed a version of an asset until a moment."""

    journey: Journey
    step_key: str
    step_name: str
    slot: str
    version: int
    until: datetime


def past_uses_of(user: "User", asset: Asset) -> list[PastUse]:
    """What showed the asset and shows another version or other content now, the latest first.

    In journeys that the person sees; three queries.
    """
    history = SlotBinding.history.model.objects
    slots = history.filter(asset_id=asset.pk).order_by("-id").values_list("id", flat=True)
    ids = list(slots.distinct()[:MOST_SLOTS])
    if not ids:
        return []
    rows = history.filter(id__in=ids).order_by("id", "history_date", "history_id")
    ended = [
        (row, until)
        for _slot, group in groupby(rows, key=lambda row: row.id)
        for row, until in _ended(asset.pk, list(group))
    ]
    places = _places(user, {row.step_id for row, _until in ended})
    found = [
        PastUse(*places[row.step_id], slot=row.slot, version=row.version or 0, until=until)
        for row, until in ended
        if row.step_id in places
    ]
    return sorted(found, key=lambda one: one.until, reverse=True)[:SHOWN]


def _ended(asset: int, rows: list[Any]) -> Iterable[tuple[Any, datetime]]:
    """The rows of one slot that show the asset, with when they ceased to."""
    for row, following in pairwise(rows):
        is_same = (row.asset_id, row.version) == (following.asset_id, following.version)
        if row.asset_id == asset and (following.history_type == "-" or not is_same):
            yield row, following.history_date


def _places(user: "User", steps: set[int]) -> dict[int, tuple[Journey, str, str]]:
    """Journey, key and name of steps as they were last, in journeys that the person sees."""
    rows = Step.history.filter(id__in=steps).order_by("id", "-history_date", "-history_id")
    newest = list(rows.distinct("id").values_list("id", "journey_id", "key", "name"))
    seen = Journey.objects.visible_to(user).in_bulk({journey for _id, journey, _k, _n in newest})
    return {
        pk: (seen[journey], key, name or key)
        for pk, journey, key, name in newest
        if journey in seen
    }
