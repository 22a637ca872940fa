"""Opening a change on a subject that exists, or on a new journey."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

import journeys.adapter
import journeys.services
from cjops.core.errors import Conflict, Invalid
from cjops.core.models import DocumentVersion, GovernedSubject
from cjops.core.schema.text import refused_character, tidy_line, tidy_text
from cjops.documents import digest
from governance import policies
from governance.bindings import (
    content_authors,
    new_bindings,
    new_tags,
    new_ways_out,
    require_journeys_seen,
    require_seen,
    require_tags_seen,
)
from governance.integration import integration_of
from governance.models import Change, ChangeRevision
from governance.proposals import Proposal
from governance.services.claiming import write_claims
from governance.services.recording import record
from governance.services.repeating import Repeat, opened_once
from governance.subjects import document_of, get_subject_for
from governance.transitions import Action
from people.models import User, valid_key

TITLE_LENGTH = 200


@transaction.atomic(durable=True)
def open_change(
    *,
    kind: str,
    key: str,
    title: str,
    actor: User,
    rationale: str = "",
    hypothesis: str = "",
    emergency: bool = False,
    repeat: Repeat | None = None,
) -> Change:
    """Open a draft on the subject of that key; it starts as the live document.

    `repeat` makes a second call with the same key return the first one's change. Raises
    `NotFound` where the person does not see the subject, `Forbidden` where they may not propose,
    `Invalid` without a title.
    """
    subject = get_subject_for(user=actor, kind=kind, key=key)
    return opened_once(
        actor,
        repeat,
        lambda: start(
            subject=subject,
            kind=kind,
            title=title,
            actor=actor,
            rationale=rationale,
            hypothesis=hypothesis,
            emergency=emergency,
        ),
    )


@transaction.atomic(savepoint=False)
def start(
    *,
    subject: GovernedSubject,
    kind: str,
    title: str,
    actor: User,
    rationale: str = "",
    hypothesis: str = "",
    emergency: bool = False,
    document: dict[str, Any] | None = None,
    base: DocumentVersion | None = None,
    reverts: Change | None = None,
    restores: int | None = None,
) -> Change:
    """Write the change, its first revision and its ledger entry, inside the caller's transaction.

    `document` is the proposal, written on the version `base`; by default both are what is live.
    `restores` is the number of the version that it brings back, in whole or in part.
    """
    base = base or subject.live_version  # type: ignore[attr-defined]
    before = document_of(kind, base)
    proposed = before if document is None else document
    now = timezone.now()
    change = Change(
        kind=kind,
        title=clean_title(title),
        rationale=clean_text(rationale, "rationale"),
        hypothesis=clean_text(hypothesis, "hypothesis"),
        is_emergency=emergency,
        author=actor,
        base_number=base.number if base else 0,
        base_digest=base.digest if base else "",
        created_at=now,
        updated_at=now,
        reverts=reverts,
        restores=restores,
        digest="",
        **{kind: subject},
    )
    if reverts is None:
        policies.can_open(policies.Standing(actor, change)).require()
    change.save(force_insert=True)
    save_revision(change=change, proposal=Proposal(kind, before, proposed), actor=actor)
    data = {"emergency": True} if emergency else {}
    record(change=change, action=Action.OPEN, actor=actor, from_state="", data=data)
    return change


@transaction.atomic(savepoint=False)
def save_revision(
    *, change: Change, proposal: Proposal, actor: User | None, also_by: Iterable[int] = ()
) -> None:
    """Store the proposed document as the next revision of a locked or new change.

    Its base is the one that `change` names; `actor` None is the portal itself. `also_by` are ids
    of others whose work it holds.
    """
    change.revision += 1
    change.digest = digest(proposal.proposed)
    change.channels = proposal.channels
    change.hunk_count = len(proposal.hunks)
    change.updated_at = timezone.now()
    ChangeRevision.objects.create(
        change=change,
        number=change.revision,
        document=proposal.proposed,
        digest=change.digest,
        base_number=change.base_number,
        author=actor,
        content_authors=sorted({*content_authors(proposal), *also_by}),
        created_at=change.updated_at,
    )
    change.save(
        update_fields=["revision", "digest", "channels", "hunk_count", "updated_at", "state"]
    )
    write_claims(change=change, proposal=proposal)
    if change.live_moved_to is not None:
        # Lists say how many places clash; an edit may have settled some.
        integration = integration_of(change)
        change.conflict_count = len(integration.merge.conflicts) if integration else 0
        change.save(update_fields=["conflict_count"])


@transaction.atomic(durable=True)
def create_journey(
    *,
    key: str,
    actor: User,
    raw: dict[str, Any],
    title: str = "",
    rationale: str = "",
    is_restricted: bool = False,
    repeat: Repeat | None = None,
) -> Change:
    """Start a journey that is not live, with the change that would make it so.

    `raw` is a journey document, in part or whole; `repeat` as for `open_change`. Raises `Invalid`
    for a bad key, `Conflict` for one that is taken, `DocumentInvalid` for a document that is not
    one.
    """
    policies.can_create_journey(actor).require()
    document = journeys.adapter.ADAPTER.load(raw)
    nothing = journeys.adapter.ADAPTER.nothing
    require_seen(bound=new_bindings("journey", nothing, document), actor=actor)
    require_journeys_seen(keys=new_ways_out("journey", nothing, document) - {key}, actor=actor)
    require_tags_seen(tags=new_tags("journey", nothing, document), actor=actor)
    return opened_once(
        actor,
        repeat,
        lambda: begin_journey(
            key=key,
            actor=actor,
            document=document,
            title=title,
            rationale=rationale,
            is_restricted=is_restricted,
        ),
    )


@transaction.atomic(savepoint=False)
def begin_journey(
    *,
    key: str,
    actor: User,
    document: dict[str, Any],
    title: str = "",
    rationale: str = "",
    is_restricted: bool = False,
) -> Change:
    """The same inside the caller's transaction, for a document that is already complete."""
    clean_key(key)
    try:
        # The caller's transaction outlives the refusal.
        with transaction.atomic(savepoint=True):
            journey = journeys.services.create_journey_subject(
                key=key, name=document["name"] or key, actor=actor, is_restricted=is_restricted
            )
    except IntegrityError:
        raise Conflict(
            _("There is already a journey with the key “%(key)s”. Choose another.") % {"key": key}
        ) from None
    return start(
        subject=journey,
        kind="journey",
        title=title or _("New journey: %(name)s") % {"name": document["name"] or key},
        actor=actor,
        rationale=rationale,
        document=document,
    )


