"""One version of an asset as a page shows it: in one language, beside the ways to the others."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cjops.documents import Document
from content.definition import language_of, said
from content.models import Asset, AssetVersion
from content.words import language_name


@dataclass(frozen=True, slots=True)
class Language:
    """A rendition to switch to."""

    key: str
    tag: str
    name: str
    current: bool


@dataclass(frozen=True, slots=True)
class Showing:
    """What one reader sees of a version. `rendition` is None where it says nothing at all.

    `languages` lead to the same variant in others as far as it is there, `variants` to the others
    in the same language. `frame` is the address of the preview, `test` of sending oneself one.
    """

    asset: Asset
    version: AssetVersion
    rendition: dict[str, Any] | None
    languages: tuple[Language, ...]
    variants: tuple[Language, ...]
    frame: str
    test: str

    @property
    def frame_url(self) -> str:
        """The preview of this rendition."""
        return f"{self.frame}?rendition={self.rendition['key'] if self.rendition else ''}"


def showing(
    asset: Asset, version: AssetVersion, wanted: str = "", preview: str = "", test: str = ""
) -> Showing:
    """The version in the rendition or language `wanted`, or the reader's, or the nearest there is.

    `preview` and `test` are addresses for a version that is not stored.
    """
    document = version.get_document()
    renditions = document["renditions"]
    rendition = choose(renditions, wanted or get_language() or "en")
    place = [asset.key, version.number]
    return Showing(
        asset=asset,
        version=version,
        rendition=rendition,
        languages=_languages(renditions, rendition),
        variants=_variants(document, rendition),
        frame=preview or reverse("asset-preview", args=place),
        test=test or ("" if preview else reverse("asset-test", args=place)),
    )


def _languages(renditions: Sequence[Document], shown: Document | None) -> tuple[Language, ...]:
    """One of each language: the variant that is shown, else the main one."""
    variant = said(shown, "variant") if shown else None
    found: dict[str, Document] = {}
    for one in renditions:
        language = language_of(one)
        if language not in found or said(one, "variant") == variant:
            found[language] = one
    return tuple(
        Language(one["key"], one["language"], language_name(language), one is shown)
        for language, one in found.items()
    )


def _variants(document: Document, shown: Document | None) -> tuple[Language, ...]:
    """All variants in the language that is shown; none where there is but one."""
    if shown is None:
        return ()
    same = [one for one in document["renditions"] if language_of(one) == language_of(shown)]
    if len(same) < 2:
        return ()
    names = said(document, "variants")
    return tuple(
        Language(one["key"], one["language"], _variant_name(names, one), one is shown)
        for one in same
    )


def _variant_name(names: Document, rendition: Document) -> str:
    key = said(rendition, "variant")
    if not key:
        return _("Main")
    return str(names.get(key, {}).get("name") or key)


def choose(renditions: Sequence[dict[str, Any]], wanted: str) -> dict[str, Any] | None:
    """The rendition of that key or language, else one of the same family, else the first."""
    wanted = wanted.lower()
    family = wanted.partition("-")[0]
    for fits in (
        lambda key: key == wanted,
        lambda key: key.partition("-")[0] == family,
        lambda key: True,
    ):
        found = next((one for one in renditions if fits(one["key"])), None)
        if found:
            return found
    return None
