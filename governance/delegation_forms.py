"""The form by which somebody lets another person decide for a time."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cjops.core.moments import check_range
from journeys.models import Journey
from people.models import Channel, Team, User

MOMENT = {
    "widget": forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    "input_formats": ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"],
    "validators": [check_range],
}
EVERYTHING, CHANNEL, TEAM = "", "channel:", "team:"


def person_field(**kwargs: Any) -> forms.EmailField:
    """A colleague by e-mail address, with those nearby to choose from."""
    attrs = {"autocomplete": "off", "list": "colleagues"}
    return forms.EmailField(widget=forms.EmailInput(attrs=attrs), **kwargs)


class DelegateForm(forms.Form):
    """Who decides, for whom, from when to when, and on what."""

    giver = person_field(
        label=_("For whom"),
        required=False,
        help_text=_("Leave it empty for yourself. The person is told."),
    )
    taker = person_field(
        label=_("Who decides instead"),
        help_text=_("An e-mail address. They see and decide what they may, in this place too."),
    )
    starts_at = forms.DateTimeField(label=_("From"), **MOMENT)  # type: ignore[arg-type]
    ends_at = forms.DateTimeField(label=_("Until"), **MOMENT)  # type: ignore[arg-type]
    scope = forms.ChoiceField(label=_("On what"), required=False)
    journey = forms.CharField(
        label=_("Only one journey"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"list": "journeys", "autocomplete": "off"}),
        help_text=_("Its key, as in its address. Leave it empty for all."),
    )
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=10_000,
        help_text=_("For example: on leave."),
    )

    def __init__(self, data: Any = None, *, user: User, for_others: bool, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.user = user
        if not for_others:
            del self.fields["giver"]
        teams = Team.objects.all() if for_others else Team.objects.filter(memberships__user=user)
        self.teams = {team.key: team for team in teams.order_by("name")}
        self.channels = {channel.key: channel for channel in Channel.objects.all()}
        by_channel = [(f"{CHANNEL}{key}", row.label) for key, row in self.channels.items()]
        by_team = [(f"{TEAM}{key}", row.label) for key, row in self.teams.items()]
        self.fields["scope"].choices = [  # type: ignore[attr-defined]
            (EVERYTHING, _("Everything that I decide") if not for_others else _("Everything")),
            (_("One channel"), by_channel),
            *([(_("One team"), by_team)] if by_team else []),
        ]

    def clean_giver(self) -> User:
        """The person; oneself where the field is empty."""
        return self._person("giver") if self.cleaned_data["giver"] else self.user

    def clean_taker(self) -> User:
        """The person."""
        return self._person("taker")

    def _person(self, field: str) -> User:
        email = self.cleaned_data[field].strip().lower()
        found = User.objects.filter(email=email, is_active=True).first()
        if found is None:
            raise forms.ValidationError(_("There is nobody with this address."))
        return found

    def clean_journey(self) -> Journey | None:
        """The journey of that key, as far as the person sees it."""
        if not (key := self.cleaned_data["journey"].strip()):
            return None
        found = Journey.objects.visible_to(self.user).filter(key=key).first()
        if found is None:
            raise forms.ValidationError(_("There is no such journey that you can see."))
        return found

    @property
    def wanted(self) -> dict[str, Any]:
        """What was asked for, as `services.delegate` takes it."""
        data = self.cleaned_data
        scope: str = data["scope"]
        moments: dict[str, datetime] = {name: data[name] for name in ("starts_at", "ends_at")}
        return {
            **moments,
            "giver": data.get("giver", self.user),
            "taker": data["taker"],
            "channel": self.channels.get(scope.removeprefix(CHANNEL))
            if scope.startswith(CHANNEL)
            else None,
            "team": self.teams.get(scope.removeprefix(TEAM)) if scope.startswith(TEAM) else None,
            "journey": data["journey"],
            "reason": data["reason"],
        }
