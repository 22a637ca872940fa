"""Revising content that a change binds, where somebody asked for it."""

from typing import cast

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

import content.policies
import content.queries
from cjops.core.errors import Conflict, DocumentInvalid, DomainError, NotFound
from content import drafts, writing
from content.forms import VersionForm
from content.views.sheets import kept_first, shown_sheet, typed_head
from content.writing import Sheet
from governance import policies, queries, services
from governance.forms import explain
from governance.models import Change
from governance.proposals import proposal_of
from governance.transitions import Action
from people.models import User


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def content_revise(request: HttpRequest, number: int, key: str, version: int) -> HttpResponse:
    """The next version of content that the change binds; saving puts it into the change."""
    user = cast(User, request.user)
    change = queries.get_change_for(user=user, number=number)
    policies.can(user, change, Action.EDIT).require()
    if change.kind != "journey":
        raise NotFound(_("A change of this kind has no such page."))
    asset = content.queries.get_asset_for(user=user, key=key)
    content.policies.can_write(user, asset).require()
    bound = content.queries.get_version_for(user=user, key=key, number=version)
    places = services.places_of(proposal_of(change), key, version)
    if request.method != "POST" and not places:
        raise Conflict(
            _("The change does not show this version any more. Open it to see what it does.")
        )
    before = bound.get_document()
    data = request.POST.copy() if request.method == "POST" else None
    one = writing.sheet(
        person=user,
        asset=asset,
        spot=f"revise:{number}/{version}",
        document=before,
        data=data,
        files=request.FILES,
    )
    start = {"name": before["name"], "purpose": before["purpose"], "base": version}
    is_saving = data is not None and data.get("do") in writing.SAVES
    head = VersionForm(data) if is_saving else VersionForm(initial=typed_head(start, one, data))
    digest = str(data.get("digest", "")) if data is not None else ""
    digest, status = digest or change.digest, 200
    if is_saving and data is not None:
        status = 422
        is_stopped = one.errors and data["do"] != "anyway"
        if head.is_valid() & one.texts.is_valid() and not is_stopped:
            if saved(user, change, key, version, one, head, digest):
                drafts.discard_draft(person=user, asset=asset, spot=one.spot)
                words = _("The new version is in the change. Submit it again when it is ready.")
                messages.success(request, words)
                return redirect("change-detail", change.number)
            digest = change.digest
    kept_first(request, one, data)
    context = shown_sheet(one, head, base=version, digest=digest) | {
        "change": change,
        "asset": asset,
        "version": version,
        "places": places,
    }
    return render(request, "governance/content_revise.html", context, status=status)


def saved(
    user: User,
    change: Change,
    key: str,
    version: int,
    one: Sheet,
    head: forms.Form,
    digest: str,
) -> bool:
    """Whether it is in the change; on a refusal its words are on the forms."""
    written = {name: head.cleaned_data[name] for name in ("name", "purpose")}
    try:
        services.revise_content(
            number=change.number,
            actor=user,
            asset_key=key,
            version=version,
            document={**one.texts.document(), **written},
            expected_digest=digest,
        )
    except DocumentInvalid as error:
        writing.place_findings(error, one.texts, head)
    except DomainError as error:
        if error.status in (403, 404):
            raise
        explain(head, error)
    else:
        return True
    return False
