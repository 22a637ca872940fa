"""The library: a list that is searched, narrowed by facets, and quoted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from cjops.core.forms import Chosen, list_answer, page_of_ids
from content import queries
from content.facet_words import FACETS, Facet, facets_of
from content.finding import counting, facets
from content.finding.asking import MOST_LETTERS
from content.finding.counting import Counted
from content.finding.searching import COUNTED, LISTED, Search, ranked
from content.finding.snippets import Piece, marked, snippet
from content.kinds import KINDS
from content.models import Asset, SearchRow
from people.models import User

KIND_ICONS = {kind.key: kind.icon for kind in KINDS.values()}
PAGE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """An asset in the list: its name with what was found in it, and words around what was found
    in its texts."""

    asset: Asset
    name: Sequence[Piece]
    quote: Sequence[Piece]


@login_required
@require_GET
@vary_on_headers("HX-Request")
def asset_list(request: HttpRequest) -> HttpResponse:
    """The assets the reader sees, searched and narrowed by what stands in the address."""
    user = cast(User, request.user)
    typed, refused = typed_in(request)
    search = Search(user, typed, is_exact=request.GET.get("exact") == "1")
    chosen = facets.tidy({name: request.GET.getlist(name) for name in facets.NAMES})
    # Words are looked up by themselves, see `ranked`.
    listed = search.seen if search.used.tsquery else queries.matched(search)
    counted = counting.counted(search.to_count, without_refused(chosen), user)
    shown_facets = facets_of(user, counted, chosen)
    known, ignored = understood(chosen, shown_facets)
    if known != chosen:
        counted = counting.counted(search.to_count, known, user)
        shown_facets = facets_of(user, counted, known)
    ids = Ids(facets.narrowed(listed, known, user), search, counted, is_narrowed=bool(known))
    page = page_of_ids(request, ids, lambda some: lines(some, search), total=capped(ids.there_are))
    context = {
        "search": search,
        "facets": shown_facets,
        "ignored": [*refused, *ignored],
        "chosen": chips(request, search, known, shown_facets),
        "page": page,
        "lines": page.rows,
        "assets": [line.asset for line in page.rows],
        "icons": KIND_ICONS,
        "exact_url": f"{request.path}?{urlencode([*_pairs(request, 'exact'), ('exact', '1')])}",
        "is_cut": ids.is_cut,
        "counted": number_format(COUNTED, force_grouping=True) if counted.is_cut else "",
    }
    return list_answer(request, "content/asset_list.html", context)


def typed_in(request: HttpRequest) -> tuple[str, list[str]]:
    """What was searched for, and a sentence where that cannot be."""
    typed = request.GET.get("q", "")
    if len(typed) <= MOST_LETTERS and "\x00" not in typed:
        return typed, []
    return "", [left_out(_("Search"))]


def left_out(name: str) -> str:
    """What is said of a filter that makes no sense."""
    return _("The filter “%(name)s” is not understood and was left out.") % {"name": name}


def without_refused(chosen: facets.Chosen) -> facets.Chosen:
    """The choices without text that the database cannot take."""
    return facets.tidy(
        {name: [one for one in values if "\x00" not in one] for name, values in chosen.items()}
    )


class Ids(Sequence[int]):
    """Ids in the order of the list; of a list by name only those that are asked for are read."""

    def __init__(
        self, assets: QuerySet[Asset], search: Search, counted: Counted, *, is_narrowed: bool
    ) -> None:
        self.assets = assets
        self.best: list[int] | None = None
        self.there_are = counted.total
        self.is_cut = False
        if search.used.tsquery and (counted.total or counted.is_cut):
            # Of very many some are looked through; but all, where the list is narrowed further.
            are_few = counted.is_cut and is_narrowed
            first = () if are_few else search.to_count.first
            best = ranked(assets, search.used, first, are_few=are_few)
            self.best, self.is_cut = best[:LISTED], len(best) > LISTED
            # Where not all were counted, the list knows better.
            self.there_are = len(best) if counted.is_cut else counted.total

    def __len__(self) -> int:
        return self.there_are if self.best is None else len(self.best)

    def __getitem__(self, at: Any) -> Any:
        if self.best is not None:
            return self.best[at]
        return list(self.assets.order_by("name", "pk").values_list("pk", flat=True)[at])


def lines(ids: Sequence[int], search: Search) -> list[Line]:
    """The rows of one page, quoted where something was typed."""
    needles = search.used.needles
    rows = queries.with_rows(Asset.objects.visible_to(search.user)).in_bulk(list(ids))
    texts: dict[int, str] = {}
    if needles:
        texts = dict(SearchRow.objects.filter(pk__in=ids).values_list("pk", "text"))
    return [
        Line(
            asset=rows[pk],
            name=marked(rows[pk].name, needles) if needles else [Piece(rows[pk].name)],
            quote=snippet(texts.get(pk, ""), needles) if needles else [],
        )
        for pk in ids
        if pk in rows
    ]


def understood(
    chosen: facets.Chosen, shown: Sequence[Facet]
) -> tuple[dict[str, tuple[str, ...]], list[str]]:
    """The choices that there are, and a sentence for each facet with one that there is not: an
    address grows old, and that is no error."""
    known: dict[str, tuple[str, ...]] = {}
    ignored = []
    for facet in shown:
        values = chosen.get(facet.name, ())
        there = {value.value for value in facet.values}
        if left := tuple(value for value in values if value in there):
            known[facet.name] = left
        if len(left) < len(values):
            ignored.append(left_out(facet.label))
    there_are = {facet.name for facet in shown}
    ignored += [left_out(str(FACETS[name])) for name in chosen if name not in there_are]
    return known, ignored


def chips(
    request: HttpRequest, search: Search, known: facets.Chosen, shown: Sequence[Facet]
) -> list[Chosen]:
    """What the list is narrowed by, each with the list without it."""
    found = []
    if search.asked.text:
        found.append(
            Chosen(_("Search"), search.asked.text, _address(request, _pairs(request, "q")))
        )
    for facet in shown:
        labels = {value.value: value.label for value in facet.values}
        for value in known.get(facet.name, ()):
            pairs = [pair for pair in _pairs(request) if pair != (facet.name, value)]
            found.append(Chosen(facet.label, labels[value], _address(request, pairs)))
    return found


def _pairs(request: HttpRequest, *but: str) -> list[tuple[str, str]]:
    return [
        (name, value)
        for name, values in request.GET.lists()
        for value in values
        if value and name not in (*but, "page")
    ]


def _address(request: HttpRequest, pairs: Sequence[tuple[str, str]]) -> str:
    return f"{request.path}?{urlencode(pairs)}" if pairs else request.path


def capped(count: int) -> str:
    """A count for people, no further than anybody wants to know."""
    if count > facets.MOST:
        return _("more than %(count)s") % {"count": number_format(facets.MOST, force_grouping=True)}
    return number_format(count, force_grouping=True)
