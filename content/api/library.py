"""The API of the library: facets, what is alike, and collections."""

from typing import Any, cast

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from cjops.core.api import CursorPages, refusals
from cjops.core.api.fields import Flag, Input, Key, Text, Words
from cjops.core.api.views import PAGING, ApiView, page_of
from cjops.core.errors import Invalid
from cjops.core.scopes import Scope
from content import collecting, queries
from content.api.assets import FILTERS, AssetFilters, as_chosen
from content.facet_words import facets_of
from content.finding import counting, facets
from content.finding.searching import Search
from content.models import Asset, Collected, Collection
from people.models import Team, User

Row = dict[str, Any]


class FacetValueOut(serializers.Serializer[Any]):
    """A value of a facet; `count` ends at 1,001, which means more than 1,000."""

    value = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    count = serializers.IntegerField()


class FacetOut(serializers.Serializer[Any]):
    """What assets can be narrowed by."""

    name = serializers.CharField(help_text="As the filter of the list of assets is called.")
    label = serializers.CharField()  # type: ignore[assignment]
    values = FacetValueOut(many=True)


class FacetsOut(serializers.Serializer[Any]):
    """All facets of the assets that fit, and how many fit."""

    count = serializers.IntegerField()
    is_cut = serializers.BooleanField(
        help_text="More than 1,000 fit: values were counted among the first 1,000, so that there "
        "are at least so many of each."
    )
    searched_for = serializers.CharField(help_text="What q was taken for.")
    facets = FacetOut(many=True)


class AlikeOut(serializers.Serializer[Any]):
    """An asset that says nearly the same."""

    key = serializers.CharField()
    name = serializers.CharField()
    percent = serializers.IntegerField()
    rendition = serializers.CharField(help_text="Key of its rendition that is likest.")
    own_rendition = serializers.CharField(help_text="Key of the rendition that it is like.")


class AlikeListOut(serializers.Serializer[Any]):
    """The likest first; at most ten."""

    results = AlikeOut(many=True)


class CollectionIn(Input):
    """A new collection."""

    name = Words(max_length=120)
    purpose = Text(required=False, default="", max_length=400)
    team = Key(required=False, help_text="Key of a team of yours; without, it is yours alone.")
    is_shared = Flag(required=False, default=False)


class CollectedIn(Input):
    """Assets to put into a collection."""

    assets = serializers.ListField(child=Key(), min_length=1, max_length=100)


