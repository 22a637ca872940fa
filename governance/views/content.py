"""Content for a step: one screen that opens the change by itself."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_http_methods

import content.policies
import content.queries
from cjops.core.errors import DomainError, NotFound
from content import drafts, writing
from content.models import Asset
from content.showing import showing
from content.views import preview_response, test_page
from content.views.sheets import kept_first, shown_sheet, typed_head
from governance import policies, queries, services
from governance.forms import ContentForm, explain
from governance.models import Change
from governance.proposals import proposal_of
from governance.subjects import get_subject_for
from governance.views.repeats import form_token, repeat_of
from journeys.fitting import Offer, misfits, needs_words
from journeys.models import Journey
from people.models import User

MOST_ASSETS = 100
# What a button of the form says; a form without any is one to submit.
PRESSED = {"do", "remove", "remove_variant", "remove_size", "add_size", "fill"}


@login_required
@require_http_methods(["GET", "POST"])
def content_submit(request: HttpRequest, journey: str, step: str) -> HttpResponse:
    """Pick or write what fills `?slot=` of a live step, say why, and it is on its way."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101  (login_required)
    subject = cast(Journey, get_subject_for(user=user, kind="journey", key=journey))
    live = subject.live_version
    document = live.get_document() if live else {}
    found = next((s for s in document.get("steps", ()) if s["key"] == step), None)
    if found is None:
        raise NotFound(_("This step is not part of the live journey. Open the journey again."))
    slot = request.GET.get("slot") or next(iter(found["slots"]), "")
    if slot not in found["slots"]:
        raise NotFound(_("This step has no such place for content. Open the step again."))
    binding = found["slots"][slot]
    verdict = policies.can_open_on(user, "journey", subject)
    asked = request.GET.get("asset") or binding["asset"] or ""
    search = request.GET.get("q", "").replace("\x00", "")[:200]
    assets, is_more = _assets(user, found["channel"] or "", asked, search)
    asset = _chosen(assets, asked)
    context: dict[str, Any] = {
        "journey": subject,
        "step": found,
        "slot": slot,
        "binding": binding,
        "assets": assets,
        "asset": asset,
        "search": search,
        "is_more": is_more,
        "verdict": verdict,
        "needs": needs_words(binding.get("needs") or {}),
        "form_token": form_token(request),
    }
    status = 200 if verdict else 403
    if verdict and asset is not None:
        answer = _forms(request, user, subject, found, slot, asset, context)
        if answer is not None:
            return answer
        status = 422 if request.method == "POST" else 200
    return render(request, "governance/content_submit.html", context, status=status)


def _assets(user: User, channel: str, asked: str, search: str) -> tuple[list[Asset], bool]:
    """The assets to choose from, the one asked for among them, and whether there are more."""
    found = list(content.queries.assets_for_slot(user, channel, search)[: MOST_ASSETS + 1])
    is_more = len(found) > MOST_ASSETS
    del found[MOST_ASSETS:]
    if asked and not any(asset.key == asked for asset in found):
        found = [*content.queries.assets_for_slot(user, channel).filter(key=asked), *found]
    return found, is_more


def _chosen(assets: list[Asset], key: str) -> Asset | None:
    """The asset asked for; without one, the first there is."""
    return next((asset for asset in assets if asset.key == key), assets[0] if assets else None)


