"""How a page shows the form: a group of fields for each rendition, and what each says in short."""

from dataclasses import dataclass, field

from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from content.kinds import Place, Written
from content.models import Picture


@dataclass(frozen=True, slots=True)
class Line:
    """A field that people write, and how."""

    bound: BoundField
    written: Written

    @property
    def tools(self) -> str:
        """What a script adds to it: "prose", "markup", "text" or "line"; "" for choices."""
        return self.written.input if self.written.is_personal else ""


@dataclass(frozen=True, slots=True)
class FileGroup:
    """A place for a file: which of the asset's, what is on it, and one to upload."""

    place: str
    name: str
    type: str
    chosen: BoundField
    alt: BoundField
    upload: str
    picture: Picture | None
    is_size: bool = False


@dataclass(frozen=True, slots=True)
class VariableGroup:
    """A variable: what previews show, and what is sent where the value is missing."""

    name: str
    label: str
    sample: BoundField
    fallback: BoundField
    is_used: bool
    is_known: bool


@dataclass(frozen=True, slots=True)
class ClaimGroup:
    """A statement with its reference."""

    key: str
    text: BoundField
    reference: BoundField
    valid_until: BoundField


@dataclass(frozen=True, slots=True)
class VariantGroup:
    """A variant, and who gets it."""

    key: str
    fields: list[BoundField]
    title: str


@dataclass(slots=True)
class RenditionGroup:
    """All fields of one language, in one variant."""

    key: str
    value: str
    tag: str
    name: str
    variant: str
    lines: list[Line]
    files: list[FileGroup]
    has_sizes: bool
    variables: list[VariableGroup]
    claims: list[ClaimGroup]
    others: list[tuple[str, str]] = field(default_factory=list)

    @property
    def fields(self) -> list[BoundField]:
        """Those that people write."""
        return [line.bound for line in self.lines]

    @property
    def all_fields(self) -> list[BoundField]:
        """Every one, for the summary of errors."""
        found = self.fields
        for file in self.files:
            found += [file.chosen, file.alt]
        for variable in self.variables:
            found += [variable.sample, variable.fallback]
        for claim in self.claims:
            found += [claim.text, claim.reference, claim.valid_until]
        return found

    @property
    def variables_said(self) -> str:
        """What the closed part says about its variables."""
        if not self.variables:
            return _("none in the text")
        bare = sum(1 for one in self.variables if not one.fallback.value())
        said = ngettext("%(count)s in the text", "%(count)s in the text", len(self.variables)) % {
            "count": len(self.variables)
        }
        if not bare:
            return said
        without = ngettext("%(count)s without a fallback", "%(count)s without a fallback", bare)
        return f"{said} · {without % {'count': bare}}"

    @property
    def files_said(self) -> str:
        """What the closed part says about its files."""
        chosen = sum(1 for one in self.files if one.chosen.value())
        if not chosen:
            return _("none chosen")
        return ngettext("%(count)s chosen", "%(count)s chosen", chosen) % {"count": chosen}

    @property
    def claims_said(self) -> str:
        """What the closed part says about its claims."""
        said = sum(1 for one in self.claims if one.text.value())
        if not said:
            return _("none")
        return ngettext("%(count)s claim", "%(count)s claims", said) % {"count": said}


def place_name(place: Place, size: str = "") -> str:
    """What the place is called."""
    return size.replace("x", " × ") if size else str(place.label)