def clean_key(key: object) -> str:
    """The key if it is one; raises `Invalid`."""
    try:
        valid_key(key)
    except ValidationError as error:
        raise Invalid(
            _("This is not a valid key."), errors={"key": [str(m) for m in error.messages]}
        ) from None
    if not isinstance(key, str) or len(key) > 80:
        raise Invalid(
            _("This is not a valid key."), errors={"key": [_("Use at most 80 characters.")]}
        )
    return key


def clean_title(title: str) -> str:
    """The title without surrounding space; raises `Invalid` where it is empty or too long."""
    title = tidy_line(clean_text(title, "title"))
    if not title or len(title) > TITLE_LENGTH:
        raise Invalid(
            _("A change needs a title."),
            errors={"title": [_("Say in 1 to 200 characters what this change does.")]},
        )
    return title


def clean_text(text: str, field: str) -> str:
    """Text fit to store and show; raises `Invalid` for anything else, as documents do."""
    if not isinstance(text, str) or len(text) > 10_000:
        raise Invalid(
            _("This text cannot be stored."),
            errors={field: [_("Use up to 10,000 characters of plain text.")]},
        )
    if hidden := refused_character(text):
        raise Invalid(
            _("This text cannot be stored."),
            errors={field: [_("Take out the invisible character %(code)s.") % {"code": hidden}]},
        )
    return tidy_text(text)
