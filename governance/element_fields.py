"""Fields of the element forms: what stands in a document, as people read and write it.

Each says by `has_changed` whether somebody changed what it showed: what nobody touched is never
written, however the field spells it.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cjops.core.schema.text import tidy_line, tidy_text
from journeys.durations import duration_words, parse_duration

UNITS = (
    ("", _("no time")),
    ("M_", _("minutes")),
    ("H", _("hours")),
    ("D", _("days")),
    ("W", _("weeks")),
    ("M", _("months")),
    ("Y", _("years")),
)
# The unit of a duration that is not one number of one unit: it stays as it is.
AS_IT_IS = "="
MOST = 10_000
MOST_NEW_TAGS = 20


class LineField(forms.CharField):
    """Text of one line."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        return tidy_line(data or "") != (initial or "")


class TextField(forms.CharField):
    """Text of several lines, which browsers send with line ends of their own."""

    widget = forms.Textarea(attrs={"rows": 3})

    def has_changed(self, initial: Any, data: Any) -> bool:
        return tidy_text(data or "") != (initial or "")


class DayField(forms.DateField):
    """A day, which a document holds as text."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (data or "") != (initial or "")

    def clean(self, value: Any) -> Any:
        day = super().clean(value)
        return day.isoformat() if isinstance(day, dt.date) else None


class DurationInput(forms.MultiWidget):
    """A number and its unit; the value is an ISO 8601 duration with one part."""

    template_name = "governance/widgets/duration.html"

    def __init__(self, current: str = "") -> None:
        units: list[tuple[str, Any]] = [*UNITS]
        if current and _number_and_unit(current) is None:
            words = _("as it is: %(duration)s") % {"duration": duration_words(current)}
            units.append((AS_IT_IS, words))
        self.units = units
        super().__init__(
            [
                forms.NumberInput(attrs={"min": 0, "max": MOST, "aria-label": _("How many")}),
                forms.Select(choices=units, attrs={"aria-label": _("Unit")}),
            ]
        )

    def decompress(self, value: str | None) -> list[Any]:
        """Number and unit of a duration; `AS_IT_IS` for one that is not as simple."""
        if not value:
            return [None, ""]
        return _number_and_unit(value) or [None, AS_IT_IS]


def _number_and_unit(value: str) -> list[Any] | None:
    duration = parse_duration(value)
    if duration is None:
        return None
    units = ("Y", "M", "W", "D", "H", "M_", "")
    parts = [(n, unit) for n, unit in zip(duration.parts, units, strict=True) if n]
    if len(parts) != 1:
        return None
    amount, unit = parts[0]
    return [int(amount), unit] if unit and amount == int(amount) and amount <= MOST else None


class DurationField(forms.MultiValueField):
    """An ISO 8601 duration such as P3D, written as “3 days”."""

    def __init__(self, current: str | None = None, **kwargs: Any) -> None:
        self.current = current or ""
        widget = DurationInput(self.current)
        super().__init__(
            fields=(
                forms.IntegerField(min_value=0, max_value=MOST, required=False),
                forms.ChoiceField(choices=widget.units, required=False),
            ),
            widget=widget,
            require_all_fields=False,
            **kwargs,
        )

    def has_changed(self, initial: Any, data: Any) -> bool:
        shown = self.widget.decompress(initial)
        return [str(part or "") for part in data or ("", "")] != [str(part or "") for part in shown]

    def compress(self, values: list[Any]) -> str | None:
        """The duration, or None for no time."""
        amount, unit = (*values, None, "")[:2] if values else (None, "")
        if unit == AS_IT_IS and amount is None:
            return self.current
        if not amount:
            return None
        if not unit or unit == AS_IT_IS:
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

    def has_changed(self, initial: Any, data: Any) -> bool:
        return str(data or "") != str("" if initial is None else self.prepare_value(initial))

    def clean(self, value: Any) -> float | None:
        percent = super().clean(value)
        return None if percent is None else round(percent / 100, 6)


class LinesField(forms.CharField):
    """A list of short texts, one on each line."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 3}), required=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list | tuple) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return tidy_text(data or "") != "\n".join(initial or [])

    def clean(self, value: Any) -> list[str]:
        return [line.strip() for line in super().clean(value).splitlines() if line.strip()]


class NewTagsInput(forms.TextInput):
    """A line for names of concepts, with suggestions that are fetched while somebody types."""

    template_name = "governance/widgets/concepts.html"

    def __init__(self, suggestions: Sequence[tuple[str, str]], address: str) -> None:
        super().__init__(attrs={"autocomplete": "off"})
        self.suggestions, self.address = suggestions, address

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """The input, its list, and where more of the list comes from."""
        context: dict[str, Any] = super().get_context(name, value, attrs)
        listed = f"{context['widget']['attrs'].get('id', name)}-list".replace("/", "-")
        context["widget"]["list"] = listed
        context["widget"]["attrs"] |= {
            "list": listed,
            "hx-get": self.address,
            "hx-trigger": "input changed delay:250ms",
            "hx-target": f"#{listed}",
            "hx-swap": "innerHTML",
        }
        context["suggestions"] = self.suggestions
        return context


class NewTagsField(forms.CharField):
    """Concepts to add, by key or label, with commas between them.

    `find` gives for each text the references it can mean.
    """

    def __init__(
        self,
        *,
        find: Callable[[list[str]], dict[str, list[str]]],
        suggestions: Sequence[tuple[str, str]],
        address: str,
    ) -> None:
        self.find = find
        super().__init__(
            label=_("Add tags"),
            help_text=_("Type a part of the name and choose. Put a comma between several."),
            required=False,
            max_length=2_000,
            widget=NewTagsInput(suggestions, address),
        )

    def clean(self, value: Any) -> list[str]:
        texts = [text.strip() for text in super().clean(value).split(",") if text.strip()]
        if len(texts) > MOST_NEW_TAGS:
            raise forms.ValidationError(
                _("Add at most %(count)s at a time.") % {"count": MOST_NEW_TAGS}
            )
        found = self.find(texts) if texts else {}
        for text in texts:
            if not found.get(text):
                raise forms.ValidationError(_("There is no tag “%(text)s”.") % {"text": text})
            if len(found[text]) > 1:
                raise forms.ValidationError(
                    _("Several tags are called “%(text)s”. Choose one: %(keys)s")
                    % {"text": text, "keys": ", ".join(found[text])}
                )
        return [found[text][0] for text in texts]
