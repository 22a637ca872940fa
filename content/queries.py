"""Reads of the content library."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext as _

from cjops.core.errors import NotFound
from content.models import Asset, AssetStatus, AssetVersion, DrawingState, Picture
from people.models import User


def library(
    user: User,
    *,
    q: str = "",
    kind: str = "",
    team: str = "",
    language: str = "",
    is_live: bool | None = None,
) -> models.QuerySet[Asset]:
    """The assets the person sees, by name; empty filters leave everything in.

    `q` is looked for in name, key and purpose. One query, teams and channels included.
    """
    found = Asset.objects.visible_to(user).select_related("team", "channel", "live_version")
    # What a version says is opened on the asset's own page only.
    found = found.defer("live_version__document", "live_version__summary")
    q = q.replace("\x00", "").strip()
    if q:
        found = found.filter(
            models.Q(name__icontains=q)
            | models.Q(key__icontains=q)
            | models.Q(purpose__icontains=q)
        )
    if kind:
        found = found.filter(kind=kind)
    if team:
        found = found.filter(team__key=team)
    if language:
        found = found.filter(languages__contains=[language])
    if is_live is not None:
        found = found.filter(live_version__isnull=not is_live)
    return found.order_by("name", "pk")


def get_asset_for(*, user: User, key: str) -> Asset:
    """The asset with all its page shows of it; `NotFound` where missing or invisible."""
    asset = (
        Asset.objects.visible_to(user)
        .select_related("team", "channel", "live_version__created_by")
        .filter(key=key)
        .first()
    )
    if asset is None:
        raise NotFound(_("There is nothing at this address that you can see."))
    return asset


def get_version_for(*, user: User, key: str, number: int) -> AssetVersion:
    """One version of an asset the person sees; `NotFound` where either is missing."""
    version = (
        AssetVersion.objects.filter(
            subject__in=Asset.objects.visible_to(user).order_by(), subject__key=key, number=number
        )
        .select_related("subject", "created_by")
        .first()
    )
    if version is None:
        raise NotFound(_("There is nothing at this address that you can see."))
    return version


def versions_of(asset: Asset) -> models.QuerySet[AssetVersion]:
    """Its versions, newest first, without their documents."""
    return asset.versions.select_related("created_by").defer("document")


def assets_for_slot(user: User, channel: str, q: str = "") -> models.QuerySet[Asset]:
    """The assets in use that a step on that channel could show, by name; `q` as for `library`."""
    return library(user, q=q).filter(channel__key=channel, status=AssetStatus.ACTIVE)


def pictures_of(asset: Asset) -> models.QuerySet[Picture]:
    """Its pictures, newest first."""
    pictures = asset.pictures.select_related("file", "uploaded_by")
    return pictures.prefetch_related("file__drawings")


def get_picture_for(*, user: User, key: str, sha256: str) -> Picture:
    """A picture of an asset the person sees; `NotFound` where it is missing there or invisible,
    whoever else has uploaded the same."""
    picture = (
        Picture.objects.filter(
            asset__in=Asset.objects.visible_to(user).order_by(),
            asset__key=key,
            file__sha256=sha256,
        )
        .select_related("asset", "file")
        .first()
    )
    if picture is None:
        raise NotFound(_("There is nothing at this address that you can see."))
    return picture


@dataclass(frozen=True, slots=True)
class StoredFile:
    """Bytes in the storage: a file that was uploaded, or a drawing of it."""

    sha256: str
    media_type: str
    size: int


def drawn(picture: Picture, size: str) -> StoredFile:
    """The picture's file, or the drawing of it in that size as far as there is one."""
    file = picture.file
    found = file.drawings.filter(size=size, page=1).exclude(sha256="").first() if size else None
    if found is None:
        return StoredFile(file.sha256, file.media_type, file.size)
    return StoredFile(found.sha256, found.media_type, found.bytes)


def is_being_drawn(picture: Picture) -> bool:
    """Whether smaller pictures of it are still to come."""
    return picture.file.drawings.filter(state=DrawingState.WAITING).exists()
