"""Forms for the elements of a journey definition: a field of the form for each field of the schema.

What a person types becomes the `fields` of one edit (see `cjops.documents.edit`); the schema and
the checks say whether it makes sense.
"""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

import journeys.words
from governance import slot_fields
from governance.element_fields import (
    DayField,
    DurationField,
    LineField,
    LinesField,
    NewTagsField,
    PercentField,
    TextField,
)
from governance.element_options import Choices, Options
from journeys.models import Importance, StepKind

LINE, TEXT, DATE, DURATION, PERCENT, LINES = "line", "text", "date", "duration", "percent", "lines"

# What each element's form asks, in order: the path of the field, and what kind of field it is;
# a tuple is a closed list of the schema, a name one of the attributes of `Options`.
ASKED: dict[str, list[tuple[str, Any]]] = {
    "header": [
        ("name", LINE),
        ("purpose", TEXT),
        ("scenario", TEXT),
        ("goal/statement", TEXT),
        ("goal/metric", LINE),
        ("goal/target", LINE),
        ("lifecycle/start", DATE),
        ("lifecycle/end", DATE),
        ("market", LINE),
        ("product_line", LINE),
        ("importance", tuple(Importance.values)),
        ("personas", LINES),
        ("reentry/rule", ("never", "after_exit", "always")),
        ("reentry/wait", DURATION),
        ("tags", "concepts*"),
    ],
    "entries": [
        ("name", LINE),
        ("kind", ("event", "segment", "schedule")),
        ("rule", TEXT),
        ("where", TEXT),
        ("step", "steps"),
    ],
    "exits": [
        ("name", LINE),
        ("rule", TEXT),
        ("outcome", ("end", "switch")),
        ("journey", "journeys"),
        ("note", TEXT),
    ],
    "stages": [("name", LINE), ("description", TEXT)],
    "steps": [
        ("name", LINE),
        ("kind", tuple(StepKind.values)),
        ("stage", "stages"),
        ("channel", "channels"),
        ("team", "teams"),
        ("touchpoint", LINE),
        ("purpose", TEXT),
        ("wait", DURATION),
        ("journey", "journeys"),
        ("customer_action", TEXT),
        ("mindset", TEXT),
        ("emotion", ("-2", "-1", "0", "1", "2")),
        ("pain_points", TEXT),
        ("support_teams", "teams*"),
        ("frequency_class", ("none", "service", "transactional", "marketing")),
        ("kpi/metric", LINE),
        ("kpi/target", LINE),
        ("kpi/guardrail", LINE),
        ("tags", "concepts*"),
    ],
    "transitions": [
        ("source", "steps"),
        ("target", "steps"),
        ("condition", TEXT),
        ("delay", DURATION),
        ("share", PERCENT),
    ],
}
NEW_TAGS = "tags/more"
# A select may stay empty where the schema knows “none”.
REQUIRED = {"name", "kind", "stage", "step", "source", "target"}


def _closed(element: str, path: str, values: tuple[str, ...]) -> forms.Field:
    where = "" if element == "header" else element
    if path == "emotion":
        labels: Choices = [("", _("not said"))] + [
            (value, journeys.words.format_value(where, (path,), int(value))) for value in values
        ]
        return forms.ChoiceField(choices=labels, required=False)
    labels = [
        (value, journeys.words.choice_label(where, tuple(path.split("/")), value))
        for value in values
    ]
    return forms.ChoiceField(choices=labels)


def _field(path: str, kind: Any, options: Options, current: Any, required: bool) -> forms.Field:
    plain: dict[str, Any] = {
        LINE: lambda: LineField(max_length=200, required=required),
        TEXT: lambda: TextField(max_length=4_000, required=False),
        DATE: lambda: DayField(required=False),
        DURATION: lambda: DurationField(current=current, required=False),
        PERCENT: lambda: PercentField(),
        LINES: lambda: LinesField(help_text=_("One on each line.")),
    }
    if kind in plain:
        field: forms.Field = plain[kind]()
        return field
    choices: Choices = getattr(options, kind.rstrip("*"))
    known = {value for value, _label in choices}
    # What is there stays on offer, also where the reader may not see more of it than its key.
    there = current if isinstance(current, list) else [current] if current else []
    choices = [*choices, *((value, value) for value in there if value not in known)]
    if kind.endswith("*"):
        return forms.MultipleChoiceField(
            choices=choices, required=False, widget=forms.CheckboxSelectMultiple
        )
    return forms.ChoiceField(
        choices=choices if required and choices else [("", _("none")), *choices], required=required
    )


