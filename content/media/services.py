"""Uploading a picture for an asset: the only writer of pictures."""

from hashlib import sha256
from typing import IO

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cjops.core import auditing
from cjops.core.errors import Conflict
from content import policies
from content.kinds import KINDS
from content.media import making, storage
from content.media.drawing import Drawn, redrawn
from content.media.naming import cleaned, refuse_contradiction
from content.media.papers import is_pdf, read_pdf
from content.models import Asset, MediaFile, Picture
from people.models import User


def upload_picture(
    *, asset: Asset, file: IO[bytes], name: str, declared: str = "", actor: User
) -> tuple[Picture, bool]:
    """A picture of the asset, written anew from `file`, and whether it is new there.

    `name` and `declared`, its type as the sender calls it, are believed in nothing and may not
    contradict the content. Raises `Forbidden` for people of other teams, `Invalid` and `TooLarge`
    for files that are refused, `Conflict` for an asset that has as many as it may.

    The file is stored first and its row written last: what breaks in between leaves bytes that
    nothing shows, and `tidy_media` removes them.
    """
    policies.can_write(actor, asset).require()
    drawn = read_file(asset.kind, file)
    refuse_contradiction(name, declared, drawn.media_type)
    digest = sha256(drawn.data).hexdigest()
    # Also where it is there already: see `storage`.
    storage.store(digest, drawn.data)
    return record(asset_id=asset.pk, digest=digest, drawn=drawn, name=name, actor=actor)


def read_file(kind: str, file: IO[bytes]) -> Drawn:
    """The file as the portal keeps it: a picture, or for what is printed a PDF. Raises as
    `upload_picture` does."""
    if any(place.type == "pdf" for place in KINDS[kind].files) and is_pdf(file):
        return read_pdf(file, most_bytes=settings.CJOPS["PDF_BYTES"])
    return redrawn(
        file,
        most_bytes=settings.CJOPS["PICTURE_BYTES"],
        most_pixels=settings.CJOPS["PICTURE_PIXELS"],
    )


@transaction.atomic(durable=True)
def record(
    *, asset_id: int, digest: str, drawn: Drawn, name: str, actor: User
) -> tuple[Picture, bool]:
    """The row of a picture whose file is stored, unless the asset has it already."""
    return write_picture(asset_id=asset_id, digest=digest, drawn=drawn, name=name, actor=actor)


@transaction.atomic(savepoint=True)
def write_picture(
    *, asset_id: int, digest: str, drawn: Drawn, name: str, actor: User
) -> tuple[Picture, bool]:
    """The same within the caller's transaction."""
    asset = Asset.objects.select_for_update(of=("self",), no_key=True).get(pk=asset_id)
    policies.can_write(actor, asset).require()
    known = asset.pictures.filter(file__sha256=digest).select_related("file", "uploaded_by")
    if (before := known.first()) is not None:
        return before, False
    most = settings.CJOPS["PICTURES_OF_ASSET"]
    if asset.pictures.count() >= most:
        raise Conflict(
            _("The asset has %(count)s pictures, which is as many as it can have.")
            % {"count": most}
        )
    # Somebody may store the same for another asset just now: one row for both.
    file, _created = MediaFile.objects.get_or_create(
        sha256=digest,
        defaults={
            "media_type": drawn.media_type,
            "size": len(drawn.data),
            "width": drawn.width,
            "height": drawn.height,
            "frames": drawn.frames,
        },
    )
    making.ask_for(file=file)
    picture = Picture.objects.create(
        asset=asset,
        file=file,
        name=cleaned(name, drawn.media_type),
        uploaded_by=actor,
        uploaded_at=timezone.now(),
    )
    said = {"asset": asset.pk, "sha256": digest, "type": drawn.media_type}
    auditing.note("picture.uploaded", actor=actor, about=picture, data=said)
    return picture, True
