"""Other open changes as the page of a change shows them, and the notes on its parts."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from governance.clashes import Clash, Clashes
from governance.models import Change
from governance.presenting.cards import Card
from governance.subjects import subject_of

# Sentences about one other change, and notes on one part; the other change says the rest itself.
SENTENCES, NOTES = 4, 3


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another open change that clashes with this one.

    `more` places are not told. `waits`: this change goes live after it; `may_wait`: it could.
    """

    change: Change
    clashes: tuple[Clash, ...]
    more: int
    breaks: bool
    is_conflict: bool
    elsewhere: str
    waits: bool
    is_waiting: bool
    may_wait: bool


@dataclass(frozen=True, slots=True)
class Note:
    """That another change is about the same part too, or breaks something with it."""

    number: int
    breaks: bool


@dataclass(frozen=True)
class Neighbours:
    """The other changes, the worst first, and the notes by element and key."""

    lines: tuple[Neighbour, ...]
    left_out: int
    is_cut: bool
    breaking: int
    notes: dict[tuple[str, str], tuple[Note, ...]] = field(default_factory=dict)


def neighbours(change: Change, clashes: Clashes) -> Neighbours | None:
    """What the page shows of the clashes; None where there are none."""
    if not clashes:
        return None
    lines = tuple(
        _line(change, other, found, clashes.more.get(other.pk, 0))
        for other, found in clashes.by_change
    )
    breaking = sum(line.breaks for line in lines)
    notes = _notes(clashes.items)
    return Neighbours(lines, clashes.left_out, clashes.is_cut, breaking, notes)


def _line(change: Change, other: Change, found: list[Clash], more: int) -> Neighbour:
    # Behind a change of something else it would clash just as well.
    is_same = subject_of(other) == subject_of(change)
    waits, is_waiting = change.queued_behind_id == other.pk, other.queued_behind_id == change.pk
    return Neighbour(
        change=other,
        clashes=tuple(found[:SENTENCES]),
        more=more + len(found[SENTENCES:]),
        breaks=any(clash.severity == "breaks" for clash in found),
        is_conflict=any(clash.is_conflict for clash in found),
        elsewhere="" if is_same else str(subject_of(other).name),
        waits=waits,
        is_waiting=is_waiting,
        may_wait=is_same and not waits and not is_waiting,
    )


def _notes(clashes: Iterable[Clash]) -> dict[tuple[str, str], tuple[Note, ...]]:
    found: dict[tuple[str, str], dict[int, Note]] = {}
    for clash in clashes:
        if clash.hunk is not None:
            number = clash.other.number
            # The worst of each other change comes first.
            found.setdefault(clash.hunk, {}).setdefault(
                number, Note(number, clash.severity == "breaks")
            )
    return {place: tuple(notes.values())[:NOTES] for place, notes in found.items()}


def noted(cards: Iterable[Card], found: Neighbours | None) -> list[Card]:
    """The cards, each with the notes on it."""
    notes = found.notes if found else {}
    return [replace(card, others=notes.get(place_of(card), ())) for card in cards]


def place_of(card: Card) -> tuple[str, str]:
    """Element and key of the hunk of a card."""
    return ("", "") if card.element == "header" else (card.element, card.key)
