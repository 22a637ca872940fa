"""Evidence of a change or a version, to take along."""

from typing import cast

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request

from cjops.core.api import refusals
from cjops.core.api.views import ApiView
from cjops.core.scopes import Scope
from governance.api.inputs import TickIn
from governance.evidence import Bundle, evidence_of_change, evidence_of_version
from people.models import User

ZIP = OpenApiResponse(OpenApiTypes.BINARY, description="A zip file; verify.py in it checks it.")


def _answer(bundle: Bundle) -> HttpResponse:
    response = HttpResponse(bundle.data, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{bundle.name}"'
    response["Cache-Control"] = "no-store"
    return response


class ChangeEvidence(ApiView):
    """All that is known of a change, as a file that proves itself."""

    # It writes down that it was taken along; whoever may write anything may have it.
    writes = frozenset(Scope) - {Scope.READ}

    @extend_schema(
        operation_id="changes_evidence",
        request=None,
        responses={(200, "application/zip"): ZIP, **refusals(400, 404, 409, 413, 415)},
        tags=["evidence"],
    )
    def post(self, request: Request, number: int) -> HttpResponse:
        """Make the evidence bundle of a change. That you took it along is written down."""
        self.read(request, TickIn)
        return _answer(evidence_of_change(number=number, reader=cast(User, request.user)))


class VersionEvidence(ApiView):
    """All that is known of a version, as a file that proves itself."""

    # It writes down that it was taken along; whoever may write anything may have it.
    writes = frozenset(Scope) - {Scope.READ}

    kind = ""

    def _made(self, request: Request, key: str, number: int) -> HttpResponse:
        self.read(request, TickIn)
        user = cast(User, request.user)
        return _answer(evidence_of_version(kind=self.kind, key=key, number=number, reader=user))


class JourneyEvidence(VersionEvidence):
    """Of a version of a journey."""

    kind = "journey"

    @extend_schema(
        operation_id="journeys_evidence",
        request=None,
        responses={(200, "application/zip"): ZIP, **refusals(400, 404, 409, 413, 415)},
        tags=["evidence"],
    )
    def post(self, request: Request, key: str, number: int) -> HttpResponse:
        """Make the evidence bundle of a version. That you took it along is written down."""
        return self._made(request, key, number)


class AssetEvidence(VersionEvidence):
    """Of a version of an asset."""

    kind = "asset"

    @extend_schema(
        operation_id="assets_evidence",
        request=None,
        responses={(200, "application/zip"): ZIP, **refusals(400, 404, 409, 413, 415)},
        tags=["evidence"],
    )
    def post(self, request: Request, key: str, number: int) -> HttpResponse:
        """Make the evidence bundle of a version. That you took it along is written down."""
        return self._made(request, key, number)


class TaxonomyEvidence(VersionEvidence):
    """Of a version of a taxonomy."""

    kind = "taxonomy"

    @extend_schema(
        operation_id="taxonomies_evidence",
        request=None,
        responses={(200, "application/zip"): ZIP, **refusals(400, 404, 409, 413, 415)},
        tags=["evidence"],
    )
    def post(self, request: Request, key: str, number: int) -> HttpResponse:
        """Make the evidence bundle of a version. That you took it along is written down."""
        return self._made(request, key, number)
