"""A change as its page shows it: hunks as cards, findings, who decides, what happened."""

from governance.presenting.cards import Card, anchor, cards
from governance.presenting.deciders import Decider, decider_lines
from governance.presenting.findings import FindingLine, finding_lines
from governance.presenting.flow import flow_of
from governance.presenting.lookup import Lookup, lookup_for
from governance.presenting.rows import Row
from governance.presenting.story import Happening, happenings

__all__ = [
    "Card",
    "Decider",
    "FindingLine",
    "Happening",
    "Lookup",
    "Row",
    "anchor",
    "cards",
    "decider_lines",
    "finding_lines",
    "flow_of",
    "happenings",
    "lookup_for",
]
