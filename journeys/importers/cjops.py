"""The portal's own format: a `journey/1` document, alone or as `{"key", "document"}`."""

from typing import Any

from django.utils.translation import gettext as _

from journeys.definition import SCHEMA, ShapeError, complete
from journeys.importers.building import slug
from journeys.importers.parsing import parse_json
from journeys.importers.result import Imported, ImportRefused, Sibling


def read(data: bytes, *, sibling: Sibling | None = None, language: str = "en") -> Imported:
    """The journey in a file that this portal, or another like it, exported.

    Content does not travel with it: slots keep the assets they name, which must exist here.
    """
    raw = parse_json(data)
    document, key = _parts(raw)
    if not isinstance(document, dict) or document.get("schema", SCHEMA) != SCHEMA:
        raise ImportRefused(_("The file is not a journey definition of the form journey/1."))
    try:
        completed = complete(document)
    except ShapeError as error:
        raise ImportRefused(error.message, errors=_by_pointer(error)) from error
    return Imported(completed, slug(key or completed["name"], "journey"), tuple(_notes(completed)))


def _parts(raw: Any) -> tuple[Any, str]:
    if isinstance(raw, dict) and "document" in raw:
        key = raw.get("key")
        return raw["document"], key if isinstance(key, str) else ""
    return raw, ""


def _by_pointer(error: ShapeError) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    for finding in error.findings:
        errors.setdefault(finding.pointer, []).append(finding.message)
    return errors


def _notes(document: dict[str, Any]) -> list[str]:
    if any(slot["asset"] for step in document["steps"] for slot in step["slots"].values()):
        return [_("Content does not travel with the file: the assets it names must exist here.")]
    return []
