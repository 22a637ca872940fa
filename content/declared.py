"""What an asset says of itself beside its texts: rights, claims, variants, variables."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cjops.core.wording import listing
from cjops.documents import Document
from content.definition import said
from content.editor.aside import RIGHTS, parse_day
from content.words import language_name


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement in one language, and what it rests on."""

    language: str
    text: str
    reference: str
    until: str


@dataclass(frozen=True, slots=True)
class Variable:
    """What stands for a personal value in one language."""

    name: str
    language: str
    sample: str
    fallback: str


@dataclass(frozen=True, slots=True)
class Declared:
    """All of it; empty lists for what is not said."""

    rights: tuple[tuple[str, str], ...]
    claims: tuple[Claim, ...]
    variants: tuple[tuple[str, str], ...]
    variables: tuple[Variable, ...]

    @property
    def is_said(self) -> bool:
        """Whether there is anything to read."""
        return bool(self.rights or self.claims or self.variants or self.variables)


def declared(document: Document) -> Declared:
    """What the document of an asset says of itself."""
    rights = said(document, "rights")
    written = {name: _shown(rights.get(name)) for name in RIGHTS}
    renditions = [(language_name(one["key"]), one) for one in document["renditions"]]
    return Declared(
        rights=tuple((str(RIGHTS[name]), text) for name, text in written.items() if text),
        claims=tuple(
            Claim(language, one["text"], one["reference"], _shown(one["valid_until"]))
            for language, rendition in renditions
            for one in said(rendition, "claims").values()
        ),
        variants=tuple(
            (one["name"] or key, _for_whom(one)) for key, one in said(document, "variants").items()
        ),
        variables=tuple(
            Variable(name, language, one["sample"], one["fallback"])
            for language, rendition in renditions
            for name, one in said(rendition, "variables").items()
        ),
    )


def _shown(value: Any) -> str:
    """A day, several places or a line, as people read it."""
    if isinstance(value, list | tuple):
        return listing(list(value)) if value else ""
    day = parse_day(value)
    return str(date_format(day, "DATE_FORMAT")) if day else str(value or "")


def _for_whom(variant: Mapping[str, str]) -> str:
    """Who gets a variant."""
    parts = [variant["persona"], variant["segment"]]
    if variant["arm"]:
        parts.append(_("arm %(arm)s of a test") % {"arm": variant["arm"]})
    return " · ".join(one for one in parts if one) or _("Nobody says who gets it.")
