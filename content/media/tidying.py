"""Bytes that nothing shows: of uploads that broke off between the file and its row."""

from collections.abc import Iterator
from datetime import timedelta

from django.core.files.storage import Storage
from django.utils import timezone

from cjops.core import auditing
from content.media.storage import FOLDER, media
from content.models import Drawing, MediaFile

# An upload takes seconds. One that is under way has written its file just now, also where the
# file was there before.
AGE = timedelta(days=1)


def tidy(*, keeps: bool = False) -> list[str]:
    """Remove stored files that no row names and that are older than `AGE`; their names.

    With `keeps` nothing is removed.
    """
    storage = media()
    removed = []
    for folder in _listed(storage, FOLDER, 0):
        place = f"{FOLDER}/{folder}"
        names = list(_listed(storage, place, 1))
        known = {
            sha256
            for rows in (MediaFile.objects, Drawing.objects)
            for sha256 in rows.filter(sha256__in=names).values_list("sha256", flat=True)
        }
        for name in sorted(set(names) - known):
            if timezone.now() - storage.get_modified_time(f"{place}/{name}") < AGE:
                continue
            removed.append(f"{place}/{name}")
            if not keeps:
                # Written down first: what is gone can be told from what was lost.
                auditing.note("media.removed", actor=None, data={"sha256": name})
                storage.delete(f"{place}/{name}")
    return removed


def lost() -> Iterator[str]:
    """Hashes of files that rows name and the storage has not."""
    storage = media()
    for sha256 in MediaFile.objects.order_by("pk").values_list("sha256", flat=True).iterator():
        if not storage.exists(f"{FOLDER}/{sha256[:2]}/{sha256}"):
            yield sha256


def _listed(storage: Storage, place: str, part: int) -> list[str]:
    """Folders (0) or files (1) in a place; none where it is not there yet."""
    try:
        return sorted(storage.listdir(place)[part])
    except FileNotFoundError:
        return []
