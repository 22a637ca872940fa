"""What the checks say of a version, with the way to where it is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from cjops.core.findings import Finding
from cjops.documents import Document
from content.models import AssetVersion
from content.rendition_form import RenditionsForm
from content.rules import Rules
from content.writing import jumps_of, rendition_of

# What is said of the asset as a whole stands on a card of its own.
BESIDE = ("/rights", "/variants")


@dataclass(frozen=True, slots=True)
class Told:
    """A finding as `components/findings.html` shows it."""

    severity: str
    message: str
    place: str
    url: str


def told_to_writer(
    version: AssetVersion, document: Document, found: Iterable[Finding], rules: Rules
) -> list[Told]:
    """Findings that lead to their fields of the editor."""
    texts = RenditionsForm(document=document, known=rules.variables)
    editor = reverse("asset-write", args=[version.subject.key])
    jumps = jumps_of(texts, document, found)
    return [_told(one.finding, f"{editor}#{one.target}") for one in jumps]


def told_to_reader(
    version: AssetVersion, document: Document, found: Iterable[Finding]
) -> list[Told]:
    """Findings that lead to the text, or to what is said beside it, on the asset's page."""
    keys = [one["key"] for one in document["renditions"]]
    return [_told(one, _on_the_page(version, one, keys)) for one in found]


def _told(finding: Finding, url: str) -> Told:
    line = _("Line %(line)s") % {"line": finding.line} if finding.line else ""
    return Told(finding.severity, finding.message, line, url)


def _on_the_page(version: AssetVersion, finding: Finding, keys: Sequence[str]) -> str:
    asked = {"version": str(version.number)}
    key = rendition_of(finding, keys)
    if key:
        asked["rendition"] = key
    is_beside = finding.pointer.startswith(BESIDE) or "/claims/" in finding.pointer
    page = reverse("asset-detail", args=[version.subject.key])
    return f"{page}?{urlencode(asked)}#{'declared' if is_beside else 'preview'}"
