"""The API of the vocabulary: taxonomies and the concepts of their live versions."""

from typing import Any, cast

from django.db.models import Q
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from cjops.core.api import CursorPages, nothing_here, refusals
from cjops.core.api.fields import Input, Text
from cjops.core.api.views import PAGING, ApiView, SchemaView, page_of
from people.models import User
from tags import definition, queries
from tags.models import Taxonomy

Row = dict[str, Any]

_TAXONOMY = ("key", "name", "is_restricted", "created_at", "concept_count")
_FIELDS = (*_TAXONOMY, "pk", "team__key", "live_version__number", "live_version__digest")
_CONCEPT = ("key", "rank", "label", "broader", "status")
CONCEPT_STATUS = ("active", "deprecated")


class ConceptFilters(Input):
    """Which concepts to list."""

    q = Text(required=False, max_length=200)
    status = serializers.ChoiceField(CONCEPT_STATUS, required=False)


class TaxonomyOut(serializers.Serializer[Any]):
    """A taxonomy."""

    key = serializers.CharField()
    name = serializers.CharField()
    team = serializers.CharField(help_text="Key of the steward team.")
    is_restricted = serializers.BooleanField()
    concept_count = serializers.IntegerField()
    live_version = serializers.IntegerField(allow_null=True)
    live_digest = serializers.CharField(allow_null=True)
    created_at = serializers.DateTimeField()


class ConceptOut(serializers.Serializer[Any]):
    """A concept; things are tagged with taxonomy:key."""

    key = serializers.CharField()
    rank = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    broader = serializers.CharField(allow_null=True)
    status = serializers.ChoiceField(CONCEPT_STATUS)


class TaxonomyList(ApiView):
    """All taxonomies the person sees."""

    @extend_schema(
        operation_id="taxonomies_list",
        parameters=PAGING,
        responses={200: page_of(TaxonomyOut, "Taxonomy"), **refusals(400)},
        tags=["taxonomies"],
    )
    def get(self, request: Request) -> Response:
        """List taxonomies by name."""
        found = queries.taxonomies(cast(User, request.user)).values(*_FIELDS)
        pages = CursorPages({"name": str, "pk": int})
        return Response(pages.body(map(taxonomy_row, pages.rows_of(found, request))))


class TaxonomyDetail(ApiView):
    """One taxonomy."""

    @extend_schema(
        operation_id="taxonomies_read",
        responses={200: TaxonomyOut, **refusals(404)},
        tags=["taxonomies"],
    )
    def get(self, request: Request, key: str) -> Response:
        """A taxonomy. Its concepts are listed by themselves."""
        found = queries.taxonomies(cast(User, request.user)).filter(key=key)
        row = found.values(*_FIELDS).first()
        if row is None:
            raise nothing_here()
        return Response(taxonomy_row(row))


class ConceptList(ApiView):
    """The concepts of a taxonomy's live version."""

    @extend_schema(
        operation_id="taxonomies_concepts",
        parameters=[
            *PAGING,
            OpenApiParameter("q", str, description="Part of the label or key."),
            OpenApiParameter("status", str, enum=CONCEPT_STATUS),
        ],
        responses={200: page_of(ConceptOut, "Concept"), **refusals(400, 404)},
        tags=["taxonomies"],
    )
    def get(self, request: Request, key: str) -> Response:
        """List the live concepts of a taxonomy in its order."""
        wanted = self.filters(request, ConceptFilters)
        seen = Taxonomy.objects.visible_to(cast(User, request.user))
        taxonomy = seen.filter(key=key).only("pk").first()
        if taxonomy is None:
            raise nothing_here()
        found = taxonomy.concepts.all()
        if "status" in wanted:
            found = found.filter(status=wanted["status"])
        if "q" in wanted:
            found = found.filter(Q(label__icontains=wanted["q"]) | Q(key__icontains=wanted["q"]))
        pages = CursorPages({"rank": str, "key": str})
        page = pages.rows_of(found.values(*_CONCEPT), request)
        return Response(pages.body({**row, "broader": row["broader"] or None} for row in page))


class TaxonomySchema(SchemaView):
    """The schema of the taxonomy document."""

    document_schema = definition.json_schema()

    @extend_schema(
        operation_id="schemas_taxonomy",
        responses={(200, "application/schema+json"): OpenApiTypes.OBJECT},
        auth=[],
        tags=["schemas"],
    )
    def get(self, request: Request) -> Any:
        """The JSON Schema (2020-12) of the taxonomy document."""
        return super().get(request)


def taxonomy_row(row: Row) -> Row:
    """A taxonomy, from the values of `_FIELDS`."""
    return {
        **{name: row[name] for name in _TAXONOMY},
        "team": row["team__key"],
        "live_version": row["live_version__number"],
        "live_digest": row["live_version__digest"],
    }
