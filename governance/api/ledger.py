"""The ledger, to read."""

from typing import cast

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from cjops.core.api import CursorPages, refusals
from cjops.core.api.views import PAGING, ApiView, page_of
from governance import queries
from governance.api import inputs, outputs, rows
from governance.api.changes import about
from governance.discretion import names_keys
from governance.models import LedgerEntry, SubjectKind
from governance.queries.hiding import Hidden, hidden_from
from governance.transitions import Action
from people.models import User


class LedgerList(ApiView):
    """Who decided what."""

    @extend_schema(
        operation_id="ledger_list",
        parameters=[
            *PAGING,
            OpenApiParameter("change", int),
            OpenApiParameter("kind", str, enum=SubjectKind.values),
            OpenApiParameter("subject", str, description="Key of the journey, asset or taxonomy."),
            OpenApiParameter("actor", str, description="E-mail address, or “me”."),
            OpenApiParameter("action", str, enum=Action.values),
        ],
        responses={200: page_of(outputs.LedgerOut, "Ledger"), **refusals(400)},
        tags=["ledger"],
    )
    def get(self, request: Request) -> Response:
        """Who did what to which subject, and why; the newest first."""
        user = cast(User, request.user)
        wanted = self.filters(request, inputs.LedgerFilters)
        found = about(LedgerEntry.objects.visible_to(user), wanted)
        if "change" in wanted:
            found = found.filter(change=wanted["change"])
        if "action" in wanted:
            found = found.filter(action=wanted["action"])
        if actor := wanted.get("actor"):
            email = user.email if actor == "me" else actor.lower()
            found = found.filter(actor__email=email)
        pages = CursorPages({"pk": int}, descending=True)
        page = pages.rows_of(found.values(*rows.LEDGER_FIELDS), request)
        visible = queries.seen_in_queues(user, (row["data"] for row in page))
        is_named = any(names_keys(row["data"].get("why")) for row in page)
        hidden = hidden_from(user) if is_named else Hidden()
        return Response(pages.body(rows.ledger_row(row, visible, hidden) for row in page))
