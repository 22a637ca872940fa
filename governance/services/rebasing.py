"""Carrying a change onto what is live by now, and what people decide where the two clash."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

import content.projection
from cjops.core.errors import Conflict, Invalid
from cjops.core.models import DocumentVersion
from cjops.documents import Conflict as Clash
from cjops.documents import Document, MalformedChange, Resolution
from content.lineage import new_origins, require_origins_seen
from governance import keys, policies
from governance.bindings import (
    new_bindings,
    new_tags,
    new_ways_out,
    require_journeys_seen,
    require_seen,
    require_tags_seen,
)
from governance.integration import Integration, integrate, resolutions_of
from governance.models import Change, ConflictResolution, LedgerEntry
from governance.proposals import Proposal, proposal_of
from governance.services.editing import lock_for
from governance.services.locking import share_policies
from governance.services.opening import save_revision
from governance.services.recording import record
from governance.services.retaking import retake, tell_retaken
from governance.services.steps import Step, entry_of, move
from governance.subjects import lock_subject
from governance.transitions import Action
from people.models import User

MOST_RESOLUTIONS = 5_000


def rebase(step: Step) -> LedgerEntry:
    """Make the live version the base of the change, its proposal merged onto that.

    Approvals of hunks that come out as they were keep counting. Where somebody has to decide on
    what became of it, or the checks fail, the change goes back to where that happens.

    Raises `Conflict` where live has not moved or conflicts are left (`extra["conflicts"]` has their
    fingerprints), `Invalid` and `DocumentInvalid` for resolutions that lead to no document.
    """
    change = step.change
    # Before any subject is locked: whoever changes policies waits for none.
    share_policies()
    live, integration = _locked(change)
    chosen = _given(step.resolutions, integration)
    integration = _integrate(change, integration.proposal, live, chosen)
    left = integration.merge.conflicts
    if left:
        raise Conflict(
            _("Live and this change say different things in some places. Settle these first."),
            code="conflicts_open",
            conflicts=[conflict.fingerprint for conflict in left],
        )
    outcome = _outcome(step, integration)
    if step.actor is not None:
        _store(change, integration, chosen, step.actor)
    settled = integration.merge.resolved
    was = change.base_number
    change.base_number, change.base_digest = live.number, live.digest
    change.live_moved_to, change.conflict_count = None, 0
    change.save(update_fields=["base_number", "base_digest", "live_moved_to", "conflict_count"])
    # What merges by itself is nobody's work; what somebody had to settle is theirs.
    by = _settled_by(change, (conflict for conflict, _resolution in settled))
    save_revision(
        change=change,
        proposal=outcome,
        actor=step.actor if settled else None,
        also_by=by.values(),
    )
    retaken = retake(change=change, proposal=outcome)
    move(step, **retaken.fields)
    entry = entry_of(
        step,
        base=was,
        onto=live.number,
        resolutions=[
            {
                "conflict": conflict.fingerprint,
                **resolution.to_json(),
                "by": by.get(conflict.fingerprint),
            }
            for conflict, resolution in settled
        ],
        errors=retaken.errors,
    )
    tell_retaken(entry=entry, retaken=retaken, but=step.actor)
    return entry


@transaction.atomic(durable=True)
def resolve(*, number: int, actor: User, resolutions: object, expected_digest: str = "") -> Change:
    """Keep what the person decided about conflicts, to be used when the change is rebased.

    It takes the place of what was decided about the same conflicts before. Raises as `rebase`
    does, but not for what is left.
    """
    change = lock_for(Action.REBASE, number=number, actor=actor, expected_digest=expected_digest)
    live, integration = _locked(change)
    chosen = _given(resolutions, integration)
    if not chosen:
        raise Invalid(
            _("Say how to settle at least one conflict."),
            errors={"resolutions": [_("Give a list that is not empty.")]},
        )
    merged = _integrate(change, integration.proposal, live, chosen)
    # A value that cannot stand there is refused now, not when somebody wants to use it.
    merged.proposal.adapter.load(merged.merge.document)
    _store(change, integration, chosen, actor)
    change.conflict_count = len(merged.merge.conflicts)
    change.save(update_fields=["conflict_count"])
    record(
        change=change,
        action=Action.RESOLVE,
        actor=actor,
        from_state=change.state,
        data={
            "onto": live.number,
            "resolutions": [
                {"conflict": fingerprint, **resolution.to_json()}
                for fingerprint, resolution in chosen.items()
            ],
        },
    )
    return change


def _locked(change: Change) -> tuple[DocumentVersion, Integration]:
    """The live version, which stays what it is until the transaction ends, and the merge."""
    live: DocumentVersion | None = lock_subject(change).live_version  # type: ignore[attr-defined]
    if live is None or live.digest == change.base_digest:
        raise Conflict(
            _("This change is written on what is live, so there is nothing to take over."),
            code="live_unmoved",
        )
    return live, _integrate(change, proposal_of(change), live, {})


def _integrate(
    change: Change, proposal: Proposal, live: DocumentVersion, chosen: dict[str, Resolution]
) -> Integration:
    """The merge with what was decided before and what is decided now."""
    try:
        return integrate(proposal, live, resolutions_of(change) | chosen)
    except MalformedChange:
        raise Invalid(
            _("A value cannot stand at the place it was given for."),
            code="bad_resolution",
            errors={"resolutions": [_("Choose one of the two sides, or another value.")]},
        ) from None


def _given(raw: object, integration: Integration) -> dict[str, Resolution]:
    """The resolutions of a request, by the fingerprints of conflicts that there are.

    Each is `{"conflict": fingerprint, "choice": "mine" | "theirs" | "edited", "value"?}`.
    """
    if raw is None:
        return {}
    if not isinstance(raw, list) or len(raw) > MOST_RESOLUTIONS:
        raise Invalid(
            _("Resolutions are a list."),
            code="bad_resolution",
            errors={
                "resolutions": [
                    _("Give a list of at most %(most)s objects.") % {"most": MOST_RESOLUTIONS}
                ]
            },
        )
    there = {conflict.fingerprint for conflict in _all_of(integration)}
    found: dict[str, Resolution] = {}
    for position, item in enumerate(raw):
        fingerprint, resolution = _one(position, item)
        if fingerprint in found:
            raise _bad(position, _("This conflict is settled twice."))
        if fingerprint not in there:
            raise Conflict(
                _(
                    "A conflict you settled is no longer there: live or the change has moved on. "
                    "Nothing was changed. Look at what is left."
                ),
                code="conflict_gone",
                errors={f"resolutions/{position}": [_("There is no such conflict now.")]},
            )
        found[fingerprint] = resolution
    return found


def _one(position: int, item: object) -> tuple[str, Resolution]:
    if not isinstance(item, dict) or not isinstance(item.get("conflict"), str):
        raise _bad(position, _("Name the conflict by its fingerprint."))
    if unknown := set(item) - {"conflict", "choice", "value"}:
        raise _bad(position, _("There is no “%(name)s” here.") % {"name": sorted(unknown)[0]})
    try:
        return item["conflict"], Resolution.from_json(item)
    except (MalformedChange, TypeError):
        raise _bad(
            position,
            _("Choose “mine”, “theirs”, or “edited” together with a value."),
        ) from None


def _bad(position: int, sentence: str) -> Invalid:
    return Invalid(
        _("A conflict cannot be settled like this, so nothing was changed."),
        code="bad_resolution",
        errors={f"resolutions/{position}": [sentence]},
    )


def _all_of(integration: Integration) -> list[Clash]:
    merged = integration.merge
    return [*merged.conflicts, *(conflict for conflict, _resolution in merged.resolved)]


def _store(
    change: Change, integration: Integration, chosen: dict[str, Resolution], actor: User
) -> None:
    conflicts = {conflict.fingerprint: conflict for conflict in _all_of(integration)}
    # Whoever only sends on what somebody else decided has not decided it.
    known = resolutions_of(change)
    chosen = {name: value for name, value in chosen.items() if known.get(name) != value}
    ConflictResolution.objects.bulk_create(
        [
            ConflictResolution(
                change=change,
                fingerprint=fingerprint,
                conflict=conflicts[fingerprint].to_json(),
                resolution=resolution.to_json(),
                author=actor,
                created_at=timezone.now(),
            )
            for fingerprint, resolution in chosen.items()
        ],
        update_conflicts=True,
        unique_fields=["change", "fingerprint"],
        update_fields=["resolution", "author", "created_at"],
    )


def _settled_by(change: Change, conflicts: Iterable[Clash]) -> dict[str, int]:
    """Who decided each of the conflicts, by fingerprint; no query for none."""
    fingerprints = [conflict.fingerprint for conflict in conflicts]
    if not fingerprints:
        return {}
    rows = change.resolutions.filter(fingerprint__in=fingerprints).order_by()
    return dict(rows.values_list("fingerprint", "author_id"))


def _outcome(step: Step, integration: Integration) -> Proposal:
    """The merged document as a proposal on what is live.

    Where somebody settled conflicts, what they chose must be theirs to choose.
    """
    change, proposal, live = step.change, integration.proposal, integration.live
    document = proposal.adapter.load(integration.merge.document)
    if change.asset is not None:
        content.projection.refuse_other_kind(change.asset, document)
    outcome = Proposal(change.kind, live, document)
    if not outcome.hunks and proposal.hunks:
        raise Conflict(
            _("Nothing would be left of this change. Withdraw it instead."), code="nothing_left"
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
    settled = {(one.element, one.key) for one, _resolution in integration.merge.resolved}
    if settled and step.actor is not None:
        _require_own(step.actor, integration, document)
        standing = step.standing or policies.Standing(step.actor, change)
        facts = [one for one in outcome.facts if (one.hunk.element, one.hunk.key) in settled]
        policies.can_edit_elements(standing, facts).require()
    return outcome


def _require_own(actor: User, integration: Integration, document: Document) -> None:
    """Refuse what neither side names and the person does not see: an edited value brought it."""
    kind = integration.proposal.kind
    sides = integration.proposal.proposed, integration.live

    def new(find: Any) -> set[Any]:
        found: set[Any] = find(kind, sides[0], document) & find(kind, sides[1], document)
        return found

    require_seen(bound=new(new_bindings), actor=actor)
    require_journeys_seen(keys=new(new_ways_out), actor=actor)
    require_tags_seen(tags=new(new_tags), actor=actor)
    if kind == "asset":
        origins = new_origins(sides[0], document) & new_origins(sides[1], document)
        require_origins_seen(keys=origins, actor=actor)