class CollectionOut(serializers.Serializer[Any]):
    """A named set of assets."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    purpose = serializers.CharField()
    team = serializers.CharField(allow_null=True)
    is_shared = serializers.BooleanField()
    created_at = serializers.DateTimeField()


class CollectionDetailOut(CollectionOut):
    """The same with the keys of its assets that the person sees."""

    assets = serializers.ListField(child=serializers.CharField())


class ResultOut(serializers.Serializer[Any]):
    """What came of one asset."""

    key = serializers.CharField()
    is_done = serializers.BooleanField()
    reason = serializers.CharField()


class ResultsOut(serializers.Serializer[Any]):
    """One result for each asset."""

    results = ResultOut(many=True)


class AssetFacets(ApiView):
    """The facets of the library."""

    @extend_schema(
        operation_id="assets_facets",
        parameters=list(FILTERS),
        responses={200: FacetsOut, **refusals(400)},
        tags=["assets"],
    )
    def get(self, request: Request) -> Response:
        """Count the assets that fit by everything they can be narrowed by."""
        user, wanted = cast(User, request.user), as_chosen(self.filters(request, AssetFilters))
        search = Search(user, wanted.pop("q", ""), is_exact=bool(wanted.pop("exact", False)))
        chosen = facets.tidy({name: (value,) for name, value in wanted.items()})
        counted = counting.counted(search.to_count, chosen, user)
        rows = [
            {
                "name": facet.name,
                "label": facet.label,
                "values": [
                    {
                        "value": one.value,
                        "label": one.label,
                        "count": min(counted.by_facet[facet.name][one.value], facets.MOST + 1),
                    }
                    for one in facet.values
                ],
            }
            for facet in facets_of(user, counted, chosen)
        ]
        count = min(counted.total, facets.MOST + 1)
        if counted.is_cut:
            fitting = facets.narrowed(queries.matched(search), chosen, user)
            count = fitting.order_by()[: facets.MOST + 1].count()
        return Response(
            {
                "count": count,
                "is_cut": counted.is_cut,
                "searched_for": search.used.text,
                "facets": rows,
            }
        )


class AssetAlike(ApiView):
    """What says nearly the same as an asset."""

    @extend_schema(
        operation_id="assets_alike", responses={200: AlikeListOut, **refusals(404)}, tags=["assets"]
    )
    def get(self, request: Request, key: str) -> Response:
        """List the assets that say nearly the same, as far as you see them."""
        user = cast(User, request.user)
        asset = queries.get_asset_for(user=user, key=key)
        rows = [
            {
                "key": one.asset.key,
                "name": one.asset.name,
                "percent": one.percent,
                "rendition": one.rendition,
                "own_rendition": one.own,
            }
            for one in queries.resembling(user, asset)
        ]
        return Response({"results": rows})


class CollectionList(ApiView):
    """Collections."""

    writes = frozenset({Scope.PROPOSE})

    @extend_schema(
        operation_id="collections_list",
        parameters=PAGING,
        responses={200: page_of(CollectionOut, "Collection"), **refusals(400)},
        tags=["assets"],
    )
    def get(self, request: Request) -> Response:
        """List the collections that you see, by name."""
        seen = Collection.objects.visible_to(cast(User, request.user)).order_by().values("pk")
        rows = Collection.objects.filter(pk__in=seen).values(*_FIELDS)
        pages = CursorPages({"name": str, "pk": int})
        page = pages.rows_of(rows, request)
        return Response(pages.body(map(_row, page)))

    @extend_schema(
        operation_id="collections_create",
        request=CollectionIn,
        responses={201: CollectionOut, **refusals(400, 403, 413, 415)},
        tags=["assets"],
    )
    def post(self, request: Request) -> Response:
        """Make a collection."""
        body = self.read(request, CollectionIn)
        key = body.pop("team", None)
        team = Team.objects.filter(key=key).first() if key else None
        if key and team is None:
            raise Invalid(
                _("Some values are not right."),
                errors={"team": [_("There is no team of this key.")]},
            )
        made = collecting.make(**body, team=team, actor=cast(User, request.user))
        return Response(_row(Collection.objects.values(*_FIELDS).get(pk=made.pk)), status=201)


class CollectionDetail(ApiView):
    """One collection."""

    writes = frozenset({Scope.PROPOSE})

    @extend_schema(
        operation_id="collections_read",
        responses={200: CollectionDetailOut, **refusals(404)},
        tags=["assets"],
    )
    def get(self, request: Request, pk: int) -> Response:
        """A collection, with the assets in it that you see."""
        user = cast(User, request.user)
        collection = collecting.get_collection_for(user=user, pk=pk)
        held = Collected.objects.filter(collection=collection).values("asset")
        keys = Asset.objects.visible_to(user).filter(pk__in=held).order_by("key")
        row = _row(Collection.objects.values(*_FIELDS).get(pk=collection.pk))
        return Response({**row, "assets": list(keys.values_list("key", flat=True))})

    @extend_schema(
        operation_id="collections_fill",
        request=CollectedIn,
        responses={200: ResultsOut, **refusals(400, 403, 404, 413, 415)},
        tags=["assets"],
    )
    def post(self, request: Request, pk: int) -> Response:
        """Put assets into it; each is done or refused by itself."""
        body = self.read(request, CollectedIn)
        results = collecting.add(
            collection=pk, assets=body["assets"], actor=cast(User, request.user)
        )
        rows = [{"key": r.key, "is_done": r.is_done, "reason": r.reason} for r in results]
        return Response({"results": rows})


_FIELDS = ("pk", "name", "purpose", "team__key", "is_shared", "created_at")


def _row(row: Row) -> Row:
    """A collection, from the values of `_FIELDS`."""
    plain = {name: row[name] for name in ("name", "purpose", "is_shared", "created_at")}
    return {"id": row["pk"], **plain, "team": row["team__key"]}
