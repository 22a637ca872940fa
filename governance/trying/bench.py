"""The test bench: one change asked about the policies in force, or others in their place."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cjops.core.errors import DomainError
from governance import queries
from governance.models import Change
from governance.presenting.trial import find_changes, trial_of
from governance.stewardship import can_try
from governance.trying.candidates import (
    Candidate,
    CandidateForm,
    named_candidate,
    sent_along,
    text_candidate,
)
from people.models import User


class BenchForm(CandidateForm):
    """Which change, in which revision, by which facts, and perhaps other policies."""

    change = forms.CharField(
        label=gettext_lazy("Change"),
        max_length=200,
        help_text=gettext_lazy("Its number, or words of its title or of what it is about."),
    )
    revision = forms.IntegerField(
        label=gettext_lazy("Revision"), required=False, min_value=1, max_value=1_000_000
    )
    facts = forms.ChoiceField(
        label=gettext_lazy("Facts"),
        required=False,
        choices=[
            ("then", gettext_lazy("As they were when people were asked")),
            ("now", gettext_lazy("As they are now")),
        ],
    )
    field_order = ("change", "revision", "facts", "file", "text", "only")


@dataclass(frozen=True, slots=True)
class Tried:
    """What a page of the test bench shows, and its status."""

    context: dict[str, Any]
    status: int


def try_out(
    user: User, address: Mapping[str, Any], sent: Mapping[str, Any] | None, files: Any
) -> Tried:
    """The whole test bench, for the portal and the administration; `sent` is what a form sent."""
    can_try(user).require()
    named = sent_along(address, sent or {})
    context: dict[str, Any] = {"named": named, "refusal": None, "trial": None, "found": None}
    form = BenchForm(
        _asked(address if sent is None else sent), files or None, initial={"facts": "then"}
    )
    context["form"] = form
    status = 200
    try:
        candidate = named_candidate(named)
        if form.is_bound:
            status = 200 if form.is_valid() else 422
            if form.is_valid():
                candidate = candidate or _from_text(form)
                _look(user, form.cleaned_data, candidate, context)
        context["candidate"] = candidate
    except DomainError as error:
        if error.status in (403, 404):
            raise
        status, context["refusal"] = error.status, error
    return Tried(context, status)


def _asked(said: Mapping[str, Any]) -> dict[str, Any] | None:
    """What was filled in, by address or by form; None before anybody did."""
    return {"facts": "then", **said} if said.get("change") is not None else None


def _from_text(form: BenchForm) -> Candidate | None:
    text = form.cleaned_data.get("text", "")
    if not text.strip():
        return None
    file = form.cleaned_data.get("file")
    title = file.name if file else _("Pasted policies")
    return text_candidate(text, title, only=form.cleaned_data["only"])


def _look(
    user: User, said: dict[str, Any], candidate: Candidate | None, context: dict[str, Any]
) -> None:
    found = find_changes(user, said["change"])
    change = _the_one(said["change"], found)
    if change is None:
        context["found"] = found
        return
    ruling = candidate.ruling if candidate else queries.ruling()
    # Read again with all that asking about it needs.
    change = queries.get_change_for(user=user, number=change.pk)
    computed = said["facts"] == "now"
    context["trial"] = trial_of(
        change, ruling, reader=user, revision=said["revision"], computed=computed
    )


def _the_one(text: str, found: list[Change]) -> Change | None:
    """The change that was meant: by its number, or the only one there is."""
    number = text.strip().lower().removeprefix("cr-")
    for change in found:
        if str(change.pk) == number:
            return change
    return found[0] if len(found) == 1 else None
