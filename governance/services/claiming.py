"""What open changes lay hands on, written down so that others find it by an index."""

from django.db import transaction

from governance.models import Change, Claim
from governance.proposals import Proposal
from governance.subjects import subject_of


@transaction.atomic(savepoint=False)
def write_claims(*, change: Change, proposal: Proposal) -> None:
    """Those of the newest revision, in place of what the last one claimed."""
    if change.revision > 1:
        drop_claims(change=change)
    Claim.objects.bulk_create(claims_of(change, proposal))


def claims_of(change: Change, proposal: Proposal) -> list[Claim]:
    """The rows that a change has to have, not written."""
    key = subject_of(change).key
    claims = proposal.adapter.claims(key, proposal.base, proposal.proposed, proposal.hunks)
    return [
        Claim(change=change, kind=claim.kind, name=claim.name, detail=claim.detail)
        for claim in claims
    ]


@transaction.atomic(savepoint=False)
def drop_claims(*, change: Change) -> None:
    """A change that has ended lays hands on nothing any more."""
    change.claims.all().delete()
