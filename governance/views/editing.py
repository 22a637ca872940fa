"""Editing the document of a change, element by element."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

import journeys.words
from cjops.core.errors import DomainError, NotFound, Stale
from content.models import AssetVersion
from governance import policies, presenting, queries, services
from governance.element_forms import ElementForm
from governance.element_options import options_for
from governance.forms import explain, not_said
from governance.keys import used_keys
from governance.models import Change
from governance.proposals import Proposal, proposal_of
from governance.subjects import subject_of
from governance.transitions import Action
from governance.views.asset_editing import asset_page
from people.models import Channel, User

Document = dict[str, Any]
NO_CHANNELS: Mapping[str, Channel] = {}
COLLECTIONS = ("entries", "exits", "stages", "steps", "transitions")


def editable(
    request: HttpRequest, number: int, kinds: tuple[str, ...] = ("journey",)
) -> tuple[User, Change, Proposal]:
    """The change, if the person sees it and may edit it now; refuses otherwise."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101  (login_required)
    change = queries.get_change_for(user=user, number=number)
    policies.can(user, change, Action.EDIT).require()
    if change.kind not in kinds:
        raise NotFound(_("A change of this kind has no such page."))
    return user, change, proposal_of(change)


@dataclass(frozen=True, slots=True)
class ElementRow:
    """One element in the outline of the document."""

    key: str
    name: str
    kind: str
    channel: Channel | None
    op: str
    previous: str | None
    following: str | None


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change_edit(request: HttpRequest, number: int) -> HttpResponse:
    """The outline of the proposed journey with the way to each form; the wording of an asset."""
    user, change, proposal = editable(request, number, kinds=("journey", "asset"))
    if change.kind == "asset":
        return asset_page(request, user, change, proposal)
    if request.method == "POST":
        return HttpResponseNotAllowed(["GET", "HEAD"])
    marks = {(hunk.element, hunk.key): hunk.op for hunk in proposal.hunks}
    document = proposal.proposed
    channels = {channel.key: channel for channel in Channel.objects.all()}
    stages = [
        {"stage": stage, "steps": _rows(document, "steps", marks, channels, stage=stage["key"])}
        for stage in document["stages"]
    ]
    known = {stage["key"] for stage in document["stages"]}
    loose = [s for s in document["steps"] if s["stage"] not in known]
    context = {
        "change": change,
        "subject": subject_of(change),
        "proposal": proposal,
        "words": proposal.words,
        "header": document,
        "header_op": marks.get(("", ""), ""),
        "stages": stages,
        "stage_rows": _rows(document, "stages", marks),
        "loose": _named(document, "steps", loose, marks, channels),
        "entries": _rows(document, "entries", marks),
        "exits": _rows(document, "exits", marks),
        "transitions": _rows(document, "transitions", marks),
        "findings": presenting.finding_lines(change, proposal, may_edit=True),
        "blocking": len(proposal.errors),
        "submit_verdict": policies.can(user, change, Action.SUBMIT),
    }
    return render(request, "governance/change_edit.html", context)


def _rows(
    document: Document,
    element: str,
    marks: Mapping[tuple[str, str], str],
    channels: Mapping[str, Channel] = NO_CHANNELS,
    stage: str = "",
) -> list[ElementRow]:
    items = [e for e in document[element] if not stage or e.get("stage") == stage]
    return _named(document, element, items, marks, channels)


def _named(
    document: Document,
    element: str,
    items: list[dict[str, Any]],
    marks: Mapping[tuple[str, str], str],
    channels: Mapping[str, Channel],
) -> list[ElementRow]:
    names = journeys.words.names_in(document)
    keys = [item["key"] for item in items]
    rows = []
    for position, item in enumerate(items):
        rows.append(
            ElementRow(
                key=item["key"],
                name=journeys.words.element_name(element, item, names),
                kind=journeys.words.kind_label(item["kind"]) if element == "steps" else "",
                channel=channels.get(item.get("channel") or ""),
                op=marks.get((element, item["key"]), ""),
                previous=keys[position - 1] if position else None,
                following=keys[position + 1] if position + 1 < len(keys) else None,
            )
        )
    return rows


