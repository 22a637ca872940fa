"""Editing a change of content: the wording of an asset, in all its languages on one page."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from cjops.core.errors import DocumentInvalid, DomainError, Stale
from content import drafts, writing
from content.definition import blank, complete, status_of
from content.forms import ProposedVersionForm
from content.models import Asset
from content.rendition_form import RenditionsForm
from content.views.sheets import kept_first, shown_sheet, typed_head
from governance import services
from governance.forms import explain, not_said
from governance.models import Change
from governance.proposals import Proposal
from governance.subjects import subject_of
from people.models import User


def asset_page(
    request: HttpRequest, user: User, change: Change, proposal: Proposal
) -> HttpResponse:
    """The proposed texts of an asset, to be edited and saved as the change's next revision."""
    asset = cast(Asset, change.asset)
    # Of one that was never live nothing is proposed at first; what kind it is, is known.
    document = {**complete({"name": asset.name, "kind": asset.kind}), **proposal.proposed}
    if not document["renditions"]:
        document = blank(document["name"], asset.kind)
    data = request.POST.copy() if request.method == "POST" else None
    one = writing.sheet(
        person=user,
        asset=asset,
        spot=f"change:{change.number}",
        document=document,
        data=data,
        files=request.FILES,
    )
    start = {
        "name": document["name"],
        "purpose": document["purpose"],
        "status": status_of(document),
        "base": change.base_number,
    }
    is_saving = data is not None and data.get("do") in writing.SAVES
    head = ProposedVersionForm(data) if is_saving else ProposedVersionForm(initial=start)
    if not is_saving:
        head = ProposedVersionForm(initial=typed_head(start, one, data))
    restored = one.draft.digest if one.is_restored and one.draft else ""
    digest = change.digest if data is None else data.get("digest") or change.digest
    digest = restored or digest
    status = 200
    if is_saving and data is not None:
        status = 422
        if not data.get("digest"):
            head.add_error(None, not_said())
        elif head.is_valid() & one.texts.is_valid():
            if _saved(user, change, head, one.texts, digest):
                drafts.discard_draft(person=user, asset=asset, spot=one.spot)
                messages.success(request, _("Saved as a new revision."))
                return redirect("change-detail", change.number)
            # Whoever saves again after that has been told.
            digest = change.digest
    kept_first(request, one, data)
    context = shown_sheet(one, head, base=change.base_number, digest=digest) | {
        "change": change,
        "subject": subject_of(change),
        "moved_words": _moved(change, restored),
        "blocking": (),
    }
    return render(request, "governance/change_edit_asset.html", context, status=status)


def _moved(change: Change, restored: str) -> str:
    """What somebody reads whose unsaved text is older than what the change says now."""
    if not restored or restored == change.digest:
        return ""
    return _("Since then somebody saved this change. Look at theirs before you save yours.")


def _saved(
    user: User, change: Change, head: ProposedVersionForm, texts: RenditionsForm, digest: str
) -> bool:
    """Save the next revision; on a refusal put its words on the forms and say False."""
    written = {name: head.cleaned_data[name] for name in ("name", "purpose", "status")}
    try:
        services.replace_document(
            number=change.number,
            actor=user,
            raw={**texts.document(), **written},
            expected_digest=digest,
        )
    except DocumentInvalid as error:
        writing.place_findings(error, texts, head)
    except Stale as error:
        explain(head, error)
        head.add_error(
            None,
            _("What you typed is still here. Look at theirs first; if you save again, it stays."),
        )
    except DomainError as error:
        if error.status in (403, 404):
            raise
        explain(head, error)
    else:
        return True
    return False
