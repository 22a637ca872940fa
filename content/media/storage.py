"""Where files lie: under the hash of their content, so that each is stored once."""

import os
import secrets
from pathlib import Path
from typing import IO, Any

from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, Storage, storages

ALIAS = "media"
FOLDER = "sha256"
PART = ".part"


class WholeFileStorage(FileSystemStorage):
    """A folder in which a file is there whole or not at all.

    What is written again replaces what was there, with the same bytes under the same hash: so what
    a disk has lost or spoilt is whole again, and no answer is quicker for what is known already.
    """

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """The very name: it says what is in the file."""
        return name

    def _save(self, name: str, content: Any) -> str:
        """Write beside the place and move it there: somebody may be reading, or the power go."""
        target = Path(self.path(name))
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = target.with_name(f"{target.name}.{secrets.token_hex(8)}{PART}")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                for chunk in content.chunks():
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(target)
        except BaseException:
            fresh.unlink(missing_ok=True)
            raise
        return name


def place_of(sha256: str) -> str:
    """The name under which the file with that hash is stored: 256 folders, none of them crowded."""
    return f"{FOLDER}/{sha256[:2]}/{sha256}"


def media() -> Storage:
    """The storage of all that people upload."""
    return storages[ALIAS]


def store(sha256: str, data: bytes) -> None:
    """Keep the bytes under their hash.

    A storage that writes nothing over what is there keeps them under another name: they are there
    already, so that is taken back.
    """
    place = place_of(sha256)
    name = media().save(place, ContentFile(data))
    if name != place:
        media().delete(name)


def stored(sha256: str) -> IO[bytes]:
    """The stored bytes; `FileNotFoundError` where the storage has lost them."""
    return media().open(place_of(sha256))
