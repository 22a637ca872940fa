"""How many assets there are with each value of each facet.

What stands in columns stands also in one text of the row, so that one query over an index groups by
all of them; how that adds up for each facet, with all choices but its own, is worked out here. What
stands in other tables is counted by a query each.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from django.db.models import Count, Func, QuerySet, TextField
from django.utils import timezone

from content.finding import facets
from content.finding.facets import BESIDE, ENDED, SOON, Chosen, narrowed
from content.finding.searching import ToCount
from content.models import Asset, Collected, Collection, SearchRow
from people.models import Channel, Team, User

# As they stand in `Asset.facets`; the languages come last.
ORDER = ("kind", "channel", "team", "status", "state", "language")
_QUOTED = re.compile('"([^"]*)"')
Counts = dict[str, Counter[str]]
Values = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Assets that have all these in common, and how many there are."""

    values: Values
    count: int


@dataclass(slots=True)
class Counted:
    """How many assets there are in all, and with each value of each facet.

    Where it `is_cut`, so many there are at least: only the first ones that fit were counted.
    """

    total: int = 0
    by_facet: Counts = field(default_factory=dict)
    is_cut: bool = False


def counted(found: ToCount, chosen: Chosen, user: User) -> Counted:
    """How many of what was found there are, narrowed by what is chosen."""
    beside = {name: values for name, values in chosen.items() if name in BESIDE}
    # Few of either: joined to each of 100,000 rows they cost as much as all counting.
    keys = {"channel": _keys_of(Channel), "team": _keys_of(Team)}
    wanted = dict(_wanted(chosen, keys))
    answer = Counted(is_cut=found.is_cut)
    groups = _groups([narrowed(part, beside, user) for part in found.parts])
    answer.total, added = _added(groups, wanted)
    for name, counts in zip(ORDER, added, strict=True):
        answer.by_facet[name] = _named(counts, keys[name]) if name in keys else counts
    for name in BESIDE:
        parts = [narrowed(part, chosen, user, but=(name,)) for part in found.parts]
        answer.by_facet[name] = _BESIDE[name](parts, user)
    return answer


def _wanted(
    chosen: Chosen, keys: Mapping[str, Mapping[str, str]]
) -> Iterator[tuple[int, frozenset[str]]]:
    """What is chosen of columns, by its place in a group, in the words of groups."""
    for place, name in enumerate(ORDER):
        values: Iterable[str] = chosen.get(name, ())
        if name in keys:
            values = [number for number, key in keys[name].items() if key in values]
        elif name == "language":
            values = [value.lower() for value in values]
        if name in chosen:
            yield place, frozenset(values)


def _added(
    groups: Iterable[Group], wanted: Mapping[int, frozenset[str]]
) -> tuple[int, list[Counter[str]]]:
    """How many fit, and how many fit all but one choice, by the values of that."""
    total = 0
    found: list[Counter[str]] = [Counter() for _name in ORDER]
    for group in groups:
        missed = [at for at, values in wanted.items() if values.isdisjoint(group.values[at])]
        if len(missed) > 1:
            continue
        if not missed:
            total += group.count
        for place in missed or range(len(ORDER)):
            counts = found[place]
            for value in group.values[place]:
                counts[value] += group.count
    return total, found


def _keys_of(model: type[Channel | Team]) -> dict[str, str]:
    return {str(pk): key for pk, key in model.objects.order_by().values_list("pk", "key")}


def _named(counts: Counter[str], keys: Mapping[str, str]) -> Counter[str]:
    """The same by key instead of number."""
    return Counter({keys[number]: count for number, count in counts.items()})


def _groups(parts: Sequence[QuerySet[Asset]]) -> Iterator[Group]:
    grouped = [
        part.order_by().values_list("facets").annotate(count=Count("*")).order_by()
        for part in parts
    ]
    for said, count in _together(grouped):
        yield Group(_read(said), count)


@lru_cache(maxsize=20_000)
def _read(said: str) -> Values:
    """`Asset.facets`: what it says means the same for ever."""
    *values, languages = said.split("|", len(ORDER) - 1)
    # Of very many the last one may be cut off.
    spoken = {one.lower() for one in _QUOTED.findall(languages)}
    return (*((value,) for value in values), tuple(spoken))


def _together(queries: Sequence[QuerySet[Any, Any]]) -> Iterable[Any]:
    """The rows of all, in one query."""
    first, *others = queries
    return first.union(*others, all=True) if others else first


class Unnested(Func):
    """Each value of an array, in a row of its own."""

    function = "unnest"
    set_returning = True
    output_field = TextField()


def _tags(parts: Sequence[QuerySet[Asset]], _user: User) -> Counter[str]:
    grouped = [
        SearchRow.objects.filter(asset__in=part.order_by().values("pk"))
        .exclude(tags=[])
        .order_by()
        .annotate(tag=Unnested("tags"))
        .values_list("tag")
        .annotate(count=Count("*"))
        for part in parts
    ]
    return _summed(_together(grouped))


def _summed(rows: Iterable[tuple[str, int]]) -> Counter[str]:
    found: Counter[str] = Counter()
    for value, count in rows:
        found[value] += count
    return found


def _ends(parts: Sequence[QuerySet[Asset]], _user: User) -> Counter[str]:
    today = timezone.localdate()
    last = today + timedelta(days=max(SOON.values()))
    grouped = [
        SearchRow.objects.filter(ends_on__lte=last, asset__in=part.order_by().values("pk"))
        .order_by()
        .values_list("ends_on")
        .annotate(count=Count("pk"))
        for part in parts
    ]
    found: Counter[str] = Counter()
    for on, count in _together(grouped):
        for value in _buckets(on, today):
            found[value] += count
    return found


def _buckets(on: date, today: date) -> list[str]:
    if on < today:
        return [ENDED]
    return [value for value, days in SOON.items() if on <= today + timedelta(days=days)]


def _collections(parts: Sequence[QuerySet[Asset]], user: User) -> Counter[str]:
    seen = Collection.objects.visible_to(user).order_by().values("pk")
    grouped = [
        Collected.objects.filter(collection__in=seen, asset__in=part.order_by().values("pk"))
        .order_by()
        .values_list("collection")
        .annotate(count=Count("pk"))
        for part in parts
    ]
    return _summed((str(pk), count) for pk, count in _together(grouped))


def _markets(parts: Sequence[QuerySet[Asset]], user: User) -> Counter[str]:
    return sum((facets.MARKETS.count(part.order_by(), user) for part in parts), Counter())


_BESIDE: Mapping[str, Callable[[Sequence[QuerySet[Asset]], User], Counter[str]]] = {
    "tag": _tags,
    "market": _markets,
    "ends": _ends,
    "collection": _collections,
}
