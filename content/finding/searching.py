"""Search: which assets fit what was typed, the best first."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.contrib.postgres.search import SearchRank
from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet

from content.finding import correcting
from content.finding.asking import Asked, asked
from content.finding.vectors import Among, Lexemes
from content.models import Asset, SearchRow
from people.models import User

# So many are put in the order of how well they fit; beyond that nobody looks.
RANKED = 500
LISTED = 1_000
# Of what words find, so many are counted by facets.
COUNTED = 3_000


@dataclass(frozen=True, slots=True)
class ToCount:
    """Assets that a person sees, in parts that have nothing in common; where it `is_cut`, there are
    more that fit."""

    parts: Sequence[QuerySet[Asset]]
    is_cut: bool = False


def matching(assets: QuerySet[Asset], query: Asked) -> QuerySet[Asset]:
    """Those of the assets that the query fits; all where it asks for nothing."""
    if not query.tsquery:
        return assets
    return assets.filter(search_row__words=Lexemes(query.tsquery))


@dataclass(frozen=True)
class Search:
    """A query by somebody. Where nothing fits it, the words that were probably meant stand in."""

    user: User
    typed: str
    is_exact: bool = False
    _cache: dict[str, Asked] = field(default_factory=dict, compare=False)

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
        if matching(self.seen, query).order_by().exists():
            return query
        return self._corrected(query)

    def _corrected(self, query: Asked) -> Asked:
        instead = {
            word: found
            for word in query.words()[:6]
            if not correcting.holds(word, self.seen)
            and (found := correcting.meant(word, self.seen)) is not None
        }
        other = query.with_words(instead) if instead else query
        return other if matching(self.seen, other).order_by().exists() else query

    @cached_property
    def to_count(self) -> ToCount:
        """What is counted by facets: all that the person sees, or the first ones that fit."""
        if self.says_nothing:
            return ToCount([self.seen.none()])
        if not self.used.tsquery:
            return ToCount(Asset.objects.get_queryset().seen_apart(self.user))
        found = matching(self.seen, self.used).order_by().values_list("pk", flat=True)
        ids = list(found[: COUNTED + 1])
        return ToCount([self.seen.filter(Among(ids[:COUNTED]))], is_cut=len(ids) > COUNTED)

    @property
    def is_corrected(self) -> bool:
        """Whether other words stand in for those that were typed."""
        return self.used is not self.asked

    @property
    def says_nothing(self) -> bool:
        """Whether something was typed in which there is neither letter nor digit."""
        return bool(self.asked.text) and not self.asked.tsquery


def ranked(assets: QuerySet[Asset], query: Asked) -> list[int]:
    """Ids of the assets in their order: named so before saying so, live ones first, then how well
    they fit; at most one more than are listed. A query for those named so, one for the others,
    and one for the order of the first ones."""
    vector = Lexemes(query.tsquery)
    # As an index has it: of words that most assets have it gives the first ones at once.
    waits = ExpressionWrapper(Q(live_version__isnull=True), output_field=BooleanField())
    rows = assets.annotate(waits=waits).order_by("waits", "name", "pk").values_list("pk", "waits")
    most = LISTED + 1
    found = [(pk, 0, is_not_live) for pk, is_not_live in rows.filter(_named(vector))[:most]]
    if len(found) < most:
        others = rows.filter(~_named(vector))[: most - len(found)]
        found += [(pk, 1, is_not_live) for pk, is_not_live in others]
    first = {pk: (in_text, is_not_live) for pk, in_text, is_not_live in found[:RANKED]}
    scores = dict(
        SearchRow.objects.filter(pk__in=first)
        .annotate(rank=SearchRank("words", vector, normalization=1))
        .values_list("pk", "rank")
    )
    places = {pk: place for place, pk in enumerate(first)}
    best = sorted(first, key=lambda pk: (*first[pk], -scores.get(pk, 0), places[pk]))
    return [*best, *(pk for pk, _in_text, _is_not_live in found[RANKED:])]


def _named(vector: Lexemes) -> Q:
    return Q(search_row__heading=vector)
