"""Reads of the content library."""

from collections.abc import Collection as Several
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext as _

from cjops.core.errors import NotFound
from cjops.documents import Document
from content.finding import facets
from content.finding import resembling as alike
from content.finding.searching import Search, matching
from content.models import (
    Asset,
    AssetStatus,
    AssetVersion,
    Collection,
    DrawingState,
    Picture,
)
from people.models import User


def library(
    user: User,
    *,
    q: str = "",
    exact: bool = False,
    is_live: bool | None = None,
    **chosen: str | Sequence[str],
) -> models.QuerySet[Asset]:
    """The assets the person sees, by name; empty filters leave everything in.

    `q` is searched for (see `content.finding`), with what was probably meant in place of words that
    stand nowhere, unless `exact`. `chosen` are values of facets, one or several of each. One query,
    teams and channels included, and a few more where words stand nowhere.
    """
    search = Search(user, q, is_exact=exact)
    found = matched(search)
    wanted = facets.tidy(
        {name: (one,) if isinstance(one, str) else one for name, one in chosen.items()}
    )
    found = facets.narrowed(found, wanted, user)
    if is_live is not None:
        found = found.filter(live_version__isnull=not is_live)
    return with_rows(found).order_by("name", "pk")


def matched(search: Search) -> models.QuerySet[Asset]:
    """The assets the person sees that fit what they typed; none where that says nothing."""
    if search.says_nothing:
        return search.seen.none()
    return matching(search.seen, search.used)


def with_rows(assets: models.QuerySet[Asset]) -> models.QuerySet[Asset]:
    """The same with all that a list shows of them."""
    found = assets.select_related("team", "channel", "live_version")
    # What a version says is opened on the asset's own page only.
    return found.defer("live_version__document", "live_version__summary")


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


def drawn(picture: Picture, size: str, page: int = 1) -> StoredFile:
    """The picture's file, or the drawing of it in that size as far as there is one."""
    file = picture.file
    drawings = file.drawings.filter(size=size, page=page).exclude(sha256="")
    found = drawings.first() if size else None
    if found is None:
        return StoredFile(file.sha256, file.media_type, file.size)
    return StoredFile(found.sha256, found.media_type, found.bytes)


def pictures_by_file(user: User, files: Several[str]) -> dict[str, Picture]:
    """For each of these stored files a picture that the person sees, with its drawings."""
    if not files:
        return {}
    pictures = (
        Picture.objects.filter(
            asset__in=Asset.objects.visible_to(user).order_by(), file__sha256__in=files
        )
        .select_related("asset", "file")
        .prefetch_related("file__drawings")
    )
    return {one.file.sha256: one for one in pictures}


def is_being_drawn(picture: Picture) -> bool:
    """Whether smaller pictures of it are still to come."""
    return picture.file.drawings.filter(state=DrawingState.WAITING).exists()


def resembling(
    user: User, of: Asset | Document | str, *, but: Asset | None = None
) -> list[alike.Resembling]:
    """What the person sees that says nearly the same as an asset, a document of one, or a text.

    `but` is the asset that a document is of.
    """
    if isinstance(of, str):
        return alike.resembling_text(user, of)
    if isinstance(of, Asset):
        version = of.live_version or of.versions.first()
        return alike.resembling(user, version.get_document(), but=of.pk) if version else []
    return alike.resembling(user, of, but=but.pk if but else None)


def adaptations(user: User, asset: Asset) -> models.QuerySet[Asset]:
    """The assets that were adapted from it, as far as the person sees them."""
    return Asset.objects.visible_to(user).filter(origins__origin=asset).order_by("name", "pk")


def collections_of(user: User, asset: Asset) -> models.QuerySet[Collection]:
    """The collections that hold it, as far as the person sees them."""
    seen = Collection.objects.visible_to(user).order_by()
    return Collection.objects.filter(pk__in=seen.values("pk"), collected__asset=asset).order_by(
        "name", "pk"
    )
