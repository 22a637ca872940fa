"""What waits for the person, and why."""

from collections import defaultdict
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
from governance.api import outputs, rows
from governance.decisions import channel_labels
from governance.models import Change, Requirement
from governance.transitions import State
from people.models import User

# Each thing in the inbox wants what its state leaves to do.
WANTS = {
    State.IN_REVIEW: "decision",
    State.APPROVED: "publication",
    State.CHANGES_REQUESTED: "revision",
}


class Inbox(ApiView):
    """What waits for the person."""

    @extend_schema(
        operation_id="inbox_list",
        parameters=PAGING,
        responses={200: page_of(outputs.InboxOut, "Inbox"), **refusals(400)},
        tags=["inbox"],
    )
    def get(self, request: Request) -> Response:
        """What waits for you, and why: decisions, publications, your own that were sent back."""
        user = cast(User, request.user)
        found = (
            Change.objects.visible_to(user)
            .filter(pk__in=_waiting(user))
            .annotate(due=Coalesce("due_at", "updated_at"))
            .values(*rows.CHANGE_FIELDS, "due")
        )
        pages = CursorPages({"due": datetime, "number": int})
        page = pages.rows_of(found, request)
        reasons = _reasons(user, page)
        labels = channel_labels(item for items in reasons.values() for item in items)
        return Response(
            pages.body(_item(row, reasons.get(row["number"], []), labels) for row in page)
        )


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
    numbers = [row["number"] for row in page if row["state"] == State.IN_REVIEW]
    reasons: defaultdict[int, list[Requirement]] = defaultdict(list)
    if numbers:
        for requirement in queries.open_requirements(user).filter(change__in=numbers):
            reasons[requirement.change_id].append(requirement)
    return reasons


def _item(
    row: dict[str, Any], requirements: list[Requirement], labels: dict[str, str]
) -> dict[str, Any]:
    return {
        **rows.change_row(row),
        "wants": WANTS[row["state"]],
        "why": _why(row["state"], requirements, labels),
        "requirements": [requirement.key for requirement in requirements],
    }


def _why(state: str, requirements: list[Requirement], labels: dict[str, str]) -> list[str]:
    if state == State.APPROVED:
        return [_("Every decision is there; you may publish it.")]
    if state == State.CHANGES_REQUESTED:
        return [_("A reviewer asked you for changes.")]
    return [
        wording.reason(requirement, labels.get(requirement.params.get("channel", ""), ""))
        for requirement in requirements
    ]
