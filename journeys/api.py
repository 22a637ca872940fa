"""The API of journeys: what is live, and every version before it. Changing them is governance's."""

from typing import Any, cast

from django.db.models import OuterRef, Subquery
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from cjops.core.api import CursorPages, nothing_here, refusals
from cjops.core.api.fields import Input, Key, Text
from cjops.core.api.views import PAGING, ApiView, SchemaView, document_response, page_of
from cjops.core.wording import in_readers_language
from journeys import definition, reading
from journeys.listing import journey_rows
from journeys.models import Importance, Journey, JourneyRole
from people.models import User

Row = dict[str, Any]

STATES = ("live", "not-live", "changing")
_PLAIN = (
    "key",
    "name",
    "purpose",
    "market",
    "product_line",
    "importance",
    "personas",
    "channels",
    "step_count",
    "is_restricted",
    "created_at",
    "updated_at",
)
_FIELDS = (*_PLAIN, "pk", "parent_key", "live_version__number", "live_version__digest")
_VERSION = ("number", "digest", "parent_digest", "created_at", "summary")
_VERSION_FIELDS = (*_VERSION, "created_by__email", "created_by__name")


class JourneyFilters(Input):
    """Which journeys to list."""

    q = Text(required=False, max_length=200)
    owner = serializers.ChoiceField(["mine"], required=False)
    state = serializers.ChoiceField(STATES, required=False)
    market = Text(required=False, max_length=200)
    product_line = Text(required=False, max_length=200)
    channel = Key(required=False)
    importance = serializers.ChoiceField(Importance.choices, required=False)


