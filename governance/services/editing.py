"""Editing a change: every save is a new, immutable revision."""

import re
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

import content.projection
from cjops.core.errors import Invalid, NotFound, Stale
from cjops.core.findings import pointer
from cjops.core.schema.fields import KEY_PATTERN
from cjops.documents import Document, EditError, digest, edit, without
from content.lineage import new_origins, require_origins_seen
from governance import policies, queries, wording
from governance.bindings import (
    new_bindings,
    new_tags,
    new_ways_out,
    require_journeys_seen,
    require_seen,
    require_tags_seen,
)
from governance.keys import Restored, used_keys
from governance.models import Change
from governance.proposals import Proposal, proposal_of
from governance.services.opening import clean_text, clean_title, save_revision
from governance.services.recording import record
from governance.subjects import subject_of
from governance.transitions import Action
from governance.visibility import sees
from people.models import User


@transaction.atomic(savepoint=False)
def lock_change(*, number: int, actor: User) -> Change:
    """The change, locked until the transaction ends; `NotFound` where invisible."""
    change = (
        queries.with_live(Change.objects.select_for_update(of=("self",), no_key=True))
        .filter(pk=number)
        .first()
    )
    if change is None or not sees(actor, subject_of(change)):
        raise NotFound(_("There is nothing at this address that you can see."))
    # Its author can be another when the lock is held: joined, the change would be missing.
    if change.author_id == actor.pk:
        change.author = actor
    return change


@transaction.atomic(durable=True)
def edit_change(
    *,
    number: int,
    actor: User,
    edits: list[dict[str, Any]],
    expected_digest: str = "",
) -> Change:
    """Apply element edits to the proposed document, all or none.

    Raises `Stale` where `expected_digest` is no longer the current one, `Invalid` for an edit that
    cannot be made, `DocumentInvalid` where the result is not a document of its kind.
    """
    change = lock_for_edit(number=number, actor=actor, expected_digest=expected_digest)
    return apply_edits(change=change, actor=actor, edits=edits)


@transaction.atomic(savepoint=False)
def apply_edits(*, change: Change, actor: User, edits: list[dict[str, Any]]) -> Change:
    """The same on a change that the caller has locked."""
    if write_edits(change=change, actor=actor, edits=edits) is not None:
        record(change=change, action=Action.EDIT, actor=actor, from_state=change.state)
    return change


@transaction.atomic(savepoint=False)
def write_edits(*, change: Change, actor: User, edits: list[dict[str, Any]]) -> Proposal | None:
    """The same without an entry in the ledger, which the caller writes; None where the edits
    change nothing."""
    proposal = proposal_of(change)
    _refuse_used_keys(change, proposal, edits)
    proposed = edited(proposal, edits)
    # What cannot stand without something that these edits remove goes with it.
    orphans = proposal.adapter.orphans(proposal.proposed, proposed)
    raw = without(proposed, orphans)
    return _write(change=change, actor=actor, proposal=proposal, raw=raw)


def edited(proposal: Proposal, edits: object) -> Document:
    """The proposed document with these edits made; raises `Invalid` for what cannot be made."""
    try:
        return edit(proposal.proposed, edits)
    except EditError as error:
        raise Invalid(
            _("An edit cannot be made, so nothing was changed."),
            code="bad_edit",
            errors={
                f"/{error.index}" if error.index is not None else "/": [wording.edit_error(error)]
            },
        ) from None


def _refuse_used_keys(change: Change, proposal: Proposal, edits: object) -> None:
    """Refuse edits that add an element under a key that a version of the subject used.

    What the change itself took away may come back, and what the version held that it restores.
    """
    added = [
        (f"/{position}", item["element"], item["key"])
        for position, item in enumerate(edits if isinstance(edits, list) else ())
        if isinstance(item, dict) and item.get("op") == "add"
        # What is no name at all the document engine and the schema refuse, in their own words.
        if isinstance(item.get("element"), str) and item["element"] in proposal.adapter.nothing
        if isinstance(item.get("key"), str) and re.fullmatch(KEY_PATTERN, item["key"], re.ASCII)
        if item["key"] not in _keys(proposal.base, item["element"])
    ]
    _refuse_used(change, added, _("An edit cannot be made, so nothing was changed."))


def _refuse_used(change: Change, added: list[tuple[str, str, str]], message: str) -> None:
    """Refuse these additions, each a place, a collection and a key, where the key was used."""
    errors: dict[str, list[str]] = {}
    if added:
        # Whether what comes back is the same thing shows when the document is whole.
        back = Restored(change).held
        added = [one for one in added if one[2] not in back[one[1]]]
    for element in sorted({element for _place, element, _key in added}):
        keys = {key for _place, name, key in added if name == element}
        used = used_keys(change, element, among=keys)
        for place, name, key in added:
            if name == element and key in used:
                errors[place] = [
                    _("The key “%(key)s” was used before and is never used again. Choose another.")
                    % {"key": key}
                ]
    if errors:
        raise Invalid(message, code="key_used", errors=errors)


def _refuse_other_things(change: Change, proposal: Proposal, document: Document) -> None:
    """Refuse a document with something else under a key of the version that the change restores."""
    if change.restores is None:
        return
    others = Restored(change).others(document, proposal.base)
    if others:
        message = _(
            "The key “%(key)s” names what version %(number)s held. Something else needs another "
            "key."
        )
        raise Invalid(
            _("The document cannot be saved, so nothing was changed."),
            code="key_used",
            errors={
                pointer(name, position, "key"): [message % {"key": key, "number": change.restores}]
                for name, position, key in others
            },
        )


