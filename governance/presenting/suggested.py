"""Suggested edits, as they stand under the hunk that they are about."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from governance.models import Suggestion
from governance.policies import Standing, can_take_back
from governance.presenting.cards import anchor, rows_of, title_of
from governance.presenting.lookup import Lookup
from governance.presenting.rows import Row
from governance.proposals import Document, Proposal
from governance.suggestions import hunk_of, is_outdated, sides_of
from people.models import User

Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class SuggestionCard:
    """One suggestion: who, when, before and after, and what became of it.

    `title` names the element, for those whose element the change does not touch.
    """

    pk: int
    title: str
    anchor: str
    author: User
    at: datetime
    comment: str
    state: str
    state_label: str
    rows: tuple[Row, ...]
    is_open: bool
    is_outdated: bool
    may_take_back: bool
    decided_by: User | None
    decided_at: datetime | None


def suggestion_documents(suggestions: Iterable[Suggestion], kind: str) -> list[Document]:
    """What the suggestions name, for a `Lookup` to know."""
    return [side for one in suggestions for side in sides_of(one, kind)]


def suggestion_cards(
    suggestions: Iterable[Suggestion], proposal: Proposal, lookup: Lookup, standing: Standing
) -> dict[Place, list[SuggestionCard]]:
    """The suggestions by the element and key they are about, oldest first."""
    found: dict[Place, list[SuggestionCard]] = {}
    # The page of a text in full knows what is proposed, and not what is suggested.
    lookup = replace(lookup, about=None)
    for one in suggestions:
        found.setdefault((one.element, one.key), []).append(_card(one, proposal, lookup, standing))
    return found


def _card(
    suggestion: Suggestion, proposal: Proposal, lookup: Lookup, standing: Standing
) -> SuggestionCard:
    kind = proposal.kind
    hunk = hunk_of(suggestion, kind)
    before, _after = sides_of(suggestion, kind)
    is_open = suggestion.state == Suggestion.State.OPEN
    return SuggestionCard(
        pk=suggestion.pk,
        title=title_of(kind, before, hunk),
        anchor=f"suggestion-{suggestion.pk}-{anchor(suggestion.element, suggestion.key)}",
        author=suggestion.author,
        at=suggestion.created_at,
        comment=suggestion.comment,
        state=suggestion.state,
        state_label=suggestion.get_state_display(),
        rows=tuple(rows_of(kind, hunk, lookup)),
        is_open=is_open,
        is_outdated=is_open and is_outdated(suggestion, kind, proposal.proposed),
        may_take_back=is_open and bool(can_take_back(standing, suggestion)),
        decided_by=suggestion.decided_by,
        decided_at=suggestion.decided_at,
    )