def _forms(
    request: HttpRequest,
    user: User,
    journey: Journey,
    step: dict[str, Any],
    slot: str,
    asset: Asset,
    context: dict[str, Any],
) -> HttpResponse | None:
    """Put the forms into the context; where they were sent and accepted, answer."""
    binding = step["slots"][slot]
    numbers = list(asset.versions.values_list("number", flat=True))
    bound = binding["version"] if binding["asset"] == asset.key else None
    start = bound or (asset.live_version.number if asset.live_version else max(numbers))
    may_write = content.policies.can_write(user, asset)
    newest = content.queries.get_version_for(user=user, key=asset.key, number=start)
    data = request.POST.copy() if request.method == "POST" else None
    if data is not None and not PRESSED & set(data):
        data["do"] = "submit"
    one = writing.sheet(
        person=user,
        asset=asset,
        spot=f"step:{journey.key}/{step['key']}/{slot}",
        document=newest.get_document(),
        data=data,
        files=request.FILES if may_write else None,
    )
    is_saving = data is not None and data.get("do") in writing.SAVES
    offered: dict[str, Any] = {
        "versions": numbers,
        "bound": bound,
        "may_write": bool(may_write),
        "drafts": queries.drafts_of(user, journey),
    }
    form = ContentForm(data if is_saving else None, **offered)
    if not is_saving:
        names = ("version", "into", "rationale", "hypothesis", "as_draft")
        start_with = {name: form[name].value() or "" for name in names}
        start_with["into"] = request.GET.get("into", "")
        form = ContentForm(None, **offered, initial=typed_head(start_with, one, data))
    kept_first(request, one, data if may_write else None)
    context |= shown_sheet(one, form) | {"form": form, "may_write": may_write, "start": start}
    context |= {"wording": one.texts, "blocking": ()}
    context["version_preview_url"] = reverse("asset-preview", args=[asset.key, 0])
    says = one.texts.document() if may_write else newest.get_document()
    context["misfits"] = misfits(binding.get("needs") or {}, Offer.of(says))
    context["showing"] = showing(asset, newest, request.GET.get("rendition", ""))
    if not is_saving or not (form.is_valid() and one.texts.is_valid()):
        return None
    chosen = form.cleaned_data["version"]
    is_new = chosen == ContentForm.NEW
    if is_new and one.errors and not form.cleaned_data["as_draft"]:
        # The service refuses it as well; here each finding leads to its field.
        context["blocking"] = one.errors
        return None
    try:
        change = services.submit_content(
            journey_key=journey.key,
            step_key=step["key"],
            slot=slot,
            actor=user,
            asset_key=asset.key,
            version=None if is_new else int(chosen),
            document=one.texts.document() if is_new else None,
            rationale=form.cleaned_data["rationale"],
            hypothesis=form.cleaned_data["hypothesis"],
            as_draft=form.cleaned_data["as_draft"],
            into=int(form.cleaned_data["into"]) if form.cleaned_data["into"] else None,
            repeat=repeat_of(request),
        )
    except DomainError as error:
        if error.status in (403, 404):
            raise
        context["refusal"] = error
        explain(form, error)
        return None
    drafts.discard_draft(person=user, asset=asset, spot=one.spot)
    if change.state == "draft":
        messages.success(request, _("Saved as a draft. Submit it when you are ready."))
    else:
        messages.success(request, _("Submitted. The people whose decision counts have been told."))
    return redirect("change-detail", change.number)


@login_required
@require_GET
@xframe_options_sameorigin
def change_preview(request: HttpRequest, number: int, side: str) -> HttpResponse:
    """Content before or after a change of it, in the language that `?rendition=` names."""
    _change, document = _side(request, number, side)
    return preview_response(request, document)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change_test(request: HttpRequest, number: int, side: str) -> HttpResponse:
    """Send oneself what a change makes of an e-mail, or what it was before."""
    change, document = _side(request, number, side)
    assert change.asset is not None  # noqa: S101  (narrows the type)
    version = change.base_number if side == "before" else change.base_number + 1
    back = reverse("change-detail", args=[number])
    return test_page(request, change.asset, version, document, back)


def _side(request: HttpRequest, number: int, side: str) -> tuple[Change, dict[str, Any]]:
    """The change of an asset, and its document before or after; `NotFound` for any other."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101  (login_required)
    change = queries.get_change_for(user=user, number=number)
    if change.kind != "asset" or side not in ("before", "after"):
        raise NotFound
    proposal = proposal_of(change)
    return change, proposal.base if side == "before" else proposal.proposed
