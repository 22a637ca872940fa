"""The API of content: assets, and the versions their teams write."""

from typing import Any, cast

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from cjops.core.api import CursorPages, etag, nothing_here, refusals
from cjops.core.api.fields import DocumentField, Flag, Input, Key, Text, Words
from cjops.core.api.views import PAGING, ApiView, SchemaView, document_response, page_of
from cjops.core.errors import Invalid
from cjops.core.scopes import Scope
from cjops.core.wording import in_readers_language
from content import definition, queries, services
from content.finding import facets
from content.kinds import CHOICES, KINDS
from content.models import Asset, AssetStatus, AssetVersion
from people.models import Team, User

Row = dict[str, Any]

STATES = ("live", "not-live")
_PLAIN = (
    "key",
    "name",
    "kind",
    "purpose",
    "languages",
    "status",
    "is_restricted",
    "created_at",
    "updated_at",
)
_FIELDS = (
    *(*_PLAIN, "pk", "channel__key", "team__key"),
    *("live_version__number", "live_version__digest"),
)
_VERSION = ("number", "digest", "parent_digest", "created_at", "summary")
_VERSION_FIELDS = (*_VERSION, "created_by__email", "created_by__name")


class AssetFilters(Input):
    """Which assets to list."""

    q = Text(required=False, max_length=200)
    exact = Flag(required=False)
    kind = serializers.ChoiceField(CHOICES, required=False)
    channel = Key(required=False)
    team = Key(required=False)
    language = Text(required=False, max_length=35)
    state = serializers.ChoiceField(STATES, required=False)
    status = serializers.ChoiceField(AssetStatus.choices, required=False)
    tag = Text(required=False, max_length=170)
    market = Text(required=False, max_length=200)
    ends = serializers.ChoiceField([facets.ENDED, *facets.SOON], required=False)
    collection = serializers.IntegerField(required=False, min_value=1, max_value=2**62)


class AssetIn(Input):
    """A new asset with its first version."""

    key = Key(help_text="Lower-case letters, digits and single hyphens; fixed for good.")
    kind = serializers.ChoiceField(CHOICES)
    team = Key(help_text="Key of the team that owns it; one of yours.")
    name = Words(max_length=200, help_text="Where the document has none.")
    is_restricted = Flag(required=False, default=False)
    document = DocumentField(required=False, default=dict)


class VersionIn(Input):
    """The next version of an asset."""

    document = DocumentField()