@login_required
@require_http_methods(["GET", "POST"])
def change_edit_element(request: HttpRequest, number: int, element: str, key: str) -> HttpResponse:
    """The form of one element; `header` is the journey itself."""
    user, change, proposal = editable(request, number)
    current = find_element(proposal.proposed, element, key)
    return _element_page(request, user, change, proposal, element, key, current)


@login_required
@require_http_methods(["GET", "POST"])
def change_new_element(request: HttpRequest, number: int, element: str) -> HttpResponse:
    """The form of a new element; `?stage=` and `?source=` fill it in."""
    user, change, proposal = editable(request, number)
    if element not in COLLECTIONS:
        raise NotFound
    seed = {name: request.GET[name] for name in ("stage", "source") if name in request.GET}
    return _element_page(request, user, change, proposal, element, "", seed)


def find_element(document: Document, element: str, key: str) -> dict[str, Any]:
    if element == "header":
        return document
    if element in COLLECTIONS:
        for item in document[element]:
            if item["key"] == key:
                found: dict[str, Any] = item
                return found
    raise NotFound(
        _("This element is no longer part of the proposal. Go back to the change and look again.")
    )


def _element_page(
    request: HttpRequest,
    user: User,
    change: Change,
    proposal: Proposal,
    element: str,
    key: str,
    current: dict[str, Any],
) -> HttpResponse:
    options = options_for(proposal.proposed, user, current.get("channel"), used=current.get("tags"))
    form = ElementForm(
        request.POST if request.method == "POST" else None,
        element=element,
        options=options,
        current=current,
        is_new=not key,
    )
    status = 200
    if request.method == "POST":
        status = 422
        if not request.POST.get("digest"):
            form.add_error(None, not_said())
        elif form.is_valid() and _save(request, user, change, proposal, element, key, form):
            return redirect("change-edit", change.number)
    where = "" if element == "header" else element
    name = journeys.words.name_of(proposal.proposed, where, key) if key else ""
    context = {
        "change": change,
        "subject": subject_of(change),
        "form": form,
        "element": element,
        "key": key,
        "name": name,
        "label": journeys.words.element_label(where),
        "digest": request.POST.get("digest") or change.digest,
    }
    return render(request, "governance/element_form.html", context, status=status)


def _save(
    request: HttpRequest,
    user: User,
    change: Change,
    proposal: Proposal,
    element: str,
    key: str,
    form: ElementForm,
) -> bool:
    """Make the edit; on a refusal put its words on the form and say False."""
    fields = form.edit_fields(slot_digests(form))
    if not fields:
        return True
    edit: dict[str, Any] = {"op": "update", "element": element, "fields": fields}
    if not key:
        edit |= {"op": "add", "key": _new_key(change, proposal, element, fields)}
    elif element != "header":
        edit["key"] = key
    try:
        services.edit_change(
            number=change.number,
            actor=user,
            edits=[edit],
            expected_digest=request.POST.get("digest", ""),
        )
    except Stale as error:
        explain(form, error)
        form.add_error(
            None,
            _("What you typed is still here. Copy what you need, then open the element again."),
        )
        return False
    except DomainError as error:
        if error.status in (403, 404):
            raise
        explain(form, error)
        return False
    messages.success(request, _("Saved as a new revision."))
    return True


def slot_digests(form: ElementForm) -> dict[tuple[str, int], str]:
    """Digests of the asset versions that the form's slots name."""
    chosen = [
        str(value).partition("@")
        for name, value in form.cleaned_data.items()
        if name.startswith("slot:") and value
    ]
    versions = AssetVersion.objects.filter(
        subject__key__in=[asset for asset, _at, _version in chosen]
    ).values_list("subject__key", "number", "digest")
    return {(asset, number): digest for asset, number, digest in versions}


