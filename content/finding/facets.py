"""What a list of assets can be narrowed by; `content.finding.counting` says how many there are."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from content.models import Asset, Collected, Collection, SearchRow
from people.models import User

COLUMNS = ("kind", "channel", "team", "language", "status", "state")
BESIDE = ("tag", "market", "ends", "collection")
NAMES = (*COLUMNS, *BESIDE)
# What is counted no further.
MOST = 1_000
# Of what ends soon so many days ahead are looked at.
SOON = {"30": 30, "90": 90}
ENDED = "ended"

Chosen = Mapping[str, tuple[str, ...]]


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


class Markets:
    """Where assets are used, which a higher app knows: it gives the answers when it starts."""

    def assets(self, user: User, values: tuple[str, ...]) -> Any:
        """Ids of the assets that journeys of these markets show, which the person sees."""
        return []

    def count(self, assets: QuerySet[Asset], user: User) -> Counter[str]:
        """How many of the assets journeys of each market show."""
        return Counter()

    def known(self, user: User) -> list[str]:
        """The markets of the journeys that the person sees, by name."""
        return []


MARKETS = Markets()


def register_markets(markets: Markets) -> None:
    """Called by the app that knows journeys, in its `ready`."""
    global MARKETS
    MARKETS = markets


def known_markets(user: User) -> list[str]:
    """What markets are called in the journeys that the person sees, to choose from."""
    return MARKETS.known(user)
