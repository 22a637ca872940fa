"""Policies as pages and the API show them; anybody who is signed in may read them all."""

from typing import Any

from django.db.models import F, Prefetch, QuerySet
from django.db.models.lookups import IsNull
from django.utils.translation import gettext as _

from cjops.core.errors import NotFound
from governance.models import LedgerEntry, Policy, PolicyVersion

MOST_VERSIONS, MOST_ENTRIES = 50, 100


def all_policies() -> QuerySet[Policy]:
    """Every policy with what is in force and, as `proposals`, what is proposed: two queries.

    Those in force come first, in the order in which they were made.
    """
    proposed = PolicyVersion.objects.filter(state=PolicyVersion.State.PROPOSED)
    proposed = proposed.select_related("author", "decided_by")
    return (
        Policy.objects.select_related("active__author", "active__decided_by")
        .prefetch_related(
            Prefetch(
                "versions", proposed.select_related("author", "decided_by"), to_attr="proposals"
            )
        )
        .order_by(IsNull(F("active"), True), "pk")
    )


def get_policy(key: str) -> Policy:
    """The policy of that key, as `all_policies` gives it; else `NotFound`."""
    found = all_policies().filter(key=key).first()
    if found is None:
        raise NotFound(_("There is nothing at this address that you can see."))
    return found


def get_version(policy: Policy, number: int) -> PolicyVersion:
    """One version of a policy; else `NotFound`."""
    found = versions_of(policy).filter(number=number).first()
    if found is None:
        raise NotFound(_("There is nothing at this address that you can see."))
    found.policy = policy
    return found


def versions_of(policy: Policy) -> QuerySet[PolicyVersion]:
    """Its versions, the newest first, with who wrote and who decided on them."""
    return policy.versions.select_related("author", "decided_by").order_by("-number")


def proposal_of(policy: Any) -> PolicyVersion | None:
    """What is proposed for a policy that `all_policies` gave."""
    proposals: list[PolicyVersion] = policy.proposals
    return proposals[0] if proposals else None


def history_of(policy: Policy) -> list[LedgerEntry]:
    """What was done to it, the newest first."""
    entries = policy.ledger.select_related("actor").order_by("-pk")
    return list(entries[:MOST_ENTRIES])


def definitions_in_force() -> list[dict[str, Any]]:
    """The definitions of all policies in force, in the order in which they were made."""
    active = Policy.objects.filter(active__definition__isnull=False).order_by("pk")
    found: list[Any] = list(active.values_list("active__definition", flat=True))
    return found
