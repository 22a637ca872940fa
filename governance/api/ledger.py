"""The ledger, to read."""

from typing import cast

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from cjops.core.api import CursorPages, refusals
from cjops.core.api.views import PAGING, ApiView, page_of
from governance.api import inputs, outputs, rows
from governance.entries import SOURCE as DECISIONS
from governance.models import LEDGER_KINDS
from governance.queries.ledger import Wanted, decisions, positions_of
from governance.queries.telling import told_to
from governance.transitions import Action
from people.models import User


class LedgerList(ApiView):
    """Who decided what."""

    @extend_schema(
        operation_id="ledger_list",
        parameters=[
            *PAGING,
            OpenApiParameter("change", int),
            OpenApiParameter("kind", str, enum=[value for value, _label in LEDGER_KINDS]),
            OpenApiParameter("subject", str, description="Key of the journey, asset or taxonomy."),
            OpenApiParameter("actor", str, description="E-mail address, or “me”."),
            OpenApiParameter("action", str, enum=Action.values),
            OpenApiParameter("policy", str, description="Key of the policy."),
            OpenApiParameter("delegation", int),
            OpenApiParameter("since", OpenApiTypes.DATETIME, description="From then on."),
            OpenApiParameter("until", OpenApiTypes.DATETIME, description="Before then."),
            OpenApiParameter("glass", bool, description="Only what went without approvals."),
        ],
        responses={200: page_of(outputs.LedgerOut, "Ledger"), **refusals(400)},
        tags=["ledger"],
    )
    def get(self, request: Request) -> Response:
        """Who did what to which subject, and why; the newest first."""
        user = cast(User, request.user)
        said = dict(self.filters(request, inputs.LedgerFilters))
        if actor := said.pop("actor", ""):
            email = user.email if actor == "me" else actor.lower()
            # Nobody has the number 0.
            found = User.objects.filter(email=email).values_list("pk", flat=True).first()
            said["actor"] = found or 0
        entries = decisions(user, Wanted(**said))
        pages = CursorPages({"pk": int}, descending=True)
        page = pages.rows_of(entries.values(*rows.LEDGER_FIELDS), request)
        told = told_to(user, (row["data"] for row in page))
        places = positions_of(DECISIONS.name, [row["pk"] for row in page])
        return Response(
            pages.body(
                {**rows.ledger_row(row, data), "position": places.get(row["pk"])}
                for row, data in zip(page, told, strict=True)
            )
        )
