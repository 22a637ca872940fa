"""A change on top of what is live by now: what moved, what clashes, what would come out."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from cjops.core.findings import Finding
from cjops.core.models import DocumentVersion
from cjops.documents import Conflict, Hunk, Merge, Resolution, diff, hunks
from governance.models import Change
from governance.proposals import Document, Proposal, proposal_of
from governance.subjects import subject_of
from governance.transitions import OPEN_STATES


@dataclass(frozen=True)
class Integration:
    """The proposal of a change merged with a live version that it was not written on.

    `merge` holds the conflicts that nobody has settled, and those that stored or given resolutions
    did.
    """

    proposal: Proposal
    live: Document
    live_number: int
    live_digest: str
    merge: Merge

    @cached_property
    def moved(self) -> list[Hunk]:
        """What became live since the change was written."""
        return hunks(diff(self.proposal.base, self.live))

    @cached_property
    def outcome(self) -> Proposal:
        """What would go live, against what is live. Open conflicts leave it as it is live."""
        return replace(self.proposal, base=self.live, proposed=self.merge.document)

    @cached_property
    def new_errors(self) -> list[Finding]:
        """Errors of what would go live that the proposal by itself does not have.

        None while conflicts are open: what will come out is not known before that.
        """
        if self.merge.conflicts:
            return []
        known = {(found.code, found.element, found.key) for found in self.proposal.errors}
        return [
            found
            for found in self.outcome.errors
            if (found.code, found.element, found.key) not in known
        ]

    @property
    def conflicts(self) -> list[tuple[Conflict, Resolution | None]]:
        """All conflicts, each with the resolution that settles it, in the order of their places."""
        found = [(conflict, None) for conflict in self.merge.conflicts]
        return sorted([*found, *self.merge.resolved], key=lambda pair: _place(pair[0]))

    def hunk_of(self, conflict: Conflict) -> Hunk | None:
        """The hunk of the change that a conflict is about."""
        by_place = {(hunk.element, hunk.key): hunk for hunk in self.proposal.hunks}
        # Where live points at what the change removes, the removal is what it is about.
        here = by_place.get((conflict.element, conflict.key))
        return here or by_place.get(conflict.target or ("", ""))


def integration_of(change: Change, proposal: Proposal | None = None) -> Integration | None:
    """How an open change stands to what is live; None while that is what it was written on.

    `proposal` is that of its newest revision, where the caller has read it already.
    """
    live: DocumentVersion | None = subject_of(change).live_version  # type: ignore[attr-defined]
    if live is None or live.digest == change.base_digest or change.state not in OPEN_STATES:
        return None
    return integrate(proposal or proposal_of(change), live, resolutions_of(change))


def integrate(
    proposal: Proposal, live: DocumentVersion, resolutions: Mapping[str, Resolution]
) -> Integration:
    """The proposal merged onto a live version; `resolutions` by the fingerprints of conflicts."""
    document = live.get_document()
    merged = proposal.onto(document, resolutions)
    return Integration(proposal, document, live.number, live.digest, merged)


def resolutions_of(change: Change) -> dict[str, Resolution]:
    """What people decided about conflicts of the change, by fingerprint; some may no longer be."""
    rows = change.resolutions.values_list("fingerprint", "resolution")
    return {fingerprint: Resolution.from_json(resolution) for fingerprint, resolution in rows}


def _place(conflict: Conflict) -> tuple[str, str, tuple[str, ...]]:
    return conflict.element, conflict.key, conflict.field
