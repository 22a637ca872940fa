"""A change as its page shows it: hunks as cards, findings, who decides, what happened."""

from governance.presenting.afterwards import Afterwards, afterwards, looking_words, not_asked
from governance.presenting.cards import Card, anchor, cards, narrowed, open_ones
from governance.presenting.deciders import Decider, decider_lines, preview_lines, time_words
from governance.presenting.delegated import Handed, handed, other_chains
from governance.presenting.findings import FindingLine, finding_lines
from governance.presenting.flow import flow_of
from governance.presenting.freezing import Frozen, frozen, waiting_words
from governance.presenting.languages import language_lines
from governance.presenting.ledger import LedgerRow, ledger_rows
from governance.presenting.lookup import Lookup, lookup_for
from governance.presenting.merging import Moved, Pick, Picks, moved, pages_of, picks
from governance.presenting.neighbours import Neighbours, neighbours, noted
from governance.presenting.news import told
from governance.presenting.pictures import Pair, picture_pairs
from governance.presenting.rows import Row
from governance.presenting.since import (
    Since,
    SinceReview,
    compared_with,
    reviewed_before,
    since_review,
)
from governance.presenting.story import Happening, happenings
from governance.presenting.suggested import SuggestionCard, suggestion_cards, suggestion_documents

__all__ = [
    "Afterwards",
    "Card",
    "Decider",
    "FindingLine",
    "Frozen",
    "Handed",
    "Happening",
    "LedgerRow",
    "Lookup",
    "Moved",
    "Neighbours",
    "Pair",
    "Pick",
    "Picks",
    "Row",
    "Since",
    "SinceReview",
    "SuggestionCard",
    "afterwards",
    "anchor",
    "cards",
    "compared_with",
    "decider_lines",
    "finding_lines",
    "flow_of",
    "frozen",
    "handed",
    "happenings",
    "language_lines",
    "ledger_rows",
    "looking_words",
    "lookup_for",
    "moved",
    "narrowed",
    "neighbours",
    "not_asked",
    "noted",
    "open_ones",
    "other_chains",
    "pages_of",
    "picks",
    "picture_pairs",
    "preview_lines",
    "reviewed_before",
    "since_review",
    "suggestion_cards",
    "suggestion_documents",
    "time_words",
    "told",
    "waiting_words",
]
