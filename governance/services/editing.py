"""Editing a change: every save is a new, immutable revision."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from cjops.core.errors import Invalid, NotFound, Stale
from cjops.documents import EditError, digest, edit
from governance import policies, wording
from governance.models import Change
from governance.proposals import Proposal, proposal_of
from governance.services.opening import clean_text, clean_title, save_revision
from governance.services.recording import record
from governance.transitions import Action
from people.models import User


@transaction.atomic(savepoint=False)
def lock_change(*, number: int, actor: User) -> Change:
    """The change, locked until the transaction ends; `NotFound` where invisible."""
    change = (
        Change.objects.visible_to(actor)
        .select_for_update(of=("self",), no_key=True)
        .select_related("author", "journey", "asset", "taxonomy")
        .filter(pk=number)
        .first()
    )
    if change is None:
        raise NotFound(_("There is nothing at this address that you can see."))
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
    proposal = proposal_of(change)
    try:
        proposed = edit(proposal.proposed, edits)
    except EditError as error:
        raise Invalid(
            _("An edit cannot be made, so nothing was changed."),
            code="bad_edit",
            errors={
                f"/{error.index}" if error.index is not None else "/": [wording.edit_error(error)]
            },
        ) from None
    return _save(change=change, actor=actor, proposal=proposal, raw=proposed)


@transaction.atomic(durable=True)
def replace_document(*, number: int, actor: User, raw: object, expected_digest: str) -> Change:
    """Put a whole proposed document in place of the current one.

    Raises as `edit_change` does.
    """
    change = lock_for_edit(number=number, actor=actor, expected_digest=expected_digest)
    return _save(change=change, actor=actor, proposal=proposal_of(change), raw=raw)


@transaction.atomic(durable=True)
def describe_change(
    *, number: int, actor: User, title: str, rationale: str, hypothesis: str
) -> Change:
    """Change what the change says about itself; the proposed document stays as it is."""
    change = lock_for_edit(number=number, actor=actor)
    change.title = clean_title(title)
    change.rationale = clean_text(rationale, "rationale")
    change.hypothesis = clean_text(hypothesis, "hypothesis")
    change.save(update_fields=["title", "rationale", "hypothesis"])
    record(change=change, action=Action.EDIT, actor=actor, from_state=change.state)
    return change


@transaction.atomic(savepoint=False)
def lock_for_edit(*, number: int, actor: User, expected_digest: str = "") -> Change:
    """Lock a change that the person may edit and that is still what they looked at."""
    change = lock_change(number=number, actor=actor)
    policies.can(actor, change, Action.EDIT).require()
    if expected_digest and expected_digest != change.digest:
        raise Stale(
            _("Somebody saved this change after you opened it. Reload to see what is new."),
            current=change.digest,
        )
    return change


def _save(*, change: Change, actor: User, proposal: Proposal, raw: object) -> Change:
    document = proposal.adapter.load(raw)
    if digest(document) == change.digest:
        return change
    new = Proposal(change.kind, proposal.base, document)
    # Only what this save touches has to be the person's to change.
    touched = Proposal(change.kind, proposal.proposed, document)
    policies.can_edit_elements(policies.Standing(actor, change), touched.facts).require()
    save_revision(change=change, proposal=new, actor=actor)
    record(change=change, action=Action.EDIT, actor=actor, from_state=change.state)
    return change
