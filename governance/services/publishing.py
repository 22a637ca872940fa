"""Making a proposal the live version."""

from dataclasses import replace

from django.utils import timezone
from django.utils.translation import gettext as _

import content.services
from cjops.core.errors import Conflict, DocumentInvalid
from cjops.core.models import DocumentVersion, GovernedSubject
from cjops.core.wording import in_every_language
from cjops.documents import digest
from content.models import Asset
from governance import keys, queries, rules, wording
from governance.bindings import new_bindings
from governance.gathering import circumstances_of
from governance.integration import integrate
from governance.models import Change, LedgerEntry, NotificationKind, Requirement
from governance.proposals import Proposal, proposal_of
from governance.services.asking import asks_others, staying, still_there
from governance.services.freezing import frozen_by
from governance.services.locking import share_policies
from governance.services.reasking import difference_between
from governance.services.recording import after_commit, tell
from governance.services.steps import Step, entry_of, move
from governance.subjects import document_of, lock_subject
from governance.transitions import Action
from people.deriving import lock_narrow
from people.models import User


def publish(step: Step, *, on_behalf_of: User | None = None) -> LedgerEntry:
    """Write the next version of the subject and make it live.

    The proposal is merged onto whatever is live now. Where live has moved under it, everybody whose
    decision the outcome needs must have given it.

    Raises `Conflict` where live changed the same place, others have to decide or a freeze is in
    force; `DocumentInvalid` where the outcome fails a check.
    """
    change = step.change
    # Before any subject is locked: whoever changes policies waits for none.
    share_policies()
    lock_narrow()
    subject = lock_subject(change)
    frozen = frozen_by(step)
    live: DocumentVersion | None = subject.live_version  # type: ignore[attr-defined]
    outcome = _outcome(change, live)
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
    if step.action is not Action.BREAK_GLASS:
        _require_decided(change)
    moved_on = live is not None and live.digest != change.base_digest
    if moved_on and step.action is not Action.BREAK_GLASS:
        _require_decisions(change, outcome)
    who = step.actor or on_behalf_of or change.author
    version = _write_version(subject, live, outcome, who)
    outcome.adapter.project(subject, outcome.proposed, who)
    moved = _make_content_live(change, outcome, who)
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
        **({"frozen": frozen} if frozen else {}),
    )
    tell(
        entry=entry,
        kind=NotificationKind.PUBLISHED,
        people=[change.author_id],
        but=step.actor,
    )
    _end_after_review(change)
    after_commit("mark_moved", kind=change.kind, subject=subject.pk, entry=entry.pk)
    for asset in moved:
        after_commit("mark_moved", kind="asset", subject=asset, entry=entry.pk)
    if live_anew := [*moved, *([subject.pk] if change.kind == "asset" else [])]:
        after_commit("tell_of_origins", origins=live_anew)
    after_commit("publish_due")
    return entry


def _end_after_review(change: Change) -> None:
    """What went live without approval is taken back by this: nothing is left to look at."""
    if change.reverts_id is None or not queries.is_plain_roll_back(change):
        return
    changes = Change.objects.select_for_update(of=("self",), no_key=True)
    reverted = changes.get(pk=change.reverts_id)
    if reverted.after_review_due_at is not None:
        reverted.after_review_due_at = None
        reverted.save(update_fields=["after_review_due_at"])


def _require_decided(change: Change) -> None:
    """Refuse what the policies in force ask now, and was not asked or is not decided.

    Facts change without anybody's doing: it goes live on a weekend, or in a freeze; and people
    leave whose approvals then do not count.
    """
    editors = queries.editor_ids(change)
    about = circumstances_of(change, timezone.now())
    found = rules.rulings_on(change, proposal_of(change), editors, about=about)
    stored = list(change.requirements.filter(revision=change.revision).prefetch_related("sources"))
    able = still_there(change, stored, editors)
    counted = queries.counted(stored, queries.verdicts_on(change), editors, able)
    is_decided = all(is_met for _voices, is_met in counted.values())
    if not stored or found.uncovered or not is_decided or difference_between(stored, found.drafts):
        raise Conflict(
            _(
                "Who has to decide on this change has just become different. Open it again, and "
                "see who is asked now."
            ),
            code="policies_changed",
        )


def _outcome(change: Change, live: DocumentVersion | None) -> Proposal:
    """What would go live: the proposal, merged with what is live where that has moved."""
    proposal = proposal_of(change)
    if live is None or live.digest == change.base_digest:
        return replace(proposal, base=document_of(change.kind, live))
    # Nobody's decision about a conflict counts before it is part of a revision.
    integration = integrate(proposal, live, {})
    if conflicts := integration.merge.conflicts:
        raise Conflict(
            _(
                "Live has moved since this change was written: %(where)s is no longer what it was."
                " Take the new version, and settle what clashes."
            )
            % {"where": wording.place(change.kind, integration.live, conflicts[0])},
            code="live_moved",
        )
    # Two documents within the limits may be beyond them together.
    merged = proposal.adapter.load(integration.merge.document)
    return replace(integration.outcome, proposed=merged)


def _require_decisions(change: Change, outcome: Proposal) -> None:
    """Refuse what others would have to decide on, now that live is another.

    A step that moved to another channel meanwhile needs that channel's stewards, and a hunk that
    became another one has been seen by nobody. Raises `Conflict`.
    """
    editors, reviews = queries.editor_ids(change), queries.verdicts_on(change)
    asked = change.requirements.order_by("revision", "pk").prefetch_related("sources")
    last = {one.key: one for one in asked}
    drafts = rules.requirements_for(change, outcome, editors)
    needed = [
        Requirement(
            key=draft.key,
            hunks=list(draft.hunks),
            quorum=draft.need.quorum,
            distinct=draft.need.distinct,
            leavers_fall=draft.need.leavers == "fall",
            escalated_at=last[draft.key].escalated_at if draft.key in last else None,
            is_asked_of_others=asks_others(last.get(draft.key), draft),
        )
        for draft in drafts
    ]
    able = {draft.key: staying(one, draft) for one, draft in zip(needed, drafts, strict=True)}
    counted = queries.counted(needed, reviews, editors, able)
    if not all(is_met for _voices, is_met in counted.values()):
        raise Conflict(
            _(
                "Live has moved since people decided on this change, and somebody else has to "
                "decide on what it is now. Take the new version: they are asked by that."
            ),
            code="decisions_missing",
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


def _make_content_live(change: Change, outcome: Proposal, who: User) -> list[int]:
    """Content that a step now shows is live content; the last published decision wins.

    The primary keys of the assets whose live version is another one by that.
    """
    if bound := new_bindings(change.kind, outcome.base, outcome.proposed):
        return content.services.make_live(bound=bound, actor=who)
    return []
