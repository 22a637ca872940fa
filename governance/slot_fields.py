"""What a slot asks of content, as fields of the element form: a kind, languages and a size."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from content.definition import spelled
from content.editor.structure import SIZE, SIZES
from content.forms import OFFERED, full_name
from content.kinds import KINDS
from governance.element_options import Choices
from journeys.fitting import kind_name, size_name

NO_NEEDS: dict[str, Any] = {"kind": "", "languages": [], "size": ""}
# People write the sign, and spaces around it.
_TIMES = re.compile(r"\s*[x×*]\s*", re.IGNORECASE)


class SizeField(forms.CharField):
    """A size as width x height; with the usual ones to choose from."""

    widget = forms.TextInput

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self._plain(data or "") != (initial or "")

    def clean(self, value: Any) -> str:
        size = self._plain(super().clean(value))
        if size and not SIZE.fullmatch(size):
            raise forms.ValidationError(
                _("Write a size as width x height in pixels, such as 300x250.")
            )
        return size

    @staticmethod
    def _plain(text: str) -> str:
        return _TIMES.sub("x", text.strip())


def name_of(slot: str, need: str) -> str:
    """What the field for one need of a slot is called in the form."""
    return f"needs:{slot}:{need}"


def fields_for(slot: str, filling: dict[str, Any], channel: str) -> dict[str, forms.Field]:
    """The fields for what a slot asks of content that is sent on that channel.

    What is asked already stays on offer, whatever else is.
    """
    now = NO_NEEDS | (filling.get("needs") or {})
    kinds: Choices = [
        (kind.key, str(kind.label))
        for kind in KINDS.values()
        if not channel or channel in kind.channels or kind.key == now["kind"]
    ]
    if now["kind"] and now["kind"] not in KINDS:
        kinds.append((now["kind"], kind_name(now["kind"])))
    languages: Choices = [(spelled(key), full_name(key)) for key in OFFERED]
    known = {key for key, _name in languages}
    languages += [(one, one) for one in now["languages"] if one not in known]
    names = {"slot": slot}
    found: dict[str, forms.Field] = {
        "kind": forms.ChoiceField(
            label=_("Kind of content for “%(slot)s”") % names,
            choices=[("", _("any kind")), *kinds],
            required=False,
        ),
        "languages": forms.MultipleChoiceField(
            label=_("Languages that content for “%(slot)s” has to come in") % names,
            choices=languages,
            required=False,
            widget=forms.CheckboxSelectMultiple,
            help_text=_("Tick none if any language will do."),
        ),
    }
    if now["size"] or _has_sizes(channel):
        common = ", ".join(size_name(size) for size in SIZES[:3])
        found["size"] = SizeField(
            label=_("Size that content for “%(slot)s” has to come in") % names,
            required=False,
            max_length=40,
            help_text=_(
                "Width x height in pixels. Common ones: %(sizes)s. Leave it empty if any will do."
            )
            % {"sizes": common},
        )
    for need, field in found.items():
        field.initial = now[need]
    return {name_of(slot, need): field for need, field in found.items()}


def _has_sizes(channel: str) -> bool:
    """Whether content on the channel comes in sizes."""
    return any(
        place.name == "sizes"
        for kind in KINDS.values()
        if channel in kind.channels
        for place in kind.files
    )
