"""Journeys from other systems, as definitions that can be governed here.

`read` takes the bytes of a file and returns the definition, a key to suggest, the content the file
carries, and notes: in words, everything that was not carried over. Nothing is stored; the caller
opens a change with the definition.

Message steps refer to content. `Imported.content` lists an asset for each: its key, name, kind and
an `asset/1` document made of what the file says (subject, preheader, and the body where a sibling
file has it). Slots refer to these keys in version 1 and leave the digest empty: the caller creates
the assets, publishes their first versions, and fills in their digests. Where a key is already
taken, the caller may rename asset and slots alike before.
"""

from collections.abc import Callable, Mapping
from typing import Final

from django.utils.translation import gettext as _

from journeys.importers import cjops, dittofeed, salesforce
from journeys.importers.result import Imported, ImportedContent, ImportRefused, Sibling

__all__ = ["FORMATS", "ImportRefused", "Imported", "ImportedContent", "Sibling", "read"]

MAX_BYTES = 10_000_000

_Reader = Callable[..., Imported]
_READERS: Final[Mapping[str, _Reader]] = {
    "cjops": cjops.read,
    "salesforce": salesforce.read,
    "dittofeed": dittofeed.read,
}
FORMATS: Final = tuple(_READERS)


def read(
    format: str, data: bytes, *, sibling: Sibling | None = None, language: str = "en"
) -> Imported:
    """The journey in `data`, a file in one of `FORMATS`.

    `sibling` returns the bytes of a file beside it by its bare name, or None: some formats keep
    templates there. `language` is that of the content. Raises `ImportRefused` where the file is
    not what it is said to be, or is larger or deeper than any journey.
    """
    reader = _READERS.get(format)
    if reader is None:
        raise ImportRefused(
            _("The format “%(format)s” is not known. Known are: %(known)s.")
            % {"format": format, "known": ", ".join(FORMATS)}
        )
    if len(data) > MAX_BYTES:
        raise ImportRefused(_("The file is larger than 10 MB."))
    return reader(data, sibling=sibling, language=language)
