"""What the live version moved under a change that was written on an older one."""

from dataclasses import dataclass

from cjops.core.models import DocumentVersion
from cjops.documents import Hunk, diff, hunks
from governance import wording
from governance.models import Change
from governance.proposals import Document, Proposal, proposal_of
from governance.subjects import subject_of
from governance.transitions import OPEN_STATES


@dataclass(frozen=True, slots=True)
class Clash:
    """A hunk of the change of which live has another opinion by now.

    `expected` is what it was written against, `found` what is live at `field` now; either may be
    `cjops.documents.MISSING`. `where` is the place in words.
    """

    hunk: Hunk
    field: tuple[str, ...]
    expected: object
    found: object
    where: str


@dataclass(frozen=True, slots=True)
class Movement:
    """What became live since the change was written, and which of its hunks that broke."""

    live_number: int
    live_digest: str
    moved: tuple[Hunk, ...] = ()
    clashes: tuple[Clash, ...] = ()


def movement_under(change: Change) -> Movement:
    """How live has moved under an open change; nothing for one that is closed or still on live."""
    live: DocumentVersion | None = subject_of(change).live_version  # type: ignore[attr-defined]
    number, digest = (live.number, live.digest) if live else (0, "")
    if live is None or digest == change.base_digest or change.state not in OPEN_STATES:
        return Movement(number, digest)
    proposal, now = proposal_of(change), live.get_document()
    moved = hunks(diff(proposal.base, now))
    return Movement(number, digest, tuple(moved), tuple(_clashes(proposal, now)))


def _clashes(proposal: Proposal, live: Document) -> list[Clash]:
    """The conflicts, each with the hunk of the change that it is about."""
    by_place = {(hunk.element, hunk.key): hunk for hunk in proposal.hunks}
    found = []
    for conflict in proposal.onto(live).conflicts:
        # Where live points at what the change removes, the removal is what it is about.
        hunk = by_place.get((conflict.element, conflict.key)) or by_place.get(
            conflict.target or ("", "")
        )
        if hunk is not None:
            where = wording.place(proposal.kind, live, conflict)
            found.append(Clash(hunk, conflict.field, conflict.base, conflict.theirs, where))
    return found
