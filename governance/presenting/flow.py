"""The proposal as a picture: the part of the flow that changes, with marks on what does."""

import journeys.flow
from governance.presenting.lookup import Lookup
from governance.proposals import Proposal
from journeys.flow.excerpt import around, touched_steps

# A little more than there is beside the column of who decides: the page scales it down.
WIDEST = 860


def flow_of(proposal: Proposal, lookup: Lookup) -> journeys.flow.Flow | None:
    """The flow around what changes, with added, edited, moved, rewired and removed marks.

    None where nothing in the flow changes.
    """
    if proposal.kind != "journey" or not proposal.proposed.get("steps"):
        return None
    steps = touched_steps(proposal.base, proposal.proposed, proposal.hunks)
    if not steps:
        return None
    before, after = around(proposal.base, proposal.proposed, steps)
    return journeys.flow.layout(after, before=before or None, names=lookup.names, widest=WIDEST)