class JourneyOut(serializers.Serializer[Any]):
    """A journey, as lists show it."""

    key = serializers.CharField()
    name = serializers.CharField()
    purpose = serializers.CharField()
    market = serializers.CharField()
    product_line = serializers.CharField()
    importance = serializers.ChoiceField(Importance.choices)
    personas = serializers.ListField(child=serializers.CharField())
    channels = serializers.ListField(child=serializers.CharField())
    step_count = serializers.IntegerField()
    is_restricted = serializers.BooleanField()
    parent = serializers.CharField(allow_null=True)  # type: ignore[assignment]
    live_version = serializers.IntegerField(allow_null=True, help_text="null: not live yet.")
    live_digest = serializers.CharField(allow_null=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class NamedKey(serializers.Serializer[Any]):
    """A key and the name it stands for, in the language of the request."""

    key = serializers.CharField()
    name = serializers.CharField()


class AuthorOut(serializers.Serializer[Any]):
    """A person."""

    email = serializers.EmailField()
    name = serializers.CharField()


class GrantOut(serializers.Serializer[Any]):
    """A role on the journey, of a person or a team."""

    role = NamedKey()
    user = AuthorOut(allow_null=True)
    team = NamedKey(allow_null=True)


class JourneyDetailOut(JourneyOut):
    """A journey and its people."""

    people = GrantOut(many=True)


class VersionOut(serializers.Serializer[Any]):
    """A published version."""

    number = serializers.IntegerField()
    digest = serializers.CharField()
    parent_digest = serializers.CharField(help_text="Of the version before; empty for the first.")
    created_at = serializers.DateTimeField()
    created_by = AuthorOut()
    summary = serializers.ListField(
        child=serializers.CharField(), help_text="What changed, in words."
    )


class VersionDetailOut(VersionOut):
    """A published version with its document."""

    document = serializers.DictField()


class JourneyList(ApiView):
    """All journeys the person sees."""

    @extend_schema(
        operation_id="journeys_list",
        parameters=[
            *PAGING,
            OpenApiParameter("q", str, description="Words in name, key or purpose."),
            OpenApiParameter("owner", str, enum=["mine"]),
            OpenApiParameter("state", str, enum=STATES),
            OpenApiParameter("market", str),
            OpenApiParameter("product_line", str),
            OpenApiParameter("channel", str, description="Key of a channel it reaches people on."),
            OpenApiParameter("importance", str, enum=Importance.values),
        ],
        responses={200: page_of(JourneyOut, "Journey"), **refusals(400)},
        tags=["journeys"],
    )
    def get(self, request: Request) -> Response:
        """List journeys by name."""
        wanted = self.filters(request, JourneyFilters)
        user = cast(User, request.user)
        found = with_parent(journey_rows(user, wanted), user).values(*_FIELDS)
        pages = CursorPages({"name": str, "pk": int})
        return Response(pages.body(map(journey_row, pages.rows_of(found, request))))


class JourneyDetail(ApiView):
    """One journey."""

    @extend_schema(
        operation_id="journeys_read",
        responses={200: JourneyDetailOut, **refusals(404)},
        tags=["journeys"],
    )
    def get(self, request: Request, key: str) -> Response:
        """A journey, its live version and its people. The document is with the version."""
        user = cast(User, request.user)
        seen = Journey.objects.visible_to(user).filter(key=key)
        row = with_parent(seen, user).values(*_FIELDS).first()
        if row is None:
            raise nothing_here()
        grants = reading.grants_on(Journey(pk=row["pk"]))
        return Response({**journey_row(row), "people": list(map(_grant, grants))})


class VersionList(ApiView):
    """The versions of a journey."""

    @extend_schema(
        operation_id="journeys_versions",
        parameters=PAGING,
        responses={200: page_of(VersionOut, "JourneyVersion"), **refusals(400, 404)},
        tags=["journeys"],
    )
    def get(self, request: Request, key: str) -> Response:
        """List the versions of a journey, the newest first."""
        journey = get_light(cast(User, request.user), key)
        pages = CursorPages({"number": int}, descending=True)
        found = journey.versions.values(*_VERSION_FIELDS)
        return Response(pages.body(map(version_row, pages.rows_of(found, request))))


class VersionDetail(ApiView):
    """One version of a journey."""

    @extend_schema(
        operation_id="journeys_version",
        parameters=[
            OpenApiParameter("If-None-Match", str, OpenApiParameter.HEADER),
            OpenApiParameter("ETag", str, OpenApiParameter.HEADER, response=[200]),
        ],
        responses={200: VersionDetailOut, 304: None, **refusals(404)},
        tags=["journeys"],
    )
    def get(self, request: Request, key: str, number: int) -> Response:
        """A version with its document; it never changes."""
        journey = get_light(cast(User, request.user), key)
        row = journey.versions.filter(number=number).values(*_VERSION_FIELDS, "document").first()
        if row is None:
            raise nothing_here()
        body = {**version_row(row), "document": row["document"]}
        return document_response(request, row["digest"], body)


class JourneySchema(SchemaView):
    """The schema of the journey document."""

    document_schema = definition.json_schema()

    @extend_schema(
        operation_id="schemas_journey",
        responses={(200, "application/schema+json"): OpenApiTypes.OBJECT},
        auth=[],
        tags=["schemas"],
    )
    def get(self, request: Request) -> Any:
        """The JSON Schema (2020-12) of the journey document."""
        return super().get(request)


def get_light(user: User, key: str) -> Journey:
    """The journey of that key without any document; `NotFound` where missing or invisible."""
    journey = Journey.objects.visible_to(user).filter(key=key).only("pk").first()
    if journey is None:
        raise nothing_here()
    return journey


def with_parent(rows: Any, user: User) -> Any:
    """Journeys with `parent_key`: null also for a parent that the person does not see."""
    seen = Journey.objects.visible_to(user).filter(pk=OuterRef("parent")).order_by()
    return rows.annotate(parent_key=Subquery(seen.values("key")))


def journey_row(row: Row) -> Row:
    """A journey, from the values of `_FIELDS`."""
    return {
        **{name: row[name] for name in _PLAIN},
        "parent": row["parent_key"],
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


def _grant(grant: JourneyRole) -> Row:
    user, team = grant.user, grant.team
    return {
        "role": {"key": grant.role.key, "name": grant.role.label},
        "user": {"email": user.email, "name": user.name} if user else None,
        "team": {"key": team.key, "name": team.label} if team else None,
    }
