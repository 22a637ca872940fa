"""A version of an asset as a zip to take along."""

from cjops.core import auditing
from content.exchange.packing import packed
from content.looking import files_of
from content.media import storage
from content.models import AssetVersion, Picture
from people.models import User


def exported(*, version: AssetVersion, actor: User) -> bytes:
    """The zip of a version that the person sees, with the pictures of the asset that it shows.

    Who took what along is noted.
    """
    asset, document = version.subject, version.get_document()
    shown = {one for key in document["renditions"] for one in files_of(document, key["key"])}
    pictures = {}
    for one in Picture.objects.filter(asset=asset, file__sha256__in=shown).select_related("file"):
        try:
            with storage.stored(one.file.sha256) as file:
                address = f"/content/{asset.key}/pictures/{one.file.sha256}/"
                pictures[address] = (one.name, file.read())
        except FileNotFoundError:
            # What the storage has lost cannot come along; the page of the asset says so.
            continue
    about = {"asset": asset.key, "version": version.number, "digest": version.digest}
    data = packed(document, about, pictures)
    auditing.note("asset.exported", actor=actor, about=asset, data={"version": version.number})
    return data