def _new_key(change: Change, proposal: Proposal, element: str, fields: dict[str, Any]) -> str:
    """A key from the name, made unique; for names without Latin letters the kind and a number.

    Keys of all versions count as taken too: a key is never used again for something else.
    """
    taken = {item["key"] for item in proposal.proposed.get(element, ())}
    taken |= used_keys(change, element)
    if element == "transitions":
        stem = f"{fields.get('source', '')}-{fields.get('target', '')}"
    else:
        stem = str(fields.get("name", ""))
    stem = slugify(stem)[:60].strip("-_").replace("_", "-") or element.rstrip("s")
    while "--" in stem:
        stem = stem.replace("--", "-")
    key, count = stem, 1
    while key in taken:
        count += 1
        key = f"{stem}-{count}"
    return key


@login_required
@require_POST
def change_move_element(request: HttpRequest, number: int, element: str, key: str) -> HttpResponse:
    """Move an element before or after a neighbour: `before` or `after` names its key."""
    user, change, proposal = editable(request, number)
    if element not in COLLECTIONS:
        raise NotFound
    find_element(proposal.proposed, element, key)
    after: str | None = request.POST.get("after") or None
    if before := request.POST.get("before"):
        keys = [item["key"] for item in proposal.proposed[element] if item["key"] != key]
        position = keys.index(before) if before in keys else 0
        after = keys[position - 1] if position else None
    edit = {"op": "move", "element": element, "key": key, "after": after}
    return _simple(request, user, change, edit, _("Moved."))


@login_required
@require_http_methods(["GET", "POST"])
def change_remove_element(
    request: HttpRequest, number: int, element: str, key: str
) -> HttpResponse:
    """Remove an element, with what cannot stand without it; a GET asks first."""
    user, change, proposal = editable(request, number)
    if element not in COLLECTIONS:
        raise NotFound
    find_element(proposal.proposed, element, key)
    name = journeys.words.name_of(proposal.proposed, element, key)
    if request.method == "GET" or not request.POST.get("digest"):
        names = journeys.words.names_in(proposal.proposed)
        context = {
            "change": change,
            "subject": subject_of(change),
            "title": _("Remove “%(name)s”?") % {"name": name},
            "action_url": request.path,
            "cancel_url": reverse("change-edit", args=[change.number]),
            "submit": _("Remove"),
            "danger": True,
            "hidden": {"digest": change.digest},
            "effects": [
                _("The path %(path)s goes with it.")
                % {"path": journeys.words.element_name(collection, item, names)}
                for collection, item in _going_too(proposal, element, key)
            ],
        }
        status = 200 if request.method == "GET" else 422
        return render(request, "governance/change_confirm.html", context, status=status)
    edit = {"op": "remove", "element": element, "key": key}
    return _simple(request, user, change, edit, _("Removed “%(name)s”.") % {"name": name})


def _going_too(proposal: Proposal, element: str, key: str) -> list[tuple[str, dict[str, Any]]]:
    """What the service removes together with the element."""
    before = proposal.proposed
    after = {**before, element: [item for item in before[element] if item["key"] != key]}
    return [
        (collection, find_element(before, collection, orphan))
        for collection, orphan in proposal.adapter.orphans(before, after)
    ]


def _simple(
    request: HttpRequest, user: User, change: Change, edit: dict[str, Any], said: str
) -> HttpResponse:
    digest = request.POST.get("digest", "")
    try:
        if not digest:
            raise Stale(not_said())
        services.edit_change(number=change.number, actor=user, edits=[edit], expected_digest=digest)
    except DomainError as error:
        if error.status in (403, 404):
            raise
        details = [s for sentences in error.errors.values() for s in sentences]
        messages.error(request, " ".join([error.message, *details]))
    else:
        messages.success(request, said)
    return redirect("change-edit", change.number)
