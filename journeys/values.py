"""Values and elements of a journey definition as people read them."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from cjops.core.wording import listing
from cjops.documents import MISSING, Document
from journeys.durations import duration_words
from journeys.fitting import needs_words
from journeys.labels import EMOTIONS, FieldPath, choice_label, field_words, is_choice

Names = Mapping[str, Mapping[str, str]]
"""Display names by kind (steps, stages, channels, teams, journeys, assets, concepts) and key."""

NO_NAMES: Names = {}
_DIGEST_SHOWN = 12

# Which kind of thing a field's key names; the slot's asset is handled with the slot.
_REFERENCES: dict[tuple[str, str], str] = {
    ("", "tags"): "concepts",
    ("entries", "step"): "steps",
    ("exits", "journey"): "journeys",
    ("steps", "stage"): "stages",
    ("steps", "channel"): "channels",
    ("steps", "team"): "teams",
    ("steps", "support_teams"): "teams",
    ("steps", "tags"): "concepts",
    ("steps", "journey"): "journeys",
    ("transitions", "source"): "steps",
    ("transitions", "target"): "steps",
}
_DURATIONS = {("steps", "wait"), ("transitions", "delay"), ("", "reentry/wait")}
_DATES = {("", "lifecycle/start"), ("", "lifecycle/end")}
_ALL_SPECIAL = _DURATIONS | _DATES


def names_in(*documents: Document) -> dict[str, dict[str, str]]:
    """The names of steps and stages; of two documents, those of the later one win."""
    names: dict[str, dict[str, str]] = {"steps": {}, "stages": {}}
    for document in documents:
        for kind, known in names.items():
            for element in document.get(kind, ()):
                known[element["key"]] = element["name"] or element["key"]
    return names


def name_of(document: Document, element: str, key: str) -> str:
    """What an element of the document is called; the key where it has no name or is not there."""
    if not element:
        return str(document.get("name", "")) or _("Journey")
    found = next((item for item in document.get(element, ()) if item["key"] == key), None)
    return element_name(element, found, names_in(document)) if found else key


def element_name(element: str, item: Mapping[str, Any], names: Names) -> str:
    """What an element is called: its name; of a path, where it leads from and to."""
    if element != "transitions":
        return str(item.get("name") or item["key"])
    steps = names.get("steps", {})
    return _("%(source)s → %(target)s") % {
        "source": steps.get(item["source"], item["source"]),
        "target": steps.get(item["target"], item["target"]),
    }


def place_of(document: Document, element: str, key: str) -> str:
    """Where an element stands among its like, as its rank says: "first", or after which one."""
    items = sorted(document.get(element, ()), key=lambda item: (item["rank"], item["key"]))
    keys = [item["key"] for item in items]
    if key not in keys:
        return _("empty")
    position = keys.index(key)
    if position == 0:
        return _("first")
    before = element_name(element, items[position - 1], names_in(document))
    return _("after “%(name)s”") % {"name": before}


def format_value(element: str, field: FieldPath, value: object, names: Names = NO_NAMES) -> str:
    """A value of a field in words: "3 days", "happy", "40 %", "Welcome, version 4", "empty".

    `names` gives display names for keys; a key without one is shown as it is. Of `rank`, a value
    says nothing to people: show `place_of` instead.
    """
    if value is MISSING or value is None or value in ("", [], {}):
        return _("empty")
    if not field:
        return element_name(element, value, names) if isinstance(value, dict) else str(value)
    if element == "steps" and field[0] == "slots":
        return _slot_value(field, value, names)
    place = (element, "/".join(field))
    if place in _REFERENCES:
        return _reference(_REFERENCES[place], value, names)
    return _plain(element, field, value, names)


def _plain(element: str, field: FieldPath, value: Any, names: Names) -> str:
    special = _special(element, field, value)
    if special is not None:
        return special
    if isinstance(value, dict):
        return listing(
            [
                _("%(field)s: %(value)s")
                % {
                    "field": field_words(element, (*field, member)),
                    "value": format_value(element, (*field, member), inner, names),
                }
                for member, inner in value.items()
            ]
        )
    if isinstance(value, list):
        return listing([str(item) for item in value])
    if isinstance(value, int | float) and not isinstance(value, bool):
        return number_format(value)
    return str(value)


def _special(element: str, field: FieldPath, value: Any) -> str | None:
    """Fields with a form of their own; None for all others."""
    place = (element, "/".join(field))
    if isinstance(value, str):
        if is_choice(element, field):
            return choice_label(element, field, value)
        if place in _DURATIONS:
            return duration_words(value)
        return _date(value) if place in _DATES else None
    if place == ("steps", "emotion") and value in EMOTIONS:
        return str(EMOTIONS[value])
    if place == ("transitions", "share") and isinstance(value, int | float):
        return percent(value)
    return None


def percent(share: float) -> str:
    """A share of one in words: 0.4 as "40 %"."""
    number = round(share * 100, 2)
    whole = int(number) if number == int(number) else number
    return _("%(number)s %%") % {"number": number_format(whole)}


def is_free_text(element: str, field: FieldPath) -> bool:
    """Whether people write the field's value themselves, so that a sentence should quote it."""
    place = (element, "/".join(field))
    if element == "steps" and field[:1] == ("slots",):
        return field[-1] == "purpose"
    return place not in _REFERENCES and place not in _ALL_SPECIAL and not is_choice(element, field)


def _date(value: str) -> str:
    try:
        return date_format(dt.date.fromisoformat(value))
    except ValueError:
        return value


def _reference(kind: str, value: Any, names: Names) -> str:
    known = names.get(kind, {})
    if isinstance(value, list):
        return listing([known.get(str(item), str(item)) for item in value])
    return known.get(str(value), str(value))


def _slot_value(field: FieldPath, value: Any, names: Names) -> str:
    if len(field) == 1 and isinstance(value, dict):
        return listing(
            [
                _("%(field)s: %(value)s")
                % {"field": slot, "value": _slot_value(("slots", slot), content, names)}
                for slot, content in value.items()
            ]
        )
    if len(field) == 2 and isinstance(value, dict):
        return _slot(value, names)
    if field[2] == "needs":
        asked = value if len(field) == 3 else {field[3]: value}
        return listing(needs_words(asked)) or _("empty")
    formats: dict[str, Callable[[], str]] = {
        "asset": lambda: _reference("assets", value, names),
        "digest": lambda: str(value)[:_DIGEST_SHOWN],
        "version": lambda: str(value),
    }
    return formats.get(field[-1], lambda: str(value))()


def _slot(content: Mapping[str, Any], names: Names) -> str:
    """What fills a slot; a slot that nothing fills is empty, whatever its purpose."""
    if not content.get("asset"):
        return _("empty")
    asset = _reference("assets", content["asset"], names)
    if content.get("version") is None:
        return asset
    return _("%(asset)s, version %(version)s") % {"asset": asset, "version": content["version"]}