class AssetOut(serializers.Serializer[Any]):
    """An asset."""

    key = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(CHOICES)
    purpose = serializers.CharField()
    languages = serializers.ListField(child=serializers.CharField())
    status = serializers.ChoiceField(AssetStatus.choices)
    is_restricted = serializers.BooleanField()
    channel = serializers.CharField(help_text="Key of the channel it is sent on.")
    team = serializers.CharField(help_text="Key of the team that owns it.")
    live_version = serializers.IntegerField(allow_null=True)
    live_digest = serializers.CharField(allow_null=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class WriterOut(serializers.Serializer[Any]):
    """A person."""

    email = serializers.EmailField()
    name = serializers.CharField()


class AssetVersionOut(serializers.Serializer[Any]):
    """A version of an asset; a step shows it once a change that binds it is published."""

    number = serializers.IntegerField()
    digest = serializers.CharField()
    parent_digest = serializers.CharField()
    created_at = serializers.DateTimeField()
    created_by = WriterOut()
    summary = serializers.ListField(child=serializers.CharField())


class AssetVersionDetailOut(AssetVersionOut):
    """A version with its document."""

    document = serializers.DictField()


class NewAssetOut(AssetOut):
    """An asset and its first version."""

    version = AssetVersionDetailOut()


FILTERS = (
    OpenApiParameter(
        "q",
        str,
        description="Words of name, key, purpose, tags and texts; “in quotes” as they stand, -word "
        "to leave content with it out. Words that stand nowhere are taken for the ones meant.",
    ),
    OpenApiParameter("exact", bool, description="Take all words as they are."),
    OpenApiParameter("kind", str, enum=list(KINDS)),
    OpenApiParameter("channel", str, description="Key of the channel it is sent on."),
    OpenApiParameter("team", str, description="Key of the team that owns it."),
    OpenApiParameter("language", str, description="A language it has, such as zh-Hans."),
    OpenApiParameter("state", str, enum=STATES),
    OpenApiParameter("status", str, enum=list(AssetStatus.values)),
    OpenApiParameter("tag", str, description="A tag, as taxonomy:concept."),
    OpenApiParameter("market", str, description="A market of journeys that show it."),
    OpenApiParameter(
        "ends",
        str,
        enum=[facets.ENDED, *facets.SOON],
        description="Rights or statements that have ended, or end within so many days.",
    ),
    OpenApiParameter("collection", int, description="Number of a collection that holds it."),
)


def as_chosen(wanted: dict[str, Any]) -> dict[str, Any]:
    """The filters as the library takes them."""
    own: dict[str, Any] = {n: wanted.pop(n) for n in ("q", "exact") if n in wanted}
    return {**own, **{name: str(value) for name, value in wanted.items()}}


class AssetList(ApiView):
    """All assets the person sees."""

    writes = frozenset({Scope.PROPOSE})

    @extend_schema(
        operation_id="assets_list",
        parameters=[
            *PAGING,
            *FILTERS,
        ],
        responses={200: page_of(AssetOut, "Asset"), **refusals(400)},
        tags=["assets"],
    )
    def get(self, request: Request) -> Response:
        """List assets by name."""
        wanted = self.filters(request, AssetFilters)
        found = queries.library(cast(User, request.user), **as_chosen(wanted))
        pages = CursorPages({"name": str, "pk": int})
        page = pages.rows_of(found.values(*_FIELDS), request)
        return Response(pages.body(map(asset_row, page)))

    @extend_schema(
        operation_id="assets_create",
        request=AssetIn,
        responses={201: NewAssetOut, **refusals(400, 403, 409, 413, 415, 422)},
        tags=["assets"],
    )
    def post(self, request: Request) -> Response:
        """Write a new asset for one of your teams. Nothing shows it yet."""
        body = self.read(request, AssetIn)
        version = self.write(request, body)
        row = Asset.objects.filter(pk=version.subject_id).values(*_FIELDS).get()
        return Response(
            {**asset_row(row), "version": written(version)},
            status=201,
            headers={"Location": reverse("api-asset", args=[row["key"]])},
        )

    def write(self, request: Request, body: dict[str, Any]) -> AssetVersion:
        """The first version of the asset that the body asks for."""
        return services.create_asset(
            key=body["key"],
            name=body["name"],
            kind=body["kind"],
            team=_team(body["team"]),
            document=body["document"],
            is_restricted=body["is_restricted"],
            actor=cast(User, request.user),
        )


def _team(key: str) -> Team:
    team = Team.objects.filter(key=key).first()
    if team is None:
        raise Invalid(
            _("Some values are not right."), errors={"team": [_("There is no team of this key.")]}
        )
    return team


class AssetDetail(ApiView):
    """One asset."""

    @extend_schema(
        operation_id="assets_read", responses={200: AssetOut, **refusals(404)}, tags=["assets"]
    )
    def get(self, request: Request, key: str) -> Response:
        """An asset. What it says is with its versions."""
        row = seen_by(request).filter(key=key).values(*_FIELDS).first()
        if row is None:
            raise nothing_here()
        return Response(asset_row(row))


class VersionList(ApiView):
    """The versions of an asset."""

    writes = frozenset({Scope.PROPOSE})

    @extend_schema(
        operation_id="assets_versions",
        parameters=PAGING,
        responses={200: page_of(AssetVersionOut, "AssetVersion"), **refusals(400, 404)},
        tags=["assets"],
    )
    def get(self, request: Request, key: str) -> Response:
        """List the versions of an asset, the newest first, live or not."""
        asset = seen_by(request).filter(key=key).only("pk").first()
        if asset is None:
            raise nothing_here()
        pages = CursorPages({"number": int}, descending=True)
        page = pages.rows_of(asset.versions.values(*_VERSION_FIELDS), request)
        return Response(pages.body(map(version_row, page)))

    @extend_schema(
        operation_id="assets_versions_create",
        request=VersionIn,
        responses={201: AssetVersionDetailOut, **refusals(400, 403, 404, 413, 415, 422)},
        tags=["assets"],
    )
    def post(self, request: Request, key: str) -> Response:
        """Write the next version, or get the one that says the same already."""
        body, user = self.read(request, VersionIn), cast(User, request.user)
        asset = queries.get_asset_for(user=user, key=key)
        version = services.add_version(asset=asset, document=body["document"], actor=user)
        address = reverse("api-asset-version", args=[key, version.number])
        return Response(
            written(version),
            status=201,
            headers={"Location": address, "ETag": etag(version.digest)},
        )


class VersionDetail(ApiView):
    """One version of an asset."""

    @extend_schema(
        operation_id="assets_version",
        parameters=[
            OpenApiParameter("If-None-Match", str, OpenApiParameter.HEADER),
            OpenApiParameter("ETag", str, OpenApiParameter.HEADER, response=[200]),
        ],
        responses={200: AssetVersionDetailOut, 304: None, **refusals(404)},
        tags=["assets"],
    )
    def get(self, request: Request, key: str, number: int) -> Response:
        """A version with its document; it never changes."""
        version = queries.get_version_for(user=cast(User, request.user), key=key, number=number)
        return document_response(request, version.digest, written(version))


class AssetSchema(SchemaView):
    """The schema of the asset document."""

    document_schema = definition.json_schema()

    @extend_schema(
        operation_id="schemas_asset",
        responses={(200, "application/schema+json"): OpenApiTypes.OBJECT},
        auth=[],
        tags=["schemas"],
    )
    def get(self, request: Request) -> Any:
        """The JSON Schema (2020-12) of the asset document."""
        return super().get(request)


def seen_by(request: Request) -> QuerySet[Asset]:
    """The assets the person who asks sees."""
    return Asset.objects.visible_to(cast(User, request.user))


def asset_row(row: Row) -> Row:
    """An asset, from the values of `_FIELDS`."""
    return {
        **{name: row[name] for name in _PLAIN},
        "channel": row["channel__key"],
        "team": row["team__key"],
        "live_version": row["live_version__number"],
        "live_digest": row["live_version__digest"],
    }


def version_row(row: Row) -> Row:
    """A version, from the values of `_VERSION_FIELDS`."""
    return {
        **{name: row[name] for name in _VERSION},
        "summary": in_readers_language(row["summary"]),
        "created_by": {"email": row["created_by__email"], "name": row["created_by__name"]},
    }


def written(version: AssetVersion) -> Row:
    """A version with its document."""
    return {
        **{name: getattr(version, name) for name in _VERSION},
        "summary": version.words,
        "created_by": {"email": version.created_by.email, "name": version.created_by.name},
        "document": version.get_document(),
    }
