"""The API of pictures: those of an asset, and uploading one."""

from typing import Any, cast

from django.core.files.uploadedfile import UploadedFile
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from cjops.core.api import CursorPages, refusals
from cjops.core.api.fields import Input
from cjops.core.api.views import PAGING, ApiView, page_of
from cjops.core.scopes import Scope
from content import queries
from content.media.drawing import TYPES
from content.media.papers import PDF
from content.media.services import upload_picture
from content.models import Picture
from people.models import User

Row = dict[str, Any]

_FILE = ("sha256", "media_type", "size", "width", "height", "frames")
_FIELDS = (
    *("pk", "name", "uploaded_at", "uploaded_by__email", "uploaded_by__name"),
    *(f"file__{name}" for name in _FILE),
)


class PictureIn(Input):
    """A picture to upload."""

    file = serializers.FileField(
        allow_empty_file=True,
        help_text="PNG, JPEG, GIF or WebP, or the PDF of a poster; it is written anew.",
    )


class UploaderOut(serializers.Serializer[Any]):
    """A person."""

    email = serializers.EmailField()
    name = serializers.CharField()


class PictureOut(serializers.Serializer[Any]):
    """A picture of an asset, as the portal wrote it."""

    sha256 = serializers.CharField(help_text="Of the stored bytes, not of what was sent.")
    media_type = serializers.ChoiceField(sorted([*TYPES.values(), PDF]))
    size = serializers.IntegerField(help_text="In bytes.")
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    frames = serializers.IntegerField()
    name = serializers.CharField()
    url = serializers.CharField(help_text="Where signed-in people who see the asset get it.")
    uploaded_at = serializers.DateTimeField()
    uploaded_by = UploaderOut()


class PictureList(ApiView):
    """The pictures of an asset."""

    writes = frozenset({Scope.PROPOSE})
    parser_classes = (MultiPartParser,)

    @extend_schema(
        operation_id="assets_pictures",
        parameters=PAGING,
        responses={200: page_of(PictureOut, "Picture"), **refusals(400, 404)},
        tags=["assets"],
    )
    def get(self, request: Request, key: str) -> Response:
        """List the pictures of an asset, the newest first."""
        asset = queries.get_asset_for(user=cast(User, request.user), key=key)
        pages = CursorPages({"pk": int}, descending=True)
        page = pages.rows_of(asset.pictures.values(*_FIELDS), request)
        return Response(pages.body(picture_row(key, row) for row in page))

    @extend_schema(
        operation_id="assets_pictures_upload",
        request={"multipart/form-data": PictureIn},
        responses={
            200: PictureOut,
            201: PictureOut,
            **refusals(400, 403, 404, 409, 413, 415, 503),
        },
        tags=["assets"],
    )
    def post(self, request: Request, key: str) -> Response:
        """Upload a picture, or get the one that the asset has already (200)."""
        user = cast(User, request.user)
        # Whoever does not see it learns nothing by the file they sent.
        asset = queries.get_asset_for(user=user, key=key)
        form = PictureIn(data=request.data)
        form.is_valid(raise_exception=True)
        sent: UploadedFile[Any] = form.validated_data["file"]
        picture, is_new = upload_picture(
            asset=asset,
            file=sent.file,  # type: ignore[arg-type]
            name=sent.name or "",
            declared=sent.content_type or "",
            actor=user,
        )
        row = picture_row(key, written(picture))
        headers = {"Location": row["url"]} if is_new else {}
        return Response(row, status=201 if is_new else 200, headers=headers)


def picture_row(key: str, row: Row) -> Row:
    """A picture of the asset with that key, from the values of `_FIELDS`."""
    return {
        **{name: row[f"file__{name}"] for name in _FILE},
        "name": row["name"],
        "url": reverse("asset-picture", args=[key, row["file__sha256"]]),
        "uploaded_at": row["uploaded_at"],
        "uploaded_by": {"email": row["uploaded_by__email"], "name": row["uploaded_by__name"]},
    }


def written(picture: Picture) -> Row:
    """The values of `_FIELDS` of a row that was read or made whole."""
    return {
        **{f"file__{name}": getattr(picture.file, name) for name in _FILE},
        "name": picture.name,
        "uploaded_at": picture.uploaded_at,
        "uploaded_by__email": picture.uploaded_by.email,
        "uploaded_by__name": picture.uploaded_by.name,
    }
