"""Edits of one element that a reader suggests, and the author of the change applies or declines."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

import content.projection
from cjops.core.errors import Conflict, Invalid, Stale
from governance import policies, queries
from governance.models import Change, LedgerEntry, NotificationKind, Suggestion
from governance.proposals import Document, Proposal, proposal_of
from governance.services.editing import edited, lock_change, require_named_seen, write_edits
from governance.services.opening import clean_text
from governance.services.recording import record, tell
from governance.services.repeating import Repeat, answered, remember
from governance.services.retaking import retake, tell_retaken
from governance.suggestions import element_of, is_outdated, wanted_fields
from governance.transitions import Action
from people.models import User

# By one person on one change: more nobody reads, and nobody can crowd out the others.
MOST_OPEN = 20


@transaction.atomic(durable=True)
def suggest(
    *,
    number: int,
    actor: User,
    edits: object,
    comment: str = "",
    expected_digest: str = "",
    repeat: Repeat | None = None,
) -> Suggestion:
    """Suggest other values for one element of what is proposed; nothing of the change is touched.

    `edits` are as `cjops.documents.edit` takes them: updates of one element, or of the header.
    `repeat` makes a second call with the same key return the first one's suggestion.

    Raises as `edit_change` does: `Invalid` for edits that cannot be made or that suggest nothing,
    `DocumentInvalid` where the result would not be a document, `Stale` for another digest.
    """
    change = lock_change(number=number, actor=actor)
    before = answered(actor, repeat)
    if before is not None and before.entry is not None:
        return Suggestion.objects.get(pk=before.entry.data["suggestion"])
    policies.can_suggest(policies.Standing(actor, change)).require()
    _refuse_stale(change, expected_digest)
    comment = clean_text(comment, "comment")
    mine = change.suggestions.filter(state=Suggestion.State.OPEN, author=actor)
    if mine.count() >= MOST_OPEN:
        raise Conflict(
            _(
                "%(most)s suggestions of yours are open here already. Let the author answer some "
                "first, or take one back."
            )
            % {"most": MOST_OPEN}
        )
    proposal = proposal_of(change)
    element, key, found, fields = _wanted(change, proposal, edits, actor)
    now = timezone.now()
    suggestion = Suggestion.objects.create(
        change=change,
        revision=change.revision,
        author=actor,
        element=element,
        key=key,
        edits=[_edit(element, key, fields)],
        before=found,
        comment=comment,
        created_at=now,
    )
    change.updated_at = now
    change.save(update_fields=["updated_at"])
    entry = record(
        change=change,
        action=Action.SUGGEST,
        actor=actor,
        from_state=change.state,
        reason=comment,
        data=_about(suggestion),
    )
    tell(entry=entry, kind=NotificationKind.SUGGESTED, people=[change.author_id], but=actor)
    remember(actor, repeat, entry=entry)
    return suggestion


def _wanted(
    change: Change, proposal: Proposal, edits: object, actor: User
) -> tuple[str, str, Document, Document]:
    """Element and key that the edits are about, what is proposed there, and the fields wanted."""
    made = edited(proposal, edits)
    assert isinstance(edits, list)  # noqa: S101  (or it would have been refused)
    places = {(_element(item), str(item.get("key") or "")) for item in edits}
    if len(places) != 1 or any(item["op"] != "update" for item in edits):
        raise _bad(_("Suggest other values for one element: “update” edits of that one only."))
    document = proposal.adapter.load(made)
    if change.asset is not None:
        content.projection.refuse_other_kind(change.asset, document)
    ((element, key),) = places
    found = element_of(proposal.kind, proposal.proposed, element, key)
    after = element_of(proposal.kind, document, element, key)
    fields = wanted_fields(found, after) if found is not None and after is not None else {}
    if found is None or not fields:
        raise Invalid(
            _("This suggests nothing: it is what is proposed already."),
            code="nothing_suggested",
            errors={"edits": [_("Give at least one field another value.")]},
        )
    # By what the checks or the names on the page say, it would tell what is there.
    require_named_seen(proposal, document, actor)
    return element, key, found, fields


def _element(item: dict[str, Any]) -> str:
    return "" if item["element"] == "header" else str(item["element"])


def _edit(element: str, key: str, fields: Document) -> dict[str, Any]:
    edit: dict[str, Any] = {"op": "update", "element": element or "header", "fields": fields}
    return {**edit, "key": key} if element else edit


def _bad(sentence: str) -> Invalid:
    return Invalid(
        _("This cannot be suggested, so nothing was kept."),
        code="bad_edit",
        errors={"edits": [sentence]},
    )


@transaction.atomic(durable=True)
def apply_suggestion(
    *,
    number: int,
    suggestion: int,
    actor: User,
    expected_digest: str = "",
    repeat: Repeat | None = None,
) -> LedgerEntry:
    """Make what was suggested part of the proposal: a new revision, by whoever applies it.

    Under review the decisions are asked for again; approvals of what stays untouched stay.

    Raises `Conflict` where the element has changed since or somebody was faster, and whatever
    editing the change by hand would raise.
    """
    change = lock_change(number=number, actor=actor)
    before = answered(actor, repeat)
    if before is not None and before.entry is not None:
        return before.entry
    found = _open(change, actor, suggestion, expected_digest)
    if is_outdated(found, change.kind, proposal_of(change).proposed):
        raise Conflict(
            _(
                "What this suggestion is about has changed since, so it cannot be applied. "
                "Edit it by hand, or decline it."
            ),
            code="suggestion_outdated",
        )
    from_state = change.state
    outcome = write_edits(change=change, actor=actor, edits=found.edits)
    assert outcome is not None  # noqa: S101  (of an element that is as it was, edits change it)
    retaken = retake(change=change, proposal=outcome)
    _write_fields(change, retaken.fields)
    _decide(found, Suggestion.State.APPLIED, actor)
    data = {**_about(found), "errors": retaken.errors}
    entry = record(
        change=change, action=Action.APPLY, actor=actor, from_state=from_state, data=data
    )
    tell_retaken(entry=entry, retaken=retaken, but=actor)
    tell(entry=entry, kind=NotificationKind.COMMENTED, people=[found.author_id], but=actor)
    remember(actor, repeat, entry=entry)
    return entry


@transaction.atomic(durable=True)
def decline_suggestion(
    *,
    number: int,
    suggestion: int,
    actor: User,
    comment: str,
    expected_digest: str = "",
    repeat: Repeat | None = None,
) -> LedgerEntry:
    """Say why a suggestion is not taken up; whoever made it hears of it.

    Raises `Invalid` without words, `Conflict` where it is no longer open.
    """
    change = lock_change(number=number, actor=actor)
    before = answered(actor, repeat)
    if before is not None and before.entry is not None:
        return before.entry
    found = _open(change, actor, suggestion, expected_digest)
    comment = clean_text(comment, "comment")
    if not comment:
        raise Invalid(
            _("This needs a few words."),
            errors={"comment": [_("Say why, so that whoever suggested it can follow.")]},
        )
    _decide(found, Suggestion.State.DECLINED, actor)
    _write_fields(change, {})
    # In the conversation it is something that was said: nothing of the change has moved.
    entry = record(
        change=change,
        action=Action.COMMENT,
        actor=actor,
        from_state=change.state,
        reason=comment,
        data={**_about(found), "declined": True},
    )
    tell(entry=entry, kind=NotificationKind.COMMENTED, people=[found.author_id], but=actor)
    remember(actor, repeat, entry=entry)
    return entry


@transaction.atomic(durable=True)
def withdraw_suggestion(
    *, number: int, suggestion: int, actor: User, repeat: Repeat | None = None
) -> LedgerEntry:
    """Take a suggestion back that one made oneself.

    Raises `Forbidden` for somebody else's, `Conflict` where it is no longer open.
    """
    change = lock_change(number=number, actor=actor)
    before = answered(actor, repeat)
    if before is not None and before.entry is not None:
        return before.entry
    found = queries.suggestion_of(change, suggestion)
    policies.can_take_back(policies.Standing(actor, change), found).require()
    _refuse_answered(found)
    _decide(found, Suggestion.State.WITHDRAWN, actor)
    _write_fields(change, {})
    entry = record(
        change=change,
        action=Action.SUGGEST,
        actor=actor,
        from_state=change.state,
        data={**_about(found), "withdrawn": True},
    )
    remember(actor, repeat, entry=entry)
    return entry


def _open(change: Change, actor: User, suggestion: int, expected_digest: str) -> Suggestion:
    """The suggestion, if it is still to be answered, and by this person."""
    found = queries.suggestion_of(change, suggestion)
    policies.can(actor, change, Action.APPLY).require()
    _refuse_answered(found)
    _refuse_stale(change, expected_digest)
    return found


def _refuse_answered(suggestion: Suggestion) -> None:
    if suggestion.state == Suggestion.State.WITHDRAWN:
        raise Conflict(_("This suggestion has been taken back."), code="suggestion_answered")
    if suggestion.state != Suggestion.State.OPEN:
        raise Conflict(_("This suggestion has been answered already."), code="suggestion_answered")


def _decide(suggestion: Suggestion, state: str, actor: User) -> None:
    suggestion.state, suggestion.decided_by = state, actor
    suggestion.decided_at = timezone.now()
    suggestion.save(update_fields=["state", "decided_by", "decided_at"])


def _write_fields(change: Change, fields: dict[str, Any]) -> None:
    fields = {**fields, "updated_at": timezone.now()}
    for name, value in fields.items():
        setattr(change, name, value)
    change.save(update_fields=list(fields))


def _about(suggestion: Suggestion) -> dict[str, Any]:
    return {
        "suggestion": suggestion.pk,
        "element": suggestion.element,
        "key": suggestion.key,
    }


def _refuse_stale(change: Change, expected_digest: str) -> None:
    if expected_digest and expected_digest != change.digest:
        raise Stale(
            _("This change was edited after you opened it. Reload and look again."),
            current=change.digest,
        )
