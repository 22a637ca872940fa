"""What all endpoints share."""

from typing import Any, TypeVar, cast

from django.http import HttpResponse, QueryDict
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cjops.core.api.fields import Input
from cjops.core.api.paging import MAX_PAGE_SIZE, PAGE_SIZE
from cjops.core.api.preconditions import etag, is_known
from cjops.core.api.rendering import OrjsonRenderer, dump
from cjops.core.api.scoping import Scopes

SCHEMA_TYPE = "application/schema+json"
T = TypeVar("T", bound=serializers.Serializer[Any])

PAGING = [
    OpenApiParameter("cursor", str, description="From “next” or “previous”; opaque."),
    OpenApiParameter(
        "limit", int, description=f"Rows on a page: 1 to {MAX_PAGE_SIZE}, else {PAGE_SIZE}."
    ),
]


class ApiView(APIView):
    """An endpoint: translates in, makes one call of the domain, translates out."""

    # The scopes that allow a token what this class writes; any one of them does.
    writes: Scopes = frozenset()

    def writing(self) -> Scopes:
        """The same for one call; where that depends on the address, its class says so."""
        return self.writes

    def read(self, request: Request, form: type[Input]) -> dict[str, Any]:
        """The body as `form` declares it; raises `ValidationError` by field."""
        # A body that is absent is an empty QueryDict or an empty object, as the client pleased.
        data = {} if isinstance(request.data, QueryDict) else request.data
        serializer = form(data=data)
        serializer.is_valid(raise_exception=True)
        return cast(dict[str, Any], serializer.validated_data)

    def filters(self, request: Request, form: type[Input]) -> dict[str, Any]:
        """The query parameters that `form` declares; others are left alone."""
        given = request.query_params
        known: dict[str, Any] = {}
        for name, field in form().fields.items():
            if name not in given:
                continue
            if isinstance(field, serializers.MultipleChoiceField):
                # Repeated or with commas, as the client pleases.
                known[name] = ",".join(given.getlist(name)).split(",")
            else:
                known[name] = given[name]
        serializer = form(data=known)
        serializer.is_valid(raise_exception=True)
        return cast(dict[str, Any], serializer.validated_data)

    def finalize_response(
        self, request: Request, response: Any, *args: Any, **kwargs: Any
    ) -> Response:
        """The answer, kept out of shared caches: what it holds depends on who asks."""
        response.setdefault("Cache-Control", "private, no-cache")
        return super().finalize_response(request, response, *args, **kwargs)


def document_response(request: Request, digest: str, body: Any) -> Response:
    """A document under its entity tag; 304 without a body where the client holds it already."""
    if is_known(request, digest):
        return Response(status=304, headers={"ETag": etag(digest)})
    return Response(body, headers={"ETag": etag(digest)})


def page_of(item: type[T], name: str) -> type[serializers.Serializer[Any]]:
    """How the description shows a page of `item`."""
    members = {
        "next": serializers.URLField(allow_null=True),
        "previous": serializers.URLField(allow_null=True),
        "results": item(many=True),
        "__doc__": "A page; follow “next” until it is null.",
    }
    return type(f"{name}Page", (serializers.Serializer,), members)


class SchemaRenderer(OrjsonRenderer):
    """JSON Schema by its own media type."""

    media_type = SCHEMA_TYPE


class SchemaView(ApiView):
    """The JSON Schema of a governed document; public."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = ()
    renderer_classes = (SchemaRenderer, OrjsonRenderer)
    document_schema: dict[str, Any] = {}

    @extend_schema(
        responses={(200, SCHEMA_TYPE): OpenApiTypes.OBJECT},
        auth=[],
        tags=["schemas"],
    )
    def get(self, request: Request) -> HttpResponse:
        """The JSON Schema (2020-12) that a document of this kind has to fit."""
        return HttpResponse(
            dump(self.document_schema),
            content_type=SCHEMA_TYPE,
            headers={"Cache-Control": "public, max-age=3600"},
        )
