"""The clashes of one change with all others that are open, in a constant number of reads."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal

from governance.clashes.opposing import Opposition, opposing, shares_opposing
from governance.clashes.reading import RANKS, claims_of_others
from governance.clashes.wording import Wording
from governance.models import Change
from governance.proposals import Proposal, proposal_of
from governance.subjects import document_of, subject_of
from governance.transitions import OPEN_STATES, State
from journeys.claims import outgoing
from people.models import User

Severity = Literal["breaks", "overlaps"]
# Claims read, changes told of, and places of each, at most; the worst first.
MOST_CLAIMS, MOST_CHANGES, MOST_PLACES = 2_000, 20, 10


@dataclass(frozen=True, slots=True)
class Clash:
    """One place in which another open change stands against this one.

    `severity` is `breaks` where something would no longer hold with both live, and `overlaps` where
    both edit one element; of the latter `is_conflict` says whether merging them needs a decision,
    about `fields` (in words; none where it is about the whole element). `place` and `sentence` are
    for people. `hunk` is collection and key of the element of this change that it is about, "" and
    "" for the header; None where it is about no single one.
    """

    kind: str
    other: Change
    severity: Severity
    is_conflict: bool
    place: str
    sentence: str
    fields: tuple[str, ...] = ()
    hunk: tuple[str, str] | None = None


@dataclass(frozen=True)
class Clashes:
    """All clashes that are told: breaking ones first, then conflicts, approved changes first.

    `left_out` changes more clash, less badly; `is_cut`: there are even more than were looked at.
    `more` says by number in how many further places a change clashes.
    """

    items: tuple[Clash, ...] = ()
    more: Mapping[int, int] = field(default_factory=dict)
    left_out: int = 0
    is_cut: bool = False

    def __bool__(self) -> bool:
        return bool(self.items)

    @property
    def breaking(self) -> int:
        """How many of them break something."""
        return sum(clash.severity == "breaks" for clash in self.items)

    @cached_property
    def by_change(self) -> list[tuple[Change, list[Clash]]]:
        """The same, a line for each other change."""
        lines: dict[int, tuple[Change, list[Clash]]] = {}
        for clash in self.items:
            lines.setdefault(clash.other.pk, (clash.other, []))[1].append(clash)
        return list(lines.values())


NONE = Clashes()


def clashes_of(change: Change, user: User, proposal: Proposal | None = None) -> Clashes:
    """What other open changes that `user` sees would break or conflict together with `change`.

    A change of a subject that the person does not see is left out altogether: that there is one
    would tell them of the subject. One query, and one each where channels have to be named or live
    has moved under a branch; none for a change that has ended.
    """
    if change.state not in OPEN_STATES:
        return NONE
    proposal = proposal or proposal_of(change)
    key = subject_of(change).key
    ours = proposal.adapter.claims(key, proposal.base, proposal.proposed, proposal.hunks)
    names = {claim.name for claim in ours}
    theirs, changes = claims_of_others(change, user, names, MOST_CLAIMS + 1)
    is_cut = len(theirs) > MOST_CLAIMS
    found = list(opposing(ours, theirs[:MOST_CLAIMS], change.journey_id))
    if any(one.claim.kind == "share" for one in theirs):
        found += shares_opposing(ours, theirs, outgoing(_live(change, proposal)))
    found = _without_repeats(found)
    worst, left_out = _worst(found)
    told, more = _first_of_each(worst)
    wording = Wording(change, proposal, told)
    clashes = [_clash(one, changes[one.change], wording) for one in told]
    return Clashes(tuple(clashes), more, left_out, is_cut)


def _live(change: Change, proposal: Proposal) -> dict[str, Any]:
    live = subject_of(change).live_version  # type: ignore[attr-defined]
    if live is None or live.digest == change.base_digest:
        return proposal.base
    return document_of(change.kind, live)


def _without_repeats(found: list[Opposition]) -> list[Opposition]:
    """Conflicts about a slot's content are told where both fill it, and not once more."""
    filled = {(one.change, one.ours.name) for one in found if one.kind == "fill"}
    kept = []
    for one in found:
        if one.kind == "touch" and one.fields and not one.added:
            fields = tuple(path for path in one.fields if not _is_told(filled, one, path))
            if not fields:
                continue
            one = replace(one, fields=fields)
        kept.append(one)
    return kept


def _is_told(filled: set[tuple[int, str]], one: Opposition, path: tuple[str, ...]) -> bool:
    if len(path) < 2 or path[0] != "slots":
        return False
    is_content = len(path) == 2 or path[2] in ("asset", "version", "digest")
    return is_content and (one.change, f"{one.ours.name}/slots/{path[1]}") in filled


def _badness(one: Opposition) -> int:
    if one.breaks:
        return 0
    return 1 if one.fields else 2


def _worst(found: list[Opposition]) -> tuple[list[Opposition], int]:
    """Those with the changes that clash worst, in that order; and how many changes are left out."""
    worst: dict[int, tuple[int, int, int]] = {}
    for one in found:
        rank = _badness(one), RANKS[State(one.state)], one.change
        worst[one.change] = min(rank, worst.get(one.change, rank))
    order = sorted(worst, key=lambda number: worst[number])
    kept = {number: place for place, number in enumerate(order[:MOST_CHANGES])}
    told = [one for one in found if one.change in kept]
    told.sort(key=lambda one: (_badness(one), kept[one.change], one.ours.name, one.added))
    return told, len(order) - len(kept)


def _first_of_each(found: list[Opposition]) -> tuple[list[Opposition], dict[int, int]]:
    """The first places of each change, and how many more it has."""
    places: Counter[int] = Counter()
    told = []
    for one in found:
        places[one.change] += 1
        if places[one.change] <= MOST_PLACES:
            told.append(one)
    return told, {pk: count - MOST_PLACES for pk, count in places.items() if count > MOST_PLACES}


def _clash(one: Opposition, other: Change, wording: Wording) -> Clash:
    place = wording.place(one)
    return Clash(
        kind=one.kind,
        other=other,
        severity="breaks" if one.breaks else "overlaps",
        is_conflict=bool(one.fields),
        place=place,
        sentence=wording.sentence(one, other, place),
        fields=wording.fields(one),
        hunk=wording.hunk(one),
    )
