"""The sentences a change page opens with: what was added, moved, removed and altered."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cjops.core.wording import listing
from cjops.documents import MISSING, Change, Document, Hunk, hunks
from journeys.labels import field_words
from journeys.values import NO_NAMES, Names, element_name, format_value, is_free_text, names_in

_ORDER = ("steps", "transitions", "entries", "exits", "stages", "")
_NAMED = 5
_SHORT = 60
_TOLD_APART = 4

# A function each, because every message must stand in the source with both its forms.
_Sentence = Callable[[int], str]
_ADDED: dict[str, _Sentence] = {
    "steps": lambda n: ngettext(
        "%(count)s step added: %(names)s.", "%(count)s steps added: %(names)s.", n
    ),
    "transitions": lambda n: ngettext(
        "%(count)s path added: %(names)s.", "%(count)s paths added: %(names)s.", n
    ),
    "entries": lambda n: ngettext(
        "%(count)s entry added: %(names)s.", "%(count)s entries added: %(names)s.", n
    ),
    "exits": lambda n: ngettext(
        "%(count)s exit rule added: %(names)s.", "%(count)s exit rules added: %(names)s.", n
    ),
    "stages": lambda n: ngettext(
        "%(count)s stage added: %(names)s.", "%(count)s stages added: %(names)s.", n
    ),
}
_REMOVED: dict[str, _Sentence] = {
    "steps": lambda n: ngettext(
        "%(count)s step removed: %(names)s.", "%(count)s steps removed: %(names)s.", n
    ),
    "transitions": lambda n: ngettext(
        "%(count)s path removed: %(names)s.", "%(count)s paths removed: %(names)s.", n
    ),
    "entries": lambda n: ngettext(
        "%(count)s entry removed: %(names)s.", "%(count)s entries removed: %(names)s.", n
    ),
    "exits": lambda n: ngettext(
        "%(count)s exit rule removed: %(names)s.", "%(count)s exit rules removed: %(names)s.", n
    ),
    "stages": lambda n: ngettext(
        "%(count)s stage removed: %(names)s.", "%(count)s stages removed: %(names)s.", n
    ),
}
_MOVED: dict[str, _Sentence] = {
    "steps": lambda n: ngettext(
        "%(count)s step moved: %(names)s.", "%(count)s steps moved: %(names)s.", n
    ),
    "transitions": lambda n: ngettext(
        "%(count)s path moved: %(names)s.", "%(count)s paths moved: %(names)s.", n
    ),
    "entries": lambda n: ngettext(
        "%(count)s entry moved: %(names)s.", "%(count)s entries moved: %(names)s.", n
    ),
    "exits": lambda n: ngettext(
        "%(count)s exit rule moved: %(names)s.", "%(count)s exit rules moved: %(names)s.", n
    ),
    "stages": lambda n: ngettext(
        "%(count)s stage moved: %(names)s.", "%(count)s stages moved: %(names)s.", n
    ),
}
_EDITED: dict[str, _Sentence] = {
    "steps": lambda n: ngettext(
        "%(count)s step changed: %(names)s.", "%(count)s steps changed: %(names)s.", n
    ),
    "transitions": lambda n: ngettext(
        "%(count)s path changed: %(names)s.", "%(count)s paths changed: %(names)s.", n
    ),
    "entries": lambda n: ngettext(
        "%(count)s entry changed: %(names)s.", "%(count)s entries changed: %(names)s.", n
    ),
    "exits": lambda n: ngettext(
        "%(count)s exit rule changed: %(names)s.", "%(count)s exit rules changed: %(names)s.", n
    ),
    "stages": lambda n: ngettext(
        "%(count)s stage changed: %(names)s.", "%(count)s stages changed: %(names)s.", n
    ),
}


def summarise(
    changes: Sequence[Change], before: Document, after: Document, names: Names = NO_NAMES
) -> list[str]:
    """What `changes`, which lead from `before` to `after`, come to: whole sentences.

    Steps first, then paths, entries, exits, stages and the journey itself. A handful of edits
    is told field by field, more of them by name only. `names` adds display names of channels,
    teams, assets, journeys and concepts. No changes, no sentences.
    """
    summary = _Summary(before, after, names)
    grouped: dict[str, list[Hunk]] = {}
    for hunk in hunks(changes):
        grouped.setdefault(hunk.element, []).append(hunk)
    order = [*_ORDER, *(name for name in grouped if name not in _ORDER)]
    return [
        sentence
        for name in order
        if name in grouped
        for sentence in summary.of(name, grouped[name])
    ]


@dataclass(frozen=True, slots=True)
class _Edit:
    field: tuple[str, ...]
    before: Any
    after: Any


class _Summary:
    def __init__(self, before: Document, after: Document, names: Names) -> None:
        self.names: Names = {**names, **names_in(before, after)}
        self._elements: dict[tuple[str, str], Mapping[str, Any]] = {
            (name, item["key"]): item
            for document in (before, after)
            for name in _ORDER[:-1]
            for item in document.get(name, ())
        }
        self._before = {(name, item["key"]): item for name in _ORDER[:-1] for item in before[name]}

    def of(self, name: str, group: Sequence[Hunk]) -> list[str]:
        """The sentences about one collection, or about the header."""
        if not name:
            return self._header(group[0])
        by_op: dict[str, list[Hunk]] = {"add": [], "remove": [], "move": [], "edit": []}
        for hunk in group:
            by_op[hunk.op].append(hunk)
        sentences = [
            self._counted(forms, name, by_op[op])
            for op, forms in (("add", _ADDED), ("remove", _REMOVED), ("move", _MOVED))
            if by_op[op]
        ]
        if len(by_op["edit"]) > _TOLD_APART:
            return [*sentences, self._counted(_EDITED, name, by_op["edit"])]
        return sentences + [line for hunk in by_op["edit"] for line in self._edited(hunk)]

    def _counted(self, forms: Mapping[str, _Sentence], name: str, group: Sequence[Hunk]) -> str:
        quoted = [self._name(name, hunk.key) for hunk in group]
        form = forms[name] if name in forms else forms["steps"]
        return form(len(group)) % {"count": len(group), "names": listing(quoted, _NAMED)}

    def _name(self, name: str, key: str) -> str:
        item = self._elements.get((name, key))
        return element_name(name, item, self.names) if item else key

    def _header(self, hunk: Hunk) -> list[str]:
        edits = self._edits(hunk)
        if len(edits) > _TOLD_APART:
            fields = listing([field_words("", edit.field) for edit in edits], _NAMED)
            return [_("About the journey as a whole: %(fields)s changed.") % {"fields": fields}]
        return [self._sentence("", "", edit) for edit in edits]

    def _edited(self, hunk: Hunk) -> list[str]:
        name = self._name(hunk.element, hunk.key)
        edits = self._edits(hunk)
        if len(edits) > _TOLD_APART:
            fields = listing([field_words(hunk.element, edit.field) for edit in edits], _NAMED)
            return [_("%(name)s: %(fields)s changed.") % {"name": name, "fields": fields}]
        return [self._sentence(hunk.element, name, edit) for edit in edits]

    def _edits(self, hunk: Hunk) -> list[_Edit]:
        """The changed fields; what fills one slot counts as one, whichever of its parts changed."""
        edits: dict[tuple[str, ...], _Edit] = {}
        for change in hunk.changes:
            in_slot = hunk.element == "steps" and change.field[:1] == ("slots",)
            part = change.field[2] if in_slot and len(change.field) > 2 else ""
            if part == "needs":
                place = change.field[:3]
                edits.setdefault(place, self._slot_edit(hunk, *place))
            elif part and part != "purpose":
                place = change.field[:2]
                edits.setdefault(place, self._slot_edit(hunk, *place))
            else:
                edits[change.field] = _Edit(change.field, change.before, change.after)
        return list(edits.values())

    def _slot_edit(self, hunk: Hunk, *field: str) -> _Edit:
        both: list[Any] = []
        for found in (self._before, self._elements):
            value: Any = found.get((hunk.element, hunk.key), {})
            for part in field:
                value = value.get(part, MISSING) if isinstance(value, dict) else MISSING
            both.append(value)
        return _Edit(field, both[0], both[1])

    def _sentence(self, element: str, name: str, edit: _Edit) -> str:
        words = {
            "name": name or _("Journey"),
            "field": field_words(element, edit.field),
            "before": self._value(element, edit.field, edit.before),
            "after": self._value(element, edit.field, edit.after),
        }
        if edit.field == ("rank",):
            return _("%(name)s: moved.") % words
        if is_new_version(element, edit):
            return self._new_version(words, edit)
        return _form(edit, words) % words

    def _value(self, element: str, field: tuple[str, ...], value: Any) -> str:
        words = format_value(element, field, value, self.names)
        if isinstance(value, str) and value and is_free_text(element, field):
            return _("“%(text)s”") % {"text": words}
        return words

    def _new_version(self, words: Mapping[str, str], edit: _Edit) -> str:
        asset = edit.after["asset"]
        return _("%(name)s: %(field)s, %(asset)s, version %(before)s → %(after)s.") % {
            **words,
            "asset": self.names.get("assets", {}).get(asset, asset),
            "before": edit.before["version"],
            "after": edit.after["version"],
        }


def is_new_version(element: str, edit: _Edit) -> bool:
    """Whether a slot keeps its asset and takes another version of it."""
    both = (edit.before, edit.after)
    if element != "steps" or len(edit.field) != 2 or not all(isinstance(one, dict) for one in both):
        return False
    return (
        edit.before.get("asset") == edit.after.get("asset") is not None
        and None not in (edit.before.get("version"), edit.after.get("version"))
        and edit.before["version"] != edit.after["version"]
    )


def _form(edit: _Edit, words: Mapping[str, str]) -> str:
    """Which sentence tells an edit best: short values are shown, long texts only mentioned."""
    is_short = len(words["before"]) <= _SHORT and len(words["after"]) <= _SHORT
    if is_empty(edit.before):
        return (
            _("%(name)s: %(field)s set to %(after)s.")
            if is_short
            else _("%(name)s: %(field)s written.")
        )
    if is_empty(edit.after):
        return (
            _("%(name)s: %(field)s taken out, was %(before)s.")
            if is_short
            else _("%(name)s: %(field)s taken out.")
        )
    if is_short and words["before"] != words["after"]:
        return _("%(name)s: %(field)s %(before)s → %(after)s.")
    return _("%(name)s: %(field)s reworded.")


def is_empty(value: object) -> bool:
    """Whether a value says nothing: absent, null, or an empty text, list or object."""
    return value is MISSING or value is None or value in ("", [], {})
