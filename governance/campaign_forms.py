"""The form that submits content for many steps."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from content.forms import offer
from governance.services.campaigning import Place
from governance.services.opening import TITLE_LENGTH
from journeys.models import SlotBinding


def place_of(binding: SlotBinding) -> str:
    """A slot as the form sends it."""
    return f"{binding.step.journey.key}/{binding.step.key}/{binding.slot}"


class CampaignForm(forms.Form):
    """Which version of the asset, for which slots, and why."""

    version = forms.TypedChoiceField(label=gettext_lazy("Version"), coerce=int)
    places = forms.MultipleChoiceField(
        label=gettext_lazy("Steps"),
        error_messages={"required": gettext_lazy("Choose one step or more.")},
    )
    title = forms.CharField(label=gettext_lazy("Title"), max_length=TITLE_LENGTH)
    rationale = forms.CharField(
        label=gettext_lazy("Why"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=10_000,
        help_text=gettext_lazy("Those who decide on each of the changes read this."),
    )

    def __init__(
        self, *args: Any, numbers: Sequence[int], slots: Sequence[SlotBinding], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        versions = [(number, _("Version %(number)s") % {"number": number}) for number in numbers]
        offer(self, "version", versions)
        offer(self, "places", [(place_of(one), "") for one in slots])

    def chosen(self) -> list[Place]:
        """Journey, step and slot of each."""
        found: list[Place] = []
        for value in self.cleaned_data["places"]:
            journey, step, slot = value.split("/")
            found.append((journey, step, slot))
        return found