def _added(proposal: Proposal, document: Document) -> list[tuple[str, str, str]]:
    """What a document holds that neither the proposal nor its base does."""
    found = []
    for name in proposal.adapter.nothing:
        known = _keys(proposal.base, name) | _keys(proposal.proposed, name)
        found += [
            (f"/{name}/{position}/key", name, item["key"])
            for position, item in enumerate(document[name])
            if item["key"] not in known
        ]
    return found


def _keys(document: Document, name: str) -> set[str]:
    return {item["key"] for item in document.get(name, ())}


@transaction.atomic(durable=True)
def replace_document(*, number: int, actor: User, raw: object, expected_digest: str) -> Change:
    """Put a whole proposed document in place of the current one.

    Raises as `edit_change` does.
    """
    change = lock_for_edit(number=number, actor=actor, expected_digest=expected_digest)
    proposal = proposal_of(change)
    added = _added(proposal, proposal.adapter.load(raw))
    _refuse_used(change, added, _("The document cannot be saved, so nothing was changed."))
    return _save(change=change, actor=actor, proposal=proposal, raw=raw)


@transaction.atomic(durable=True)
def describe_change(
    *,
    number: int,
    actor: User,
    title: str | None = None,
    rationale: str | None = None,
    hypothesis: str | None = None,
    emergency: bool | None = None,
) -> Change:
    """Change what the change says about itself; None leaves a part as it is, and so does the
    call the proposed document.

    Raises `Invalid` for a title that is none or text that cannot be stored.
    """
    return describe(
        change=lock_for_edit(number=number, actor=actor),
        actor=actor,
        title=title,
        rationale=rationale,
        hypothesis=hypothesis,
        emergency=emergency,
    )


@transaction.atomic(savepoint=False)
def describe(
    *,
    change: Change,
    actor: User,
    title: str | None = None,
    rationale: str | None = None,
    hypothesis: str | None = None,
    emergency: bool | None = None,
) -> Change:
    """The same on a change that the caller has locked."""
    before = _described(change)
    if title is not None:
        change.title = clean_title(title)
    if rationale is not None:
        change.rationale = clean_text(rationale, "rationale")
    if hypothesis is not None:
        change.hypothesis = clean_text(hypothesis, "hypothesis")
    if emergency is not None:
        change.is_emergency = emergency
    after = _described(change)
    if before == after:
        return change
    change.save(update_fields=["title", "rationale", "hypothesis", "is_emergency"])
    if actor.pk not in queries.editor_ids(change):
        # Whoever words what others decide by is one of its editors: the same document, by them.
        save_revision(change=change, proposal=proposal_of(change), actor=actor)
    # Policies ask about it, so the ledger says when it became one, or no longer is.
    data = {"emergency": change.is_emergency} if before[-1] != after[-1] else {}
    record(change=change, action=Action.EDIT, actor=actor, from_state=change.state, data=data)
    return change


def _described(change: Change) -> tuple[str, str, str, bool]:
    return change.title, change.rationale, change.hypothesis, change.is_emergency


@transaction.atomic(savepoint=False)
def lock_for_edit(*, number: int, actor: User, expected_digest: str = "") -> Change:
    """Lock a change that the person may edit and that is still what they looked at."""
    return lock_for(Action.EDIT, number=number, actor=actor, expected_digest=expected_digest)


@transaction.atomic(savepoint=False)
def lock_for(action: Action, *, number: int, actor: User, expected_digest: str = "") -> Change:
    """The same for any other action."""
    change = lock_change(number=number, actor=actor)
    policies.can(actor, change, action).require()
    if expected_digest and expected_digest != change.digest:
        raise Stale(
            _("Somebody saved this change after you opened it. Reload to see what is new."),
            current=change.digest,
        )
    return change


def _save(*, change: Change, actor: User, proposal: Proposal, raw: object) -> Change:
    if _write(change=change, actor=actor, proposal=proposal, raw=raw) is not None:
        record(change=change, action=Action.EDIT, actor=actor, from_state=change.state)
    return change


def _write(*, change: Change, actor: User, proposal: Proposal, raw: object) -> Proposal | None:
    """Store the next revision, if it is another document; all that it needs is checked first."""
    document = proposal.adapter.load(raw)
    if change.asset is not None:
        content.projection.refuse_other_kind(change.asset, document)
    if digest(document) == change.digest:
        return None
    _refuse_other_things(change, proposal, document)
    new = Proposal(change.kind, proposal.base, document)
    require_named_seen(proposal, document, actor)
    # Only what this save touches has to be the person's to change.
    touched = Proposal(change.kind, proposal.proposed, document)
    policies.can_edit_elements(policies.Standing(actor, change), touched.facts).require()
    save_revision(change=change, proposal=new, actor=actor)
    return new


def require_named_seen(proposal: Proposal, document: Document, actor: User) -> None:
    """Refuse what it newly names and the person does not see: content, ways out, tags, origins."""
    bound = new_bindings(proposal.kind, proposal.proposed, document)
    require_seen(bound=bound, actor=actor)
    ways_out = new_ways_out(proposal.kind, proposal.proposed, document)
    require_journeys_seen(keys=ways_out, actor=actor)
    tags = new_tags(proposal.kind, proposal.proposed, document)
    require_tags_seen(tags=tags, actor=actor)
    if proposal.kind == "asset":
        require_origins_seen(keys=new_origins(proposal.proposed, document), actor=actor)
