"""The ledger: who did what, whether it is sealed, and all of it as a file."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, cast

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from cjops.core import auditing
from cjops.core.moments import check_range
from cjops.core.spreadsheets import as_csv
from governance import presenting
from governance.entries import SOURCE
from governance.models import LEDGER_KINDS
from governance.queries.ledger import (
    Line,
    Place,
    Wanted,
    ledger_page,
    seal_state,
    sees_audit,
    whole_ledger,
)
from governance.queries.telling import TYPED
from governance.services.exporting import note_export
from governance.transitions import Action
from people.models import User

PAGE = 50
MOST = 2**63 - 1


class LedgerForm(forms.Form):
    """Filters of the ledger, in the order of their use."""

    who = forms.CharField(label=gettext_lazy("Who"), required=False, max_length=200)
    action = forms.ChoiceField(label=gettext_lazy("What was done"), required=False)
    kind = forms.ChoiceField(
        label=gettext_lazy("What it is about"),
        required=False,
        choices=[("", gettext_lazy("anything")), *LEDGER_KINDS],
    )
    subject = forms.CharField(label=gettext_lazy("Key of it"), required=False, max_length=200)
    change = forms.IntegerField(
        label=gettext_lazy("Change"), required=False, min_value=1, max_value=MOST
    )
    policy = forms.CharField(label=gettext_lazy("Policy"), required=False, max_length=200)
    delegation = forms.IntegerField(
        label=gettext_lazy("Delegation"), required=False, min_value=1, max_value=MOST
    )
    since = forms.DateTimeField(
        label=gettext_lazy("Since when"),
        required=False,
        validators=[check_range],
        widget=forms.DateTimeInput({"type": "datetime-local"}, "%Y-%m-%dT%H:%M"),
    )
    until = forms.DateTimeField(
        label=gettext_lazy("Until when"),
        required=False,
        validators=[check_range],
        widget=forms.DateTimeInput({"type": "datetime-local"}, "%Y-%m-%dT%H:%M"),
    )
    glass = forms.ChoiceField(
        label=gettext_lazy("Approvals"),
        required=False,
        choices=[("", gettext_lazy("with and without")), ("1", gettext_lazy("only break glass"))],
    )

    def __init__(self, *args: Any, with_audit: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups: list[Any] = [("", _("anything")), (_("Decisions"), Action.choices)]
        if with_audit:
            noted = sorted((name, str(label)) for name, label in auditing.actions().items())
            groups.append((_("What else happened"), noted))
        self.fields["action"].choices = groups  # type: ignore[attr-defined]

    @property
    def wanted(self) -> Wanted:
        """What is asked for; a field that is wrong narrows nothing."""
        self.is_valid()
        said = {name: value for name, value in self.cleaned_data.items() if value}
        return Wanted(**{**said, "glass": bool(said.get("glass"))})


@login_required
@require_GET
def ledger_list(request: HttpRequest) -> HttpResponse:
    """A page of the ledger as far as the reader may know it, and the state of its seal."""
    user = cast(User, request.user)
    with_audit = sees_audit(user)
    form = LedgerForm(request.GET, with_audit=with_audit)
    wanted = form.wanted
    lines = ledger_page(user, wanted, _place(request.GET.get("before", "")), PAGE + 1)
    query = request.GET.copy()
    if len(lines) > PAGE:
        at, source, pk = lines[PAGE - 1].place
        query["before"] = f"{at.astimezone(UTC).isoformat()}~{source}~{pk}"
    context = {
        "form": form,
        "rows": presenting.ledger_rows(lines[:PAGE]),
        "next": f"?{query.urlencode()}" if len(lines) > PAGE else "",
        "filtered": wanted != Wanted(),
        "with_audit": with_audit,
        "seal": seal_state(),
        "query": request.GET.urlencode(),
    }
    return render(request, "governance/ledger.html", context)


def _place(said: str) -> Place | None:
    """Where a page begins; None for the first one, and for what nobody would be sent to."""
    at, _sep, rest = said.partition("~")
    source, _sep, pk = rest.partition("~")
    if not (pk.isascii() and pk.isdecimal() and len(pk) < 19):
        return None
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        return None
    return (moment, source, int(pk)) if moment.tzinfo else None


@login_required
@require_POST
def ledger_export(request: HttpRequest, form: str) -> StreamingHttpResponse:
    """All that fits the filters of the address, as CSV or as lines of JSON."""
    if form not in ("csv", "jsonl"):
        raise Http404
    user = cast(User, request.user)
    wanted = LedgerForm(request.GET, with_audit=sees_audit(user)).wanted
    said = {name: value for name, value in asdict(wanted).items() if value}
    note_export(
        action="ledger.exported",
        actor=user,
        form=form,
        filters={name: _noted(name, value) for name, value in said.items()},
    )
    lines = whole_ledger(user, wanted)
    return as_csv(_cells(lines), "ledger.csv") if form == "csv" else _as_json_lines(lines)


def _noted(name: str, value: Any) -> Any:
    # What somebody typed may be a person's name: that there was such a filter is noted, not which.
    if name in TYPED:
        return True
    return value.isoformat() if isinstance(value, datetime) else value


def _cells(lines: Iterable[Line]) -> Iterator[list[Any]]:
    yield [
        _("Position"), _("Source"), _("Number"), _("When"), _("Who"), _("Action"), _("In words"),
        _("What it is about"), _("State before"), _("State after"), _("Digest"),
        _("Reason"), _("Details"), _("Request"),
    ]  # fmt: skip
    for line in lines:
        said = _said(line)
        (row,) = presenting.ledger_rows([line])
        yield [
            said["position"], said["source"], said["id"], said["at"], said["who"] or "",
            said["action"], row.did, row.about, said.get("from", ""), said.get("to", ""),
            said.get("digest", ""), said["reason"], json.dumps(said["data"], ensure_ascii=False),
            said["request"],
        ]  # fmt: skip


def _said(line: Line) -> dict[str, Any]:
    """An entry as plain values."""
    entry = line.entry
    found = {
        "position": line.position,
        "source": line.source,
        "id": entry.pk,
        "at": entry.at.astimezone(UTC).isoformat(),
        "who": entry.actor.email if entry.actor else None,
        "action": entry.action,
        "reason": entry.reason,
        "data": line.data,
        "request": entry.request_id,
    }
    if line.source != SOURCE.name:
        return {**found, "about": entry.about, "about_id": entry.about_id}
    return {
        **found,
        "kind": entry.kind,
        "about_id": getattr(entry, f"{entry.kind}_id"),
        "change": entry.change_id,
        "revision": entry.revision,
        "from": entry.from_state,
        "to": entry.to_state,
        "digest": entry.digest,
    }


def _as_json_lines(lines: Iterable[Line]) -> StreamingHttpResponse:
    text = (json.dumps(_said(line), ensure_ascii=False) + "\n" for line in lines)
    return StreamingHttpResponse(
        text,
        content_type="application/jsonl; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="ledger.jsonl"'},
    )
