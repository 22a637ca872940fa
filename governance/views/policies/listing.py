"""All policies in words, and one of them with its versions."""

from dataclasses import dataclass
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cjops.core.verdicts import Verdict, not_now
from governance import coverage
from governance.discretion import labels_for
from governance.drafting import Told, differences, tell
from governance.drafting.telling import Difference
from governance.models import LedgerEntry, Policy, PolicyVersion
from governance.naming import Labels
from governance.queries.policies import (
    MOST_VERSIONS,
    all_policies,
    get_policy,
    history_of,
    proposal_of,
    versions_of,
)
from governance.queries.ruling import active_rules
from governance.ruling.texts import dump
from governance.stewardship import can_activate, can_decline, can_manage, can_try
from governance.transitions import Action
from people.models import User


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """A policy of the list. `told` is None for one that is not in force."""

    policy: Policy
    told: Told | None
    proposal: PolicyVersion | None


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version with what it changed against the one before it that had a definition."""

    version: PolicyVersion
    changed: list[Difference]
    yaml: str


@dataclass(frozen=True, slots=True)
class Done:
    """One entry of the history."""

    entry: LedgerEntry
    did: str
    icon: str
    tone: str


@login_required
@require_safe
def policy_list(request: HttpRequest) -> HttpResponse:
    """Every policy in words, what is proposed, and what no policy covers."""
    user, policies = cast(User, request.user), list(all_policies())
    labels, manage = labels_for(user), can_manage(user)
    rows = []
    for policy in policies:
        told = _told(policy.active, labels)
        rows.append(PolicyRow(policy, told, proposal_of(policy)))
    context = {
        "rows": rows,
        "waiting": [row for row in rows if row.proposal],
        # How many subjects there are is for those who can do something about it.
        "uncovered": coverage.uncovered(active_rules(), user) if manage else None,
        "manage": manage,
        "tries": can_try(user),
    }
    return render(request, "governance/policies/policy_list.html", context)


@login_required
@require_safe
def policy_detail(request: HttpRequest, key: str) -> HttpResponse:
    """One policy: in words, what is proposed, its versions and what was done to it."""
    user, policy = cast(User, request.user), get_policy(key)
    proposal, active = proposal_of(policy), policy.active
    versions, tries = list(versions_of(policy)[:MOST_VERSIONS]), can_try(user)
    labels = labels_for(user)
    context: dict[str, Any] = {
        "policy": policy,
        "told": _told(active, labels),
        "proposal": proposal,
        "rows": _version_rows(versions, labels, with_yaml=bool(tries)),
        "history": [_done(entry) for entry in history_of(policy)],
        "manage": can_manage(user),
        "tries": tries,
        "end": _may_end(user, policy),
    }
    if proposal is not None:
        proposal.policy = policy
        before = active.definition if active else None
        context |= {
            "proposed": _told(proposal, labels),
            "changed": differences(before, proposal.definition, labels) if before else [],
            "activate": can_activate(user, proposal, active),
            "decline": can_decline(user, proposal),
            "is_author": proposal.author_id == user.pk,
        }
    return render(request, "governance/policies/policy_detail.html", context)


def _told(version: PolicyVersion | None, labels: Labels) -> Told | None:
    """A version in words; None where there is none, or where it is an end."""
    return tell(version.definition, labels) if version and version.definition else None


def _may_end(user: User, policy: Policy) -> Verdict:
    verdict = can_manage(user)
    if verdict and policy.active is None:
        return not_now(_("It is not in force."))
    return verdict


def _version_rows(
    versions: list[PolicyVersion], labels: Labels, *, with_yaml: bool
) -> list[VersionRow]:
    rows = []
    for at, version in enumerate(versions):
        before = next((one.definition for one in versions[at + 1 :] if one.definition), None)
        changed = []
        if before is not None and version.definition is not None:
            changed = differences(before, version.definition, labels)
        yaml = dump([version.definition]) if with_yaml and version.definition else ""
        rows.append(VersionRow(version, changed, yaml))
    return rows


LOOKS = {
    Action.PROPOSE_POLICY: ("pencil", ""),
    Action.ACTIVATE_POLICY: ("check-lg", "add"),
    Action.DECLINE_POLICY: ("x-lg", "del"),
}


def _done(entry: LedgerEntry) -> Done:
    icon, tone = LOOKS.get(Action(entry.action), ("info-circle", ""))
    return Done(entry, _did(entry), icon, tone)


def _did(entry: LedgerEntry) -> str:
    number, ends = {"number": entry.revision}, entry.data.get("ends")
    if entry.action == Action.PROPOSE_POLICY:
        if ends:
            return _("proposed that it ends (version %(number)s)") % number
        return _("proposed version %(number)s") % number
    if entry.action == Action.ACTIVATE_POLICY:
        if ends:
            return _("ended it (version %(number)s)") % number
        return _("put version %(number)s into force") % number
    return _("took version %(number)s off the table") % number
