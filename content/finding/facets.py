"""What a list of assets can be narrowed by, with how many there are of each.

What stands in columns is counted by one query that groups by all of them; how that adds up for each
facet, with all choices but its own, is worked out here. What stands in other tables is counted by a
query each.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import BooleanField, Count, ExpressionWrapper, Q, QuerySet
from django.utils import timezone

from content.models import Asset, Collected, Collection, SearchRow
from people.models import Channel, Team, User

COLUMNS = ("kind", "channel", "team", "language", "status", "state")
BESIDE = ("tag", "market", "ends", "collection")
NAMES = (*COLUMNS, *BESIDE)
# What is counted no further.
MOST = 1_000
# Of what ends soon so many days ahead are looked at.
SOON = {"30": 30, "90": 90}
ENDED = "ended"

Chosen = Mapping[str, tuple[str, ...]]
Counts = dict[str, Counter[str]]


@dataclass(frozen=True, slots=True)
class Group:
    """Assets that have all these in common, and how many there are."""

    values: Mapping[str, frozenset[str]]
    count: int


@dataclass(slots=True)
class Counted:
    """How many assets there are in all, and with each value of each facet."""

    total: int = 0
    by_facet: Counts = field(default_factory=dict)


def tidy(wanted: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    """The choices without empty ones, by facet."""
    found = {}
    for name in NAMES:
        values = tuple(dict.fromkeys(v for v in wanted.get(name, ()) if v))[:50]
        if values:
            found[name] = values
    return found


def narrowed(
    assets: QuerySet[Asset], chosen: Chosen, user: User, *, but: Iterable[str] = ()
) -> QuerySet[Asset]:
    """The assets that have one of the chosen values of each facet, `but` of some."""
    for name, values in chosen.items():
        if name not in but:
            assets = assets.filter(_condition(name, values, user))
    return assets


def _condition(name: str, values: tuple[str, ...], user: User) -> Q:
    if name == "state":
        wanted = {value == "live" for value in values if value in ("live", "not-live")}
        return Q() if len(wanted) != 1 else Q(live_version__isnull=not wanted.pop())
    if name == "language":
        return _any(Q(languages__contains=[one]) for value in values for one in spellings(value))
    if name in COLUMNS:
        path = {"channel": "channel__key", "team": "team__key"}.get(name, name)
        return Q(**{f"{path}__in": values})
    if name == "tag":
        return Q(search_row__in=SearchRow.objects.filter(tags__overlap=list(values)))
    if name == "ends":
        return Q(search_row__in=SearchRow.objects.filter(_any(map(_ending, values))))
    if name == "collection":
        ids = [int(value) for value in values if value.isdecimal() and len(value) < 18]
        mine = Collection.objects.visible_to(user).filter(pk__in=ids).order_by()
        return Q(pk__in=Collected.objects.filter(collection__in=mine.values("pk")).values("asset"))
    return Q(pk__in=MARKETS.assets(user, values))


def _any(conditions: Iterable[Q]) -> Q:
    found = Q(pk__in=())
    for one in conditions:
        found |= one
    return found


def _ending(value: str) -> Q:
    today = timezone.localdate()
    if value == ENDED:
        return Q(ends_on__lt=today)
    days = SOON.get(value)
    last = today + timedelta(days=days or 0)
    return Q(ends_on__gte=today, ends_on__lte=last) if days else Q(pk__in=())


def spellings(language: str) -> set[str]:
    """How authors may have spelled a language tag."""
    parts = language.lower().split("-")
    usual = [parts[0], *(p.upper() if len(p) == 2 else p.title() for p in parts[1:])]
    return {language, language.lower(), "-".join(usual)}


def counted(assets: QuerySet[Asset], chosen: Chosen, user: User) -> Counted:
    """How many of the assets, which are those the person sees and the query fits, there are."""
    beside = {name: values for name, values in chosen.items() if name in BESIDE}
    groups = list(_groups(narrowed(assets, beside, user)))
    found = Counted()
    found.total = sum(group.count for group in groups if _fits(group, chosen))
    for name in COLUMNS:
        found.by_facet[name] = _added(name, (g for g in groups if _fits(g, chosen, but=name)))
    for name in BESIDE:
        others = narrowed(assets, chosen, user, but=(name,))
        found.by_facet[name] = _BESIDE[name](others.order_by(), user)
    return found


def _groups(assets: QuerySet[Asset]) -> Iterator[Group]:
    live = ExpressionWrapper(Q(live_version__isnull=False), output_field=BooleanField())
    rows = (
        assets.order_by()
        .annotate(is_shown=live)
        .values_list("kind", "channel_id", "team_id", "languages", "status", "is_shown")
        .annotate(count=Count("*"))
    )
    # Few of either: joined to each of 100,000 rows they cost as much as all counting.
    channels = dict(Channel.objects.order_by().values_list("pk", "key"))
    teams = dict(Team.objects.order_by().values_list("pk", "key"))
    for kind, channel, team, languages, status, is_live, count in rows:
        values = {
            "kind": frozenset({kind}),
            "channel": frozenset({channels[channel]}),
            "team": frozenset({teams[team]}),
            "language": frozenset(one.lower() for one in languages),
            "status": frozenset({status}),
            "state": frozenset({"live" if is_live else "not-live"}),
        }
        yield Group(values, count)


def _fits(group: Group, chosen: Chosen, but: str = "") -> bool:
    return all(
        not group.values[name].isdisjoint(_as_grouped(name, chosen[name]))
        for name in COLUMNS
        if name in chosen and name != but
    )


def _as_grouped(name: str, values: tuple[str, ...]) -> Iterable[str]:
    return [value.lower() for value in values] if name == "language" else values


def _added(name: str, groups: Iterable[Group]) -> Counter[str]:
    found: Counter[str] = Counter()
    for group in groups:
        for value in group.values[name]:
            found[value] += group.count
    return found


def _tags(assets: QuerySet[Asset], _user: User) -> Counter[str]:
    rows = (
        SearchRow.objects.filter(asset__in=assets.values("pk"))
        .exclude(tags=[])
        .order_by()
        .values_list("tags")
        .annotate(count=Count("*"))
    )
    found: Counter[str] = Counter()
    for together, count in rows:
        for tag in together:
            found[tag] += count
    return found


def _ends(assets: QuerySet[Asset], _user: User) -> Counter[str]:
    today = timezone.localdate()
    last = today + timedelta(days=max(SOON.values()))
    rows = SearchRow.objects.filter(ends_on__lte=last, asset__in=assets.values("pk"))
    days = rows.order_by().values_list("ends_on").annotate(count=Count("pk"))
    found: Counter[str] = Counter()
    for on, count in days:
        for value in _buckets(on, today):
            found[value] += count
    return found


def _buckets(on: date, today: date) -> list[str]:
    if on < today:
        return [ENDED]
    return [value for value, days in SOON.items() if on <= today + timedelta(days=days)]


def _collections(assets: QuerySet[Asset], user: User) -> Counter[str]:
    rows = (
        Collected.objects.filter(
            collection__in=Collection.objects.visible_to(user).order_by().values("pk"),
            asset__in=assets.values("pk"),
        )
        .order_by()
        .values_list("collection")
        .annotate(count=Count("pk"))
    )
    return Counter({str(pk): count for pk, count in rows})


class Markets:
    """Where assets are used, which a higher app knows: it gives the answers when it starts."""

    def assets(self, user: User, values: tuple[str, ...]) -> Any:
        """Ids of the assets that journeys of these markets show, which the person sees."""
        return []

    def count(self, assets: QuerySet[Asset], user: User) -> Counter[str]:
        """How many of the assets journeys of each market show."""
        return Counter()


MARKETS = Markets()


def register_markets(markets: Markets) -> None:
    """Called by the app that knows journeys, in its `ready`."""
    global MARKETS
    MARKETS = markets


def _markets(assets: QuerySet[Asset], user: User) -> Counter[str]:
    return MARKETS.count(assets, user)


_BESIDE = {"tag": _tags, "market": _markets, "ends": _ends, "collection": _collections}
