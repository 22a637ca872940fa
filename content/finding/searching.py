"""Search: which assets fit what was typed, the best first."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.search import SearchRank
from django.db.models import BooleanField, ExpressionWrapper, F, Q, QuerySet

from content.finding import correcting
from content.finding.asking import Asked, asked
from content.finding.vectors import Among, Lexemes, by_index
from content.models import Asset, SearchRow
from people.models import User

# So many are put in the order of how well they fit; beyond that nobody looks.
RANKED = 500
LISTED = 1_000
# Of what words find, so many are counted by facets.
COUNTED = 1_000
# So many are looked at first, some of which not everybody sees.
LOOKED_AT = 1_500


@dataclass(frozen=True, slots=True)
class ToCount:
    """Assets that a person sees, in parts that have nothing in common.

    Where it `is_cut` there are more that fit than those `first` ones.
    """

    parts: Sequence[QuerySet[Asset]]
    is_cut: bool = False
    first: Sequence[int] = ()


def matching(assets: QuerySet[Asset], query: Asked) -> QuerySet[Asset]:
    """Those of the assets that the query fits; all where it asks for nothing."""
    if not query.tsquery:
        return assets
    return assets.filter(_one_of(_fitting(query)))


def _fitting(query: Asked) -> QuerySet[SearchRow]:
    return SearchRow.objects.filter(words=Lexemes(query.tsquery))


def _one_of(rows: QuerySet[SearchRow]) -> Among:
    """Those of the rows, which are looked up by themselves: behind a join, a limit makes the
    database believe that it soon finds enough by reading one after the other."""
    return Among(ArraySubquery(rows.values("pk")))


def _looked_up(assets: QuerySet[Any, Any], rows: QuerySet[SearchRow], most: int) -> list[Any]:
    """Up to `most` of the assets that are among the rows: of words that very many have, among the
    first of these, unless too few of those are."""
    found = list(assets.filter(_one_of(rows[:LOOKED_AT]))[:most])
    return found if len(found) == most else list(assets.filter(_one_of(rows))[:most])


@dataclass(frozen=True)
class Search:
    """A query by somebody. Where nothing fits it, the words that were probably meant stand in."""

    user: User
    typed: str
    is_exact: bool = False
    _cache: dict[str, list[int]] = field(default_factory=dict, compare=False)

    @property
    def seen(self) -> QuerySet[Asset]:
        """All that the person sees."""
        return Asset.objects.visible_to(self.user)

    @cached_property
    def asked(self) -> Asked:
        """As it was typed."""
        return asked(self.typed)

    @cached_property
    def used(self) -> Asked:
        """As it is searched for."""
        query = self.asked
        if self.is_exact or not query.tsquery or not query.words():
            return query
        return query if self._first(query) else self._corrected(query)

    def _first(self, query: Asked) -> list[int]:
        """Ids of what fits, one more than are counted."""
        if query.tsquery not in self._cache:
            seen = self.seen.order_by().values_list("pk", flat=True)
            with by_index():
                self._cache[query.tsquery] = _looked_up(seen, _fitting(query), COUNTED + 1)
        return self._cache[query.tsquery]

    def _corrected(self, query: Asked) -> Asked:
        instead = {
            word: found
            for word in query.words()[:6]
            if not correcting.holds(word, self.seen)
            and (found := correcting.meant(word, self.seen)) is not None
        }
        other = query.with_words(instead) if instead else query
        return other if self._first(other) else query

    @cached_property
    def to_count(self) -> ToCount:
        """What is counted by facets: all that the person sees, or the first ones that fit."""
        if self.says_nothing:
            return ToCount([self.seen.none()])
        if not self.used.tsquery:
            return ToCount(Asset.objects.seen_apart(self.user))
        ids = self._first(self.used)
        first = ids[:COUNTED]
        return ToCount([self.seen.filter(Among(first))], len(ids) > COUNTED, first)

    @property
    def is_corrected(self) -> bool:
        """Whether other words stand in for those that were typed."""
        return self.used is not self.asked

    @property
    def says_nothing(self) -> bool:
        """Whether something was typed in which there is neither letter nor digit."""
        return bool(self.asked.text) and not self.asked.tsquery


def _few(assets: QuerySet[Asset]) -> list[int]:
    """Their ids; none where they are more than are looked at first."""
    ids = list(assets.order_by().values_list("pk", flat=True)[: LOOKED_AT + 1])
    return ids if len(ids) <= LOOKED_AT else []


def ranked(
    assets: QuerySet[Asset], query: Asked, first: Sequence[int] = (), *, are_few: bool = False
) -> list[int]:
    """Ids of those of the assets that the query fits, in their order: named so before saying so,
    live ones first, then how well they fit; at most one more than are listed.

    Where very many fit, some of them are put in order: of those that are not named so, the `first`
    alone. `are_few`: what fits is narrowed to fewer assets, which are asked one by one.
    """
    vector, most = Lexemes(query.tsquery), LISTED + 1
    waits = ExpressionWrapper(Q(live_version__isnull=True), output_field=BooleanField())
    rows = assets.annotate(waits=waits).order_by("waits", "name", "pk").values_list("pk", "waits")
    named = SearchRow.objects.filter(heading=vector)
    if query.leaves_out:
        named = named.filter(words=vector)
    others = _fitting(query)
    with by_index():
        if are_few and (few := _few(assets)):
            named, others = (one.filter(Among(few)) for one in (named, others))
        if first and len(first) < COUNTED:
            # All that fit: those that are named so are no more.
            so_named = list(rows.filter(_one_of(named)))
        else:
            so_named = _looked_up(rows, named, most)
        found = [(pk, 0, is_not_live) for pk, is_not_live in so_named]
        if len(found) < most:
            there = {pk for pk, _in_text, _is_not_live in found}
            # Those named so are among them: to leave them out here would mean reading each.
            wanted = most + len(there)
            more = (
                rows.filter(Among(list(first)))[:wanted]
                if first
                else _looked_up(rows, others, wanted)
            )
            found += [(pk, 1, is_not_live) for pk, is_not_live in more if pk not in there]
        found = found[:most]
        best = {pk: (in_text, is_not_live) for pk, in_text, is_not_live in found[:RANKED]}
        scores = dict(
            SearchRow.objects.filter(Among(list(best)))
            .annotate(rank=SearchRank(F("words"), vector, normalization=1))
            .values_list("pk", "rank")
        )
    places = {pk: place for place, pk in enumerate(best)}
    ids = sorted(best, key=lambda pk: (*best[pk], -scores.get(pk, 0), places[pk]))
    return [*ids, *(pk for pk, _in_text, _is_not_live in found[RANKED:])]