class ElementForm(forms.Form):
    """The form of one element; `edit_fields()` is what it says as the fields of an edit.

    `current` is the element as it is; of a new one, what to fill in beforehand.
    """

    def __init__(
        self,
        *args: Any,
        element: str,
        options: Options,
        current: dict[str, Any] | None = None,
        is_new: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.element = element
        self.current = current or {}
        self.is_new = is_new
        where = "" if element == "header" else element
        for path, kind in ASKED[element]:
            value = self._value(path)
            # What was empty before may stay so, or nothing else could be saved either.
            required = path in REQUIRED and (is_new or bool(value))
            if isinstance(kind, tuple):
                field = _closed(element, path, kind)
                value = value if value is None else str(value)
            else:
                field = _field(path, kind, options, value, required)
            field.label = journeys.words.field_label(where, tuple(path.split("/")))
            field.initial = value
            self.fields[path] = field
            if kind == "concepts*" and options.suggestions:
                self.fields[NEW_TAGS] = NewTagsField(
                    find=options.find_concepts,
                    suggestions=options.suggestions,
                    address=options.concepts_address,
                )
        if element == "steps":
            self._add_slots(options)

    def _value(self, path: str) -> Any:
        value: Any = self.current
        for part in path.split("/"):
            value = value.get(part) if isinstance(value, dict) else None
        return value

    def _add_slots(self, options: Options) -> None:
        """A choice of content for each slot, and one slot more."""
        for slot, filling in self.current.get("slots", {}).items():
            bound = f"{filling['asset']}@{filling['version'] or ''}" if filling["asset"] else ""
            choices: Choices = [("", _("nothing yet")), *options.assets]
            if bound and not any(
                bound == value for _group, inner in options.assets for value, _label in inner
            ):
                shown = f"{filling['asset']} · v{filling['version'] or '?'}"
                choices.append((bound, shown))
            self.fields[f"slot:{slot}"] = forms.ChoiceField(
                label=journeys.words.field_label("steps", ("slots", slot)),
                choices=choices,
                initial=bound,
                required=False,
            )
            self.fields |= slot_fields.fields_for(slot, filling, self.current.get("channel") or "")
        self.fields["new_slot"] = forms.SlugField(
            label=_("Add a place for content"),
            help_text=_("A short name, such as body. Leave it empty to add none."),
            required=False,
            max_length=40,
        )

    def clean_new_slot(self) -> str:
        """A slot name as the schema wants it."""
        name: str = self.cleaned_data["new_slot"].strip().lower().replace("_", "-").strip("-")
        return name

    def edit_fields(self, digests: dict[tuple[str, int], str]) -> dict[str, Any]:
        """The fields of the edit: only what the person changed; of a new element, all it says.

        `digests` gives the digest of each asset version that can be chosen.
        """
        fields: dict[str, Any] = {}
        for path, _kind in ASKED[self.element]:
            if path.startswith("kpi/") or not self._is_said(path):
                continue
            value = self._for_document(path)
            if not (self.is_new and value in (None, "", [])):
                fields[path] = value
        if self.element == "steps":
            fields |= self._kpi() | self._slots(digests)
        return fields

    def _is_said(self, path: str) -> bool:
        """Whether the form says something of the field that the element does not say already."""
        if path == "tags" and self.cleaned_data.get(NEW_TAGS):
            return True
        widget = self.fields[path].widget
        # Of what was not sent, nobody knows what it should be.
        if widget.value_omitted_from_data(self.data, self.files, self.add_prefix(path)):
            return False
        return self.is_new or path in self.changed_data

    def _for_document(self, path: str) -> Any:
        value = self.cleaned_data[path]
        if path == "emotion":
            return int(value) if value else None
        if isinstance(value, list) and isinstance(self.fields[path], forms.MultipleChoiceField):
            return self._in_order(path, value)
        if isinstance(self.fields[path], forms.ChoiceField) and value == "":
            return "" if path in ("step", "stage") else None
        return value

    def _in_order(self, path: str, chosen: list[str]) -> list[str]:
        """What was there keeps its order; what is new comes behind it."""
        before: list[str] = self._value(path) or []
        more = self.cleaned_data.get(NEW_TAGS, []) if path == "tags" else []
        kept = [one for one in before if one in chosen]
        return list(dict.fromkeys([*kept, *chosen, *more]))

    def _kpi(self) -> dict[str, Any]:
        names = ("metric", "target", "guardrail")
        said = {name for name in names if self._is_said(f"kpi/{name}")}
        if not said:
            return {}
        before: dict[str, str] = self.current.get("kpi") or {}
        kpi = {
            name: self.cleaned_data[f"kpi/{name}"] if name in said else before.get(name, "")
            for name in names
        }
        if any(kpi.values()):
            return {"kpi": kpi}
        return {} if self.is_new else {"kpi": None}

    def _slots(self, digests: dict[tuple[str, int], str]) -> dict[str, Any]:
        fields: dict[str, Any] = {}
        slots = self.current.get("slots", {})
        for name in slots:
            fields |= self._needs(name)
            if not self._is_said(f"slot:{name}"):
                continue
            asset, _at, version = self.cleaned_data[f"slot:{name}"].partition("@")
            number = int(version) if version else None
            fields |= {
                f"slots/{name}/asset": asset or None,
                f"slots/{name}/version": number,
                f"slots/{name}/digest": digests.get((asset, number)) if number else None,
            }
        added = self.cleaned_data["new_slot"]
        if added and added not in slots:
            fields[f"slots/{added}"] = {"purpose": ""}
        return fields

    def _needs(self, slot: str) -> dict[str, Any]:
        """What a slot asks of content, where somebody changed it."""
        before = slot_fields.NO_NEEDS | (self.current["slots"][slot].get("needs") or {})
        said = {
            need: self._chosen(slot, need, before[need])
            for need in before
            if slot_fields.name_of(slot, need) in self.fields
            and self._is_said(slot_fields.name_of(slot, need))
        }
        return {f"slots/{slot}/needs": before | said} if said else {}

    def _chosen(self, slot: str, need: str, before: Any) -> Any:
        value = self.cleaned_data[slot_fields.name_of(slot, need)]
        if need != "languages":
            return value
        kept = [one for one in before if one in value]
        return list(dict.fromkeys([*kept, *value]))
