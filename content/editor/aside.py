"""What the form says of an asset as a whole, beside its texts: rights, tags, where it is sent."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.forms import BoundField
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from content.markets import folded

if TYPE_CHECKING:
    from content.rendition_form import RenditionsForm

RIGHTS: dict[str, str | Promise] = {
    "source": gettext_lazy("Source"),
    "licence": gettext_lazy("Licence"),
    "valid_from": gettext_lazy("May be used from"),
    "valid_until": gettext_lazy("May be used until"),
    "territories": gettext_lazy("Where it may be used"),
}
RIGHTS_HELP: dict[str, str | Promise] = {
    "source": gettext_lazy("An agency, a picture library, our own studio."),
    "licence": gettext_lazy("The licence or contract, with its number."),
    "territories": gettext_lazy("One in a line; empty: everywhere."),
}

ADD_TERRITORY = "add_territory"


def field_of(name: str) -> forms.Field:
    """The field for one of the rights."""
    widget: forms.Widget = forms.TextInput()
    if name.startswith("valid"):
        widget = forms.TextInput(attrs={"type": "date"})
    elif name == "territories":
        widget = forms.Textarea(attrs={"rows": 2})
    return forms.CharField(
        label=str(RIGHTS[name]),
        help_text=str(RIGHTS_HELP.get(name, "")),
        widget=widget,
        required=False,
    )


def tags_field() -> forms.Field:
    """A line for the names of concepts."""
    return forms.CharField(
        label=_("Add tags"),
        required=False,
        max_length=2_000,
        help_text=_("Type a part of the name and choose. Put a comma between several."),
        widget=forms.TextInput(attrs={"list": "concepts", "autocomplete": "off"}),
    )


def territory_field() -> forms.Field:
    """One more place, to be chosen among the markets that there are."""
    return forms.CharField(
        label=_("Add a market"),
        required=False,
        max_length=200,
        help_text=_("Choose one that journeys are for, so that both are called the same."),
        widget=forms.TextInput(attrs={"list": "markets", "autocomplete": "off"}),
    )


def rights_of(form: "RenditionsForm") -> dict[str, Any]:
    """The rights as the form says them."""
    found: dict[str, Any] = {name: form.value(f"rights.{name}") for name in RIGHTS}
    for name in ("valid_from", "valid_until"):
        found[name] = found[name] or None
    lines = str(found["territories"]).replace(",", "\n").splitlines()
    named = [line.strip() for line in [*lines, form.value(ADD_TERRITORY)] if line.strip()]
    # The same place once, as it was written first.
    once: dict[str, str] = {}
    for one in named:
        once.setdefault(folded(one), one)
    found["territories"] = list(once.values())
    return found


def tags_of(form: "RenditionsForm") -> list[str]:
    """The concepts that stay, and those that were found by what was typed."""
    kept = form.before["tags"]
    if form.is_bound and "tags_shown" in form.data:
        kept = form.cleaned_data.get("tags", [])
    return [*kept, *form.found_tags]


@dataclass(frozen=True, slots=True)
class Whole:
    """The fields beside the texts, and what each closed part says in short."""

    channel: BoundField | None
    rights: dict[str, BoundField]
    add_territory: BoundField
    rights_said: str
    tags: BoundField
    add_tags: BoundField
    tags_said: str
    variants_said: str

    @classmethod
    def of(cls, form: "RenditionsForm") -> "Whole":
        """Those of a form."""
        count, variants = len(form.before["tags"]), len(form.structure.variants)
        tags = ngettext("%(count)s tag", "%(count)s tags", count) % {"count": count}
        given = ngettext("%(count)s beside the main one", "%(count)s beside the main one", variants)
        return cls(
            channel=form["channel"] if "channel" in form.fields else None,
            rights={name: form[f"rights.{name}"] for name in RIGHTS},
            add_territory=form[ADD_TERRITORY],
            rights_said=rights_said(form),
            tags=form["tags"],
            add_tags=form["add_tags"],
            tags_said=tags if count else _("none"),
            variants_said=given % {"count": variants} if variants else _("one for everybody"),
        )


def rights_said(form: "RenditionsForm") -> str:
    """What the closed part says about the rights."""
    until = parse_day(form["rights.valid_until"].value())
    if until:
        return _("until %(day)s") % {"day": date_format(until, "SHORT_DATE_FORMAT")}
    if any(form[f"rights.{name}"].value() for name in RIGHTS):
        return _("set, without an end")
    return _("nothing said")


def parse_day(value: Any) -> Any:
    """A day, None for anything else."""
    try:
        return parse_date(str(value or ""))
    except ValueError:
        return None
