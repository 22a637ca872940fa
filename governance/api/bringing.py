"""E-mails in from files, and versions of content out as zips, by program."""

from hashlib import sha256
from typing import Any, cast

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import FileResponse
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

import content.queries
from cjops.core.api import idempotency_key, refusals
from cjops.core.api.fields import Input, Key, Text
from cjops.core.api.views import ApiView
from cjops.core.scopes import Scope
from content.exchange.exporting import exported
from governance import services
from governance.api import outputs
from governance.api.inputs import TickIn
from governance.api.repeats import IDEMPOTENCY_KEY
from governance.services import Repeat
from people.models import Team, User


class FileIn(Input):
    """A file with an e-mail."""

    file = serializers.FileField(
        allow_empty_file=True,
        help_text="HTML or MJML, or a zip with one page for each language and its pictures.",
    )
    team = Key(required=False, default="", help_text="Who owns a new asset; one of your teams.")
    key = Key(required=False, default="", help_text="Of the asset; empty for a new one.")
    language = Text(
        required=False, default="en", max_length=35, help_text="Of a page that does not say so."
    )


class BroughtOut(outputs.Out):
    """What came of the file."""

    number = serializers.IntegerField(help_text="Of the change that proposes it, a draft.")
    asset = serializers.CharField(help_text="Key of the asset.")
    notes = serializers.ListField(
        child=serializers.CharField(), help_text="What did not come along, in sentences."
    )


class ContentImport(ApiView):
    """E-mails from elsewhere."""

    writes = frozenset({Scope.PROPOSE})
    parser_classes = (MultiPartParser,)

    @extend_schema(
        operation_id="library_import",
        parameters=[IDEMPOTENCY_KEY],
        request={"multipart/form-data": FileIn},
        responses={201: BroughtOut, **refusals(400, 403, 404, 409, 413, 415, 422, 503)},
        tags=["assets"],
    )
    def post(self, request: Request) -> Response:
        """Bring in an e-mail as a draft change; nothing is live by it."""
        form = FileIn(data=request.data)
        form.is_valid(raise_exception=True)
        body = form.validated_data
        sent: UploadedFile[Any] = body["file"]
        user = cast(User, request.user)
        data, again = sent.read(), idempotency_key(request)
        found = services.import_file(
            name=sent.name or "",
            data=data,
            actor=user,
            team=Team.objects.filter(key=body["team"]).first(),
            key=body["key"],
            language=body["language"],
            repeat=Repeat(again, sha256(data).hexdigest()) if again else None,
        )
        change = found.change
        asset = change.asset
        assert asset is not None  # noqa: S101  (narrows the type: the change is about one)
        return Response(
            {"number": change.number, "asset": asset.key, "notes": list(found.notes)},
            status=201,
            headers={"Location": reverse("api-change", args=[change.number])},
        )


class AssetExport(ApiView):
    """A version to take along."""

    # It writes down that it was taken along; whoever may write anything may have it.
    writes = frozenset(Scope) - {Scope.READ}

    @extend_schema(
        operation_id="assets_export",
        request=None,
        responses={
            (200, "application/zip"): OpenApiResponse(
                OpenApiTypes.BINARY,
                description="HTML, text, files and a manifest; its `missing` lists the files that "
                "are lost or not yours to see.",
            ),
            **refusals(400, 404, 413, 415),
        },
        tags=["assets"],
    )
    def post(self, request: Request, key: str, number: int) -> FileResponse:
        """Take a version along as a zip. That you took it along is written down."""
        self.read(request, TickIn)
        user = cast(User, request.user)
        version = content.queries.get_version_for(user=user, key=key, number=number)
        with transaction.atomic(durable=True):
            found = exported(version=version, actor=user)
        response = FileResponse(
            found.file,
            as_attachment=True,
            filename=f"{key}-v{number}.zip",
            content_type="application/zip",
        )
        response["Cache-Control"] = "no-store"
        return response
