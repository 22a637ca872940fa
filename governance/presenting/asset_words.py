"""Fields of an asset as people read them: what each is called, and what its value says."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cjops.core.wording import listing
from cjops.documents import MISSING
from content.kinds import FIELDS, KINDS, LAYOUTS
from content.preview.frames import size_of
from content.words import language_name, status_label
from journeys.words import Names

Path = tuple[str, ...]

# What the labels of the editor do not name, or name otherwise.
LABELS: Mapping[str, Promise] = {
    "name": gettext_lazy("Name"),
    "kind": gettext_lazy("Kind"),
    "channel": gettext_lazy("Channel"),
    "purpose": gettext_lazy("Purpose"),
    "body": gettext_lazy("Body"),
    "format": gettext_lazy("Format"),
    "language": gettext_lazy("Language"),
    "variant": gettext_lazy("Variant"),
    "tags": gettext_lazy("Tags"),
    "status": gettext_lazy("Status"),
    "adapted_from": gettext_lazy("Adapted from"),
    "files": gettext_lazy("Files"),
    "variables": gettext_lazy("Variables"),
    "claims": gettext_lazy("Statements"),
    "rights": gettext_lazy("Rights"),
    "variants": gettext_lazy("Variants"),
}
# Of what has parts with names of their own, by the part.
PARTS: Mapping[tuple[str, str], Promise] = {
    ("files", "alt"): gettext_lazy("%(name)s, in words"),
    ("variables", "sample"): gettext_lazy("Variable “%(name)s”, sample"),
    ("variables", "fallback"): gettext_lazy("Variable “%(name)s”, where it is not known"),
    ("claims", "text"): gettext_lazy("Statement “%(name)s”"),
    ("claims", "reference"): gettext_lazy("Statement “%(name)s”, what it rests on"),
    ("claims", "valid_until"): gettext_lazy("Statement “%(name)s”, last day"),
    ("variants", "name"): gettext_lazy("Variant “%(name)s”, name"),
    ("variants", "persona"): gettext_lazy("Variant “%(name)s”, persona"),
    ("variants", "segment"): gettext_lazy("Variant “%(name)s”, segment"),
    ("variants", "arm"): gettext_lazy("Variant “%(name)s”, arm of a test"),
}
RIGHTS: Mapping[str, Promise] = {
    "source": gettext_lazy("Rights: source"),
    "licence": gettext_lazy("Rights: licence"),
    "valid_from": gettext_lazy("Rights: first day"),
    "valid_until": gettext_lazy("Rights: last day"),
    "territories": gettext_lazy("Rights: places"),
}


def leaves(path: Path, before: Any, after: Any) -> Iterator[tuple[Path, Any, Any]]:
    """A field before and after, taken apart as far as it has parts with names."""
    if not (isinstance(before, dict) or isinstance(after, dict)):
        if before != after:
            yield path, before, after
        return
    old, new = (side if isinstance(side, dict) else {} for side in (before, after))
    for name in [*new, *(name for name in old if name not in new)]:
        yield from leaves((*path, name), old.get(name, MISSING), new.get(name, MISSING))


def label(path: Path) -> str:
    """What the field is called."""
    if path[0] == "rights" and len(path) > 1:
        return str(RIGHTS.get(path[1], path[1]))
    if len(path) > 2 and path[0] == "files" and path[2] == "file":
        return place_label(path[1])
    if len(path) > 2 and (path[0], path[2]) in PARTS:
        name = place_label(path[1]) if path[0] == "files" else path[1]
        return str(PARTS[path[0], path[2]]) % {"name": name}
    called = LABELS.get(path[0]) or FIELDS.get(path[0]) or path[0]
    return str(called)


def place_label(place: str) -> str:
    """What a place for a file is called: its size in pixels, or a word."""
    width, height = size_of(place)
    if f"{width}x{height}" == place:
        return f"{width} × {height}"
    labels = {one.name: one.label for kind in KINDS.values() for one in kind.files}
    return str(labels.get(place, place))


def words(path: Path, value: Any, names: Names) -> str:
    """What a value says; "" for none."""
    if path == ("status",):
        return status_label(value)
    if value is MISSING or value in (None, "", [], {}):
        return ""
    if path in SAYS:
        return SAYS[path](value, names)
    if isinstance(value, dict):
        parts = leaves(path, MISSING, value)
        return "\n".join(f"{label(one)}: {words(one, said, names)}" for one, _old, said in parts)
    if isinstance(value, list):
        return listing([str(item) for item in value])
    return str(value)


def _kind(value: Any, _names: Names) -> str:
    return str(KINDS[value].label) if value in KINDS else str(value)


def _channel(value: Any, names: Names) -> str:
    return str(names.get("channels", {}).get(value, value))


def _layout(value: Any, _names: Names) -> str:
    return str(dict(LAYOUTS).get(value, value))


def _language(value: Any, _names: Names) -> str:
    return language_name(str(value).lower())


def _format(value: Any, _names: Names) -> str:
    return str(value).upper()


def _origins(value: Any, _names: Names) -> str:
    said = _("%(asset)s, version %(number)s")
    return listing([said % {"asset": one["asset"], "number": one["version"]} for one in value])


SAYS: Mapping[Path, Callable[[Any, Names], str]] = {
    ("kind",): _kind,
    ("channel",): _channel,
    ("layout",): _layout,
    ("language",): _language,
    ("format",): _format,
    ("adapted_from",): _origins,
}
