"""How those who decide get on: by team, by person, and where one person is all there is."""

from collections.abc import Iterator
from typing import Any, cast

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from cjops.core.spreadsheets import as_csv
from governance.queries.health import Fragile, Health, Standing, health
from governance.services.exporting import note_export
from governance.stewardship import can_try
from people.models import Team, User

PERIODS = {
    30: gettext_lazy("30 days"),
    90: gettext_lazy("90 days"),
    180: gettext_lazy("180 days"),
    365: gettext_lazy("a year"),
}
DAYS = 90
SHOWN = 50
TABLES = ("teams", "people", "fragile")


class HealthForm(forms.Form):
    """Which team, and how far back."""

    team = forms.ChoiceField(label=gettext_lazy("Team"), required=False)
    days = forms.TypedChoiceField(
        label=gettext_lazy("Period"),
        required=False,
        choices=list(PERIODS.items()),
        coerce=int,
        empty_value=None,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        teams = [(team.key, team.label) for team in Team.objects.all()]
        cast(forms.ChoiceField, self.fields["team"]).choices = [("", _("All teams")), *teams]


@login_required
@require_safe
def approver_health(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """The three tables; one of them as CSV where the address says so."""
    user = cast(User, request.user)
    can_try(user).require()
    form = HealthForm({"days": str(DAYS), **request.GET.dict()})
    said = form.cleaned_data if form.is_valid() else {}
    days, team = said.get("days") or DAYS, said.get("team", "")
    found = health(user, days=days, team=team)
    table = request.GET.get("csv", "")
    if table in TABLES:
        if request.method == "GET":
            note_export(action="health.exported", actor=user, table=table, days=days)
        return as_csv(_cells(found, table), f"{table}-{days}.csv")
    query = request.GET.copy()
    query.pop("csv", None)
    context = {
        "form": form,
        "reset_url": reverse("approver-health") if request.GET else "",
        "days": days,
        "teams": found.teams,
        "people": found.people[:SHOWN],
        "people_total": len(found.people),
        "fragile": [(one, _about(one)) for one in found.fragile],
        "fragile_total": found.fragile_total,
        "said": _sentences(found),
        "query": f"{query.urlencode()}&" if query else "",
    }
    return render(request, "governance/trying/approver_health.html", context)


def _about(one: Fragile) -> str:
    """Where it is, in words."""
    labels = {
        "channel": _("Channel team of %(name)s"),
        "team": _("Leads of %(name)s"),
        "journey": _("Journey manager of %(name)s"),
        "need": _("Decision “%(name)s” of a policy"),
    }
    return labels[one.kind] % {"name": one.name}


def _sentences(found: Health) -> dict[str, str]:
    """Each table in one sentence."""
    late = [one for one in found.teams if one.overdue]
    busy = max(found.people, key=lambda one: one.waiting, default=None)
    nobody = sum(not one.people for one in found.fragile)
    fragile = ngettext(
        "At %(count)s place one person decides, or nobody (%(nobody)s of those listed).",
        "At %(count)s places one person decides, or nobody (%(nobody)s of those listed).",
        found.fragile_total,
    )
    return {
        "teams": ngettext(
            "%(count)s team is late with a decision.",
            "%(count)s teams are late with decisions.",
            len(late),
        )
        % {"count": len(late)}
        if late
        else _("No team is late with a decision."),
        "people": _("Most waits for %(name)s: %(count)s.")
        % {"name": busy.name, "count": busy.waiting}
        if busy and busy.waiting
        else _("Nothing waits for anybody."),
        "fragile": fragile % {"count": found.fragile_total, "nobody": nobody}
        if found.fragile_total
        else _("Wherever decisions are made, there are at least two people."),
    }


def _cells(found: Health, table: str) -> Iterator[list[Any]]:
    if table == "fragile":
        yield [_("Where"), _("Who could decide"), _("How many")]
        for one in found.fragile:
            yield [_about(one), ", ".join(one.people), len(one.people)]
        return
    yield [
        _("Name"), _("Key"), _("Waiting"), _("Overdue"), _("Decided"),
        _("Median, working hours"), _("9 of 10 within, working hours"), _("Load"),
    ]  # fmt: skip
    rows: list[Standing] = found.teams if table == "teams" else found.people
    for row in rows:
        load = "" if row.load is None else round(row.load, 1)
        yield [
            row.name, row.key, row.waiting, row.overdue, row.decided,
            _hours(row.median), _hours(row.p90), load,
        ]  # fmt: skip


def _hours(value: float | None) -> float | str:
    return "" if value is None else round(value, 1)
