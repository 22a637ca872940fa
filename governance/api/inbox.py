"""What waits for the person, and why."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from cjops.core.api import CursorPages, refusals
from cjops.core.api.views import PAGING, ApiView, page_of
from governance import queries, wording
from governance.api import decision_outputs, rows
from governance.decisions import channel_labels
from governance.models import Change, Requirement
from governance.naming import Labels
from governance.transitions import State
from people.models import User

# Each thing in the inbox wants what its state leaves to do.
WANTS = {
    State.IN_REVIEW: "decision",
    State.APPROVED: "publication",
    State.CHANGES_REQUESTED: "revision",
    # Live without its approvals.
    State.PUBLISHED: "after-review",
}


class Inbox(ApiView):
    """What waits for the person."""

    @extend_schema(
        operation_id="inbox_list",
        parameters=PAGING,
        responses={200: page_of(decision_outputs.InboxOut, "Inbox"), **refusals(400)},
        tags=["inbox"],
    )
    def get(self, request: Request) -> Response:
        """What waits for you, and why: decisions, publications, your own that were sent back."""
        user = cast(User, request.user)
        found = (
            Change.objects.visible_to(user)
            .filter(pk__in=_waiting(user))
            .annotate(due=Coalesce("after_review_due_at", "due_at", "updated_at"))
            .values(*rows.CHANGE_FIELDS, "due")
        )
        pages = CursorPages({"due": datetime, "number": int})
        page = pages.rows_of(found, request)
        reasons = _reasons(user, page)
        labels = channel_labels(item for items in reasons.values() for item in items)
        told = Told(labels, Labels(user), queries.looked_at_by_number(reasons))
        return Response(
            pages.body(_item(row, reasons.get(row["number"], []), told) for row in page)
        )


@dataclass(frozen=True, slots=True)
class Told:
    """What items are told with: names of channels and of what policies name, who looks at which."""

    channels: dict[str, str]
    names: Labels
    looking: dict[int, list[queries.Looking]]

    def why(self, requirement: Requirement) -> str:
        """Why somebody has to decide."""
        return wording.reason(requirement, self.channel(requirement), self.names)

    def channel(self, requirement: Requirement) -> str:
        """The channel that a decision is about."""
        return self.channels.get(requirement.params.get("channel", ""), "")


def _waiting(user: User) -> QuerySet[Any, Any]:
    """Numbers of what waits, as one subquery: three conditions joined by OR would read all rows."""
    sent_back = Change.objects.filter(author=user, state=State.CHANGES_REQUESTED)
    return (
        queries.open_requirements(user)
        .order_by()
        .values("change")
        .union(queries.ready_for(user).order_by().values("pk"), sent_back.order_by().values("pk"))
    )


def _reasons(user: User, page: list[dict[str, Any]]) -> dict[int, list[Requirement]]:
    """For each change number the requirements that wait for the person."""
    numbers = [row["number"] for row in page if row["state"] in (State.IN_REVIEW, State.PUBLISHED)]
    reasons: defaultdict[int, list[Requirement]] = defaultdict(list)
    if numbers:
        found = queries.open_requirements(user).filter(change__in=numbers)
        for requirement in found.select_related("policy__policy").defer("policy__definition"):
            reasons[requirement.change_id].append(requirement)
    return reasons


def _item(row: dict[str, Any], requirements: list[Requirement], told: Told) -> dict[str, Any]:
    looking = told.looking.get(row["number"], [])
    return {
        **rows.change_row(row),
        "wants": WANTS[row["state"]],
        "why": _why(row["state"], requirements, told),
        "requirements": [requirement.key for requirement in requirements],
        "decisions": [_decision(requirement, told) for requirement in requirements],
        "looked_at_by": [rows.looking(one) for one in looking],
    }


def _decision(requirement: Requirement, told: Told) -> dict[str, Any]:
    version = requirement.policy
    return {
        "key": requirement.key,
        "label": wording.decision_name(requirement, told.channel(requirement)),
        "why": told.why(requirement),
        "policy": version.policy.key if version else None,
        "version": version.number if version else None,
        "round": requirement.round,
        "due_at": requirement.due_at,
        "is_open": requirement.opened_at is not None,
        "is_stuck": requirement.stuck_at is not None,
        "escalated_at": requirement.escalated_at,
    }


def _why(state: str, requirements: list[Requirement], told: Told) -> list[str]:
    if state == State.APPROVED:
        return [_("Every decision is there; you may publish it.")]
    if state == State.CHANGES_REQUESTED:
        return [_("A reviewer asked you for changes.")]
    return [told.why(requirement) for requirement in requirements]
