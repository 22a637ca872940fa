"""The proposal as a picture: the journey's flow with marks on what changes."""

import journeys.flow
from governance.presenting.lookup import Lookup
from governance.proposals import Proposal


def flow_of(proposal: Proposal, lookup: Lookup) -> journeys.flow.Flow | None:
    """The flow with added, edited, moved and removed marks; None where there is nothing to draw."""
    if proposal.kind != "journey" or not proposal.proposed.get("steps"):
        return None
    return journeys.flow.layout(proposal.proposed, before=proposal.base or None, names=lookup.names)
