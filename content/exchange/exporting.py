"""A version of an asset as a zip to take along."""

import tempfile
from dataclasses import dataclass
from typing import IO

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cjops.core import auditing
from cjops.core.wording import listing
from cjops.documents import Document
from content.exchange.packing import Files, Missing, pack
from content.looking import files_of
from content.media import storage
from content.models import Asset, AssetVersion, Picture
from people.models import User

# Of many missing files so many are named.
NAMED = 5


@dataclass(frozen=True, slots=True)
class Exported:
    """The zip, to be read from its beginning and closed; and what did not come along."""

    file: IO[bytes]
    missing: tuple[Missing, ...]

    @property
    def sentence(self) -> str:
        """What the person is told of what is missing; "" where nothing is."""
        if not self.missing:
            return ""
        words = ngettext(
            "%(count)s file is not in the zip, because it is lost or not yours to see: %(names)s.",
            "%(count)s files are not in the zip, because they are lost or not yours to see: "
            "%(names)s.",
            len(self.missing),
        )
        names = [_named(one) for one in self.missing]
        return words % {"count": len(self.missing), "names": listing(names, NAMED)}


def _named(one: Missing) -> str:
    words = {"name": one.name or one.file[:12], "renditions": listing(one.renditions, NAMED)}
    return _("“%(name)s” (%(renditions)s)") % words


def exported(*, version: AssetVersion, actor: User) -> Exported:
    """The zip of a version that the person sees, with all files that it shows.

    These may be those of other assets, as in what was adapted: of such as the person sees. Who took
    what along is noted.
    """
    asset, document = version.subject, version.get_document()
    shown = _shown(document)
    names = _names(asset, list(shown), actor)
    # On disk beyond some megabytes; gone when it is closed.
    target = tempfile.SpooledTemporaryFile(max_size=4 * 1024 * 1024)  # noqa: SIM115 (is handed on)
    try:
        about = {"asset": asset.key, "version": version.number, "digest": version.digest}
        missing = pack(target, document, about, Files(names, storage.stored, shown))
        said = {"version": version.number, "missing": len(missing)}
        auditing.note("asset.exported", actor=actor, about=asset, data=said)
    except BaseException:
        target.close()
        raise
    target.seek(0)
    return Exported(target, missing)


def _shown(document: Document) -> dict[str, tuple[str, ...]]:
    """The hashes of all files that it shows, with the keys of the renditions that do."""
    shown: dict[str, tuple[str, ...]] = {}
    for rendition in document["renditions"]:
        for digest in files_of(document, rendition["key"]):
            shown[digest] = (*shown.get(digest, ()), rendition["key"])
    return shown


def _names(asset: Asset, shown: list[str], actor: User) -> dict[str, str]:
    """What the files are called: by the asset itself, else by another one that the person sees."""
    rows = Picture.objects.filter(
        file__sha256__in=shown, asset__in=Asset.objects.visible_to(actor).order_by()
    ).values_list("file__sha256", "asset_id", "name", "pk")
    ranked = sorted(rows, key=lambda row: (row[1] == asset.pk, -row[3]))
    return {digest: name for digest, _asset, name, _pk in ranked}
