"""Making a proposal the live version, and the way back."""

from django.utils import timezone
from django.utils.translation import gettext as _

import content.services
from cjops.core.errors import Conflict, DocumentInvalid
from cjops.core.models import DocumentVersion, GovernedSubject
from cjops.core.wording import in_every_language
from cjops.documents import DoesNotApply, apply, diff, digest, invert
from content.models import Asset
from governance import keys, queries, rules, wording
from governance.bindings import new_bindings
from governance.models import Change, LedgerEntry, NotificationKind, Requirement
from governance.proposals import Document, Proposal, proposal_of
from governance.services import reviewing
from governance.services.opening import start
from governance.services.recording import tell
from governance.services.steps import Step, entry_of, move
from governance.subjects import document_of, lock_subject, version_of
from governance.transitions import OPEN_STATES, Action
from people.models import User


def publish(step: Step, *, on_behalf_of: User | None = None) -> LedgerEntry:
    """Write the next version of the subject and make it live.

    The proposal is merged onto whatever is live now. Where live has moved under it, everybody whose
    decision the outcome needs must have given it.

    Raises `Conflict` where live changed the same place or others have to decide, `DocumentInvalid`
    where the outcome fails a check.
    """
    change = step.change
    subject = lock_subject(change)
    live: DocumentVersion | None = subject.live_version  # type: ignore[attr-defined]
    proposal = proposal_of(change)
    before = document_of(change.kind, live)
    after = _laid_onto(change, live, before, proposal)
    outcome = Proposal(change.kind, before, after)
    if not outcome.changes:
        raise Conflict(_("The live version already says all this, so there is nothing to publish."))
    if outcome.errors:
        raise DocumentInvalid(
            _("The live version has moved, and together with it this change fails some checks."),
            findings=outcome.errors,
        )
    if taken := keys.reused(change, outcome.changes):
        raise Conflict(
            _(
                "The key “%(key)s” was used and removed since this change was written, and is never"
                " used again. Withdraw the change and propose it again on the new version."
            )
            % {"key": min(taken)},
            code="key_used",
        )
    if live is not None and live.digest != change.base_digest:
        _require_decisions(change, outcome)
    who = step.actor or on_behalf_of or change.author
    version = _write_version(subject, live, outcome, who)
    outcome.adapter.project(subject, after, who)
    _make_content_live(change, outcome, who)
    move(
        step,
        scheduled_for=None,
        published_at=timezone.now(),
        published_number=version.number,
    )
    entry = entry_of(
        step,
        version=version.number,
        version_digest=version.digest,
        parent_digest=live.digest if live else "",
        scheduled_by=on_behalf_of.pk if on_behalf_of else None,
    )
    tell(
        entry=entry,
        kind=NotificationKind.PUBLISHED,
        people=[change.author_id],
        but=step.actor,
    )
    return entry


def _laid_onto(
    change: Change, live: DocumentVersion | None, before: Document, proposal: Proposal
) -> Document:
    """The proposal on top of the live document."""
    if (live.digest if live else "") == change.base_digest:
        return proposal.proposed
    merged = proposal.onto(before)
    if merged.conflicts:
        raise Conflict(
            _(
                "Live has moved since this change was written: %(where)s is no longer what it was."
                " Withdraw the change and propose it again on the new version."
            )
            % {"where": wording.place(change.kind, before, merged.conflicts[0])},
            code="live_moved",
        )
    return merged.document


def _require_decisions(change: Change, outcome: Proposal) -> None:
    """Refuse what others would have to decide on, now that live is another.

    A step that moved to another channel meanwhile needs that channel's stewards, and a hunk that
    became another one has been seen by nobody. Raises `Conflict`.
    """
    editors, reviews = queries.editor_ids(change), queries.verdicts_on(change)
    for draft in rules.requirements_for(change, outcome, editors):
        needed = Requirement(key=draft.key, hunks=list(draft.hunks))
        if not queries.approvers(needed, reviews, editors):
            raise Conflict(
                _(
                    "Live has moved since people decided on this change, and somebody else has to "
                    "decide on what it is now. Withdraw it and propose it again on the new version."
                ),
                code="live_moved",
            )


def _write_version(
    subject: GovernedSubject, live: DocumentVersion | None, outcome: Proposal, who: User
) -> DocumentVersion:
    version = _written_already(subject, live, outcome)
    if version is None:
        versions = outcome.adapter.version_model._default_manager
        version = versions.create(
            **{"subject": subject},
            number=_next_number(subject, live),
            document=outcome.proposed,
            digest=digest(outcome.proposed),
            parent_digest=live.digest if live else "",
            created_at=timezone.now(),
            created_by=who,
            summary=in_every_language(outcome.describe),
        )
    subject.live_version = version  # type: ignore[attr-defined]
    subject._history_user = who  # type: ignore[attr-defined]
    subject.save(update_fields=["live_version"])  # type: ignore[misc]
    return version


def _written_already(
    subject: GovernedSubject, live: DocumentVersion | None, outcome: Proposal
) -> DocumentVersion | None:
    """A version of an asset that says just this and was never live: it only has to become so."""
    if not isinstance(subject, Asset):
        return None
    newer = subject.versions.filter(number__gt=live.number if live else 0)
    return newer.filter(digest=digest(outcome.proposed)).first()


def _next_number(subject: GovernedSubject, live: DocumentVersion | None) -> int:
    """Assets also get versions while they are written, so the newest need not be the live one."""
    if isinstance(subject, Asset):
        newest = subject.versions.order_by("-number").values_list("number", flat=True).first()
        return (newest or 0) + 1
    return (live.number if live else 0) + 1


def _make_content_live(change: Change, outcome: Proposal, who: User) -> None:
    """Content that a step now shows is live content; the last published decision wins."""
    if bound := new_bindings(change.kind, outcome.base, outcome.proposed):
        content.services.make_live(bound=bound, actor=who)


def roll_back(step: Step) -> LedgerEntry:
    """Open the inverse of a published change on what is live now, ready for review.

    Raises `Conflict` where nothing was live before it, where later changes touched the same
    places, or where a roll-back of it is already under way.
    """
    assert step.actor is not None  # noqa: S101
    change = step.change
    subject = lock_subject(change)
    if change.reverted_by.filter(state__in=OPEN_STATES).exists():
        raise Conflict(_("A roll-back of this change is already under way."))
    published = version_of(change, change.published_number or 0)
    parent = version_of(change, queries.number_before(change))
    if published is None or parent is None:
        raise Conflict(
            _("This change made the first live version, so there is nothing to go back to.")
        )
    live = subject.live_version  # type: ignore[attr-defined]
    back = invert(diff(parent.get_document(), published.get_document()))
    try:
        document = apply(live.get_document(), back)
    except DoesNotApply as error:
        raise Conflict(
            _(
                "Later changes touched the same place: %(where)s. Roll those back first, or "
                "propose a new change."
            )
            % {"where": wording.place(change.kind, live.get_document(), error)},
            code="live_moved",
        ) from None
    inverse = start(
        subject=subject,
        kind=change.kind,
        title=(_("Roll back: %(title)s") % {"title": change.title})[:200],
        actor=step.actor,
        rationale=step.comment,
        document=document,
        reverts=change,
    )
    reviewing.submit(Step(inverse, Action.SUBMIT, step.actor, None, from_state=inverse.state))
    move(step)
    return entry_of(step, opened=inverse.number)
