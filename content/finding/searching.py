"""Search: which assets fit what was typed, the best first."""

from dataclasses import dataclass, field
from functools import cached_property

from django.contrib.postgres.search import SearchRank
from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet

from content.finding import correcting
from content.finding.asking import Asked, asked
from content.finding.vectors import Lexemes
from content.models import Asset, SearchRow
from people.models import User

# So many are put in the order of how well they fit; beyond that nobody looks.
RANKED = 500
LISTED = 1_000


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
    they fit. One query for the ids, one for the order of the first ones."""
    named = ExpressionWrapper(
        Q(search_row__heading=Lexemes(query.tsquery)), output_field=BooleanField()
    )
    live = ExpressionWrapper(Q(live_version__isnull=False), output_field=BooleanField())
    rows = (
        assets.annotate(is_named=named, is_shown=live)
        .order_by("-is_named", "-is_shown", "name", "pk")
        .values_list("pk", "is_named", "is_shown")[:LISTED]
    )
    found = list(rows)
    first = {pk: (not is_named, not is_live) for pk, is_named, is_live in found[:RANKED]}
    scores = dict(
        SearchRow.objects.filter(pk__in=first)
        .annotate(rank=SearchRank("words", Lexemes(query.tsquery), normalization=1))
        .values_list("pk", "rank")
    )
    places = {pk: place for place, pk in enumerate(first)}
    best = sorted(first, key=lambda pk: (*first[pk], -scores.get(pk, 0), places[pk]))
    return [*best, *(pk for pk, _named, _live in found[RANKED:])]
