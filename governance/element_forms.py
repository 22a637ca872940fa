"""Forms for the elements of a journey definition: a field of the form for each field of the schema.

What a person types becomes the `fields` of one edit (see `cjops.documents.edit`); the schema and
the checks say whether it makes sense.
"""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

import journeys.words
from content.models import Asset
from journeys.durations import parse_duration
from journeys.models import Importance, Journey, StepKind
from people.models import Channel, Team, User
from tags.models import Concept

Document = dict[str, Any]
Choices = list[tuple[str, Any]]

UNITS = (
    ("", _("no time")),
    ("M_", _("minutes")),
    ("H", _("hours")),
    ("D", _("days")),
    ("W", _("weeks")),
    ("M", _("months")),
    ("Y", _("years")),
)


class DurationInput(forms.MultiWidget):
    """A number and its unit; the value is an ISO 8601 duration with one part."""

    template_name = "governance/widgets/duration.html"

    def __init__(self) -> None:
        super().__init__(
            [
                forms.NumberInput(attrs={"min": 0, "max": 10000, "aria-label": _("How many")}),
                forms.Select(choices=UNITS, attrs={"aria-label": _("Unit")}),
            ]
        )

    def decompress(self, value: str | None) -> list[Any]:
        """Number and unit of a duration; one of several parts stays as text in the help."""
        duration = parse_duration(value or "")
        if duration is None:
            return [None, ""]
        units = ("Y", "M", "W", "D", "H", "M_")
        parts = [
            (amount, unit) for amount, unit in zip(duration.parts, units, strict=False) if amount
        ]
        if len(parts) == 1 and not duration.seconds:
            return [int(parts[0][0]), parts[0][1]]
        hours = duration.days * 24 + duration.weeks * 168 + duration.hours
        if duration.years or duration.months or not hours:
            return [None, ""]
        minutes = int(hours * 60 + duration.minutes)
        return [minutes // 60, "H"] if minutes % 60 == 0 else [minutes, "M_"]


class DurationField(forms.MultiValueField):
    """An ISO 8601 duration such as P3D, written as “3 days”."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            fields=(
                forms.IntegerField(min_value=0, max_value=10_000, required=False),
                forms.ChoiceField(choices=UNITS, required=False),
            ),
            widget=DurationInput(),
            require_all_fields=False,
            **kwargs,
        )

    def compress(self, values: list[Any]) -> str | None:
        """The duration, or None for no time."""
        amount, unit = (*values, None, "")[:2] if values else (None, "")
        if not amount:
            return None
        if not unit:
            raise forms.ValidationError(_("Say whether these are minutes, hours, days …"))
        if unit in ("H", "M_"):
            return f"PT{amount}{unit[0]}"
        return f"P{amount}{unit}"


class PercentField(forms.FloatField):
    """A share from 0 to 1, written in percent."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=0, max_value=100, required=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return round(value * 100, 2) if isinstance(value, float | int) else value

    def clean(self, value: Any) -> float | None:
        percent = super().clean(value)
        return None if percent is None else round(percent / 100, 6)


class LinesField(forms.CharField):
    """A list of short texts, one on each line."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 3}), required=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        return [line.strip() for line in super().clean(value).splitlines() if line.strip()]


@dataclass(frozen=True)
class Options:
    """What the selects of one document's forms offer."""

    steps: Choices
    stages: Choices
    channels: Choices
    teams: Choices
    journeys: Choices
    concepts: Choices
    assets: Choices


def options_for(document: Document, user: User, channel: str | None = None) -> Options:
    """Read what can be chosen; assets only of `channel`, with the versions that exist."""
    return Options(
        steps=[(s["key"], s["name"] or s["key"]) for s in document.get("steps", ())],
        stages=[(s["key"], s["name"] or s["key"]) for s in document.get("stages", ())],
        channels=[(c.key, c.label) for c in Channel.objects.all()],
        teams=[(t.key, t.label) for t in Team.objects.all()],
        journeys=list(
            Journey.objects.visible_to(user).order_by("name").values_list("key", "name")[:500]
        ),
        concepts=[
            (f"{taxonomy}:{key}", label)
            for taxonomy, key, label in Concept.objects.filter(status="active")
            .order_by("taxonomy__key", "rank")
            .values_list("taxonomy__key", "key", "label")
        ],
        assets=_asset_choices(user, channel) if channel else [],
    )


def _asset_choices(user: User, channel: str) -> Choices:
    assets = (
        Asset.objects.visible_to(user)
        .filter(channel__key=channel)
        .prefetch_related("versions")
        .order_by("name")[:300]
    )
    return [
        (
            asset.name,
            [
                (f"{asset.key}@{version.number}", f"{asset.name} · v{version.number}")
                for version in asset.versions.all()
            ],
        )
        for asset in assets
    ]


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


def _field(element: str, path: str, kind: Any, options: Options) -> forms.Field:
    if isinstance(kind, tuple):
        return _closed(element, path, kind)
    plain: dict[str, Any] = {
        LINE: lambda: forms.CharField(max_length=200, required=path in REQUIRED),
        TEXT: lambda: forms.CharField(
            max_length=4_000, required=False, widget=forms.Textarea(attrs={"rows": 3})
        ),
        DATE: lambda: forms.DateField(
            required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        ),
        DURATION: lambda: DurationField(required=False),
        PERCENT: lambda: PercentField(),
        LINES: lambda: LinesField(help_text=_("One on each line.")),
    }
    if kind in plain:
        field: forms.Field = plain[kind]()
        return field
    choices: Choices = getattr(options, kind.rstrip("*"))
    if kind.endswith("*"):
        return forms.MultipleChoiceField(
            choices=choices, required=False, widget=forms.CheckboxSelectMultiple
        )
    required = path in REQUIRED
    return forms.ChoiceField(
        choices=choices if required and choices else [("", _("none")), *choices], required=required
    )


class ElementForm(forms.Form):
    """The form of one element; `edit_fields()` is what it says as the fields of an edit."""

    def __init__(
        self,
        *args: Any,
        element: str,
        options: Options,
        current: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.element = element
        self.current = current or {}
        where = "" if element == "header" else element
        for path, kind in ASKED[element]:
            field = _field(element, path, kind, options)
            field.label = journeys.words.field_label(where, tuple(path.split("/")))
            field.initial = self._value(path)
            self.fields[path] = field
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
            bound = f"{filling['asset']}@{filling['version']}" if filling["asset"] else ""
            choices: Choices = [("", _("nothing yet")), *options.assets]
            if bound and not any(
                bound == value for _group, inner in options.assets for value, _label in inner
            ):
                choices.append((bound, bound))
            self.fields[f"slot:{slot}"] = forms.ChoiceField(
                label=journeys.words.field_label("steps", ("slots", slot)),
                choices=choices,
                initial=bound,
                required=False,
            )
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
        """The fields of the edit: only what differs from the current element.

        `digests` gives the digest of each asset version that can be chosen.
        """
        fields: dict[str, Any] = {}
        for path, _kind in ASKED[self.element]:
            value = self._for_document(path)
            if not path.startswith("kpi/") and value != self._value(path):
                fields[path] = value
        if self.element == "steps":
            fields |= self._kpi() | self._slots(digests)
        return fields

    def _for_document(self, path: str) -> Any:
        value = self.cleaned_data[path]
        if path == "emotion":
            return int(value) if value else None
        if hasattr(value, "isoformat"):
            return value.isoformat()
        if isinstance(self.fields[path], forms.ChoiceField) and value == "":
            return None if self._value(path) is None else self._empty(path)
        return value

    def _empty(self, path: str) -> Any:
        return "" if path in ("step", "stage") else None

    def _kpi(self) -> dict[str, Any]:
        kpi = {name: self.cleaned_data[f"kpi/{name}"] for name in ("metric", "target", "guardrail")}
        value = kpi if any(kpi.values()) else None
        return {} if value == self.current.get("kpi") else {"kpi": value}

    def _slots(self, digests: dict[tuple[str, int], str]) -> dict[str, Any]:
        old = self.current.get("slots", {})
        slots = {name: dict(filling) for name, filling in old.items()}
        for name, filling in slots.items():
            asset, _at, version = self.cleaned_data[f"slot:{name}"].partition("@")
            number = int(version) if version else None
            filling |= {
                "asset": asset or None,
                "version": number,
                "digest": digests.get((asset, number)) if number else None,
            }
        if self.cleaned_data["new_slot"]:
            slots.setdefault(self.cleaned_data["new_slot"], {"purpose": ""})
        return {} if slots == old else {"slots": slots}
