"""The document that a writing form stands for: languages come and go, texts are kept."""

from collections.abc import Mapping, Sequence
from typing import Any

from cjops.core.errors import DomainError
from cjops.core.findings import Finding
from cjops.documents import Document
from content.definition import complete, spelled
from content.forms import VersionForm, languages_in
from content.rendition_form import RenditionsForm
from content.words import language_name


def in_languages(document: Document, keys: Sequence[str]) -> Document:
    """The document with a rendition for each of these languages, and for no other.

    Those it has stand in their order; new ones are empty and come last.
    """
    present = {rendition["key"]: rendition for rendition in document["renditions"]}
    kept = [rendition for key, rendition in present.items() if key in keys]
    added = [{"key": key, "language": spelled(key)} for key in keys if key not in present]
    # Ranks are made anew by the order of the list: a mixture of given and missing ones is, too.
    bare = [{name: value for name, value in one.items() if name != "rank"} for one in kept]
    return complete({**document, "renditions": [*(kept if not added else bare), *added]})


def asked_languages(data: Mapping[str, Any], fallback: Sequence[str]) -> list[str]:
    """The languages a form shows after what was pressed: one more, one fewer, or the same."""
    getlist = getattr(data, "getlist", None)
    keys = languages_in(getlist("language") if getlist else ()) or list(fallback)
    if data.get("do") == "add":
        keys = languages_in([*keys, str(data.get("add_language", ""))])
    removed = str(data.get("remove", ""))
    if removed in keys and len(keys) > 1:
        keys.remove(removed)
    return keys


def place_findings(error: DomainError, texts: RenditionsForm, head: VersionForm | None) -> None:
    """Put what the schema refused at the fields it is about."""
    for finding in error.extra.get("findings", ()):
        field = finding.pointer.rpartition("/")[2]
        name = f"{finding.key}.{field}"
        if finding.element == "renditions" and name in texts.fields:
            texts.add_error(name, finding.message)
        elif head is not None and field in head.fields:
            head.add_error(field, finding.message)
        else:
            texts.add_error(None, _whole(finding))


def _whole(finding: Finding) -> str:
    return f"{language_name(finding.key)}: {finding.message}" if finding.key else finding.message
