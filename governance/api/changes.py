"""Changes: list, open, look at, edit."""

from typing import Any, cast

from django.db.models import Q, QuerySet
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from cjops.core.api import CursorPages, etag, read_match, refusals, require_match
from cjops.core.api.views import PAGING, ApiView, document_response, page_of
from cjops.core.scopes import Scope
from governance import queries, services
from governance.api import inputs, outputs, rows
from governance.api.repeats import IDEMPOTENCY_KEY, repeat_of
from governance.models import Change, SubjectKind
from governance.subjects import ids_of_key
from people.models import User

IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, description="The ETag of what you changed."
)
ETAG = OpenApiParameter(
    "ETag", str, OpenApiParameter.HEADER, response=[200], description="The document's digest."
)


class ChangeApi(ApiView):
    """An endpoint about one change."""

    def change(self, request: Request, number: int) -> Change:
        """The change, or a refusal that does not tell invisible from missing."""
        return queries.get_change_for(user=cast(User, request.user), number=number)


class ChangeList(ApiView):
    """All changes the person sees."""

    writes = frozenset({Scope.PROPOSE})

    @extend_schema(
        operation_id="changes_list",
        parameters=[
            *PAGING,
            OpenApiParameter("state", str, many=True, explode=False, description="Any of these."),
            OpenApiParameter("kind", str, enum=SubjectKind.values),
            OpenApiParameter("subject", str, description="Key of the journey, asset or taxonomy."),
            OpenApiParameter("author", str, description="E-mail address, or “me”."),
        ],
        responses={200: page_of(outputs.ChangeOut, "Change"), **refusals(400)},
        tags=["changes"],
    )
    def get(self, request: Request) -> Response:
        """List changes, the newest first."""
        user = cast(User, request.user)
        wanted = self.filters(request, inputs.ChangeFilters)
        found = about(user, Change.objects.listed_for(user), wanted)
        if wanted.get("state"):
            found = found.filter(state__in=wanted["state"])
        if author := wanted.get("author"):
            found = (
                found.filter(author=user)
                if author == "me"
                else found.filter(author__email=author.lower())
            )
        pages = CursorPages({"number": int}, descending=True)
        page = pages.rows_of(found.values(*rows.CHANGE_FIELDS), request)
        return Response(pages.body(map(rows.change_row, page)))

    @extend_schema(
        operation_id="changes_open",
        parameters=[IDEMPOTENCY_KEY],
        request=inputs.ChangeIn,
        responses={201: outputs.ChangeDetailOut, **refusals(400, 403, 404, 409, 413, 415)},
        tags=["changes"],
    )
    def post(self, request: Request) -> Response:
        """Open a draft on the live version of a journey, asset or taxonomy."""
        body, user = self.read(request, inputs.ChangeIn), cast(User, request.user)
        change = services.open_change(
            kind=body["subject"]["kind"],
            key=body["subject"]["key"],
            title=body["title"],
            rationale=body["rationale"],
            hypothesis=body["hypothesis"],
            emergency=body["emergency"],
            actor=user,
            repeat=repeat_of(request),
        )
        return opened(change, user)


def about(user: User, found: "QuerySet[Any]", wanted: dict[str, Any]) -> "QuerySet[Any]":
    """Rows about the wanted kind of subject, or the subject of that key."""
    kinds = [wanted["kind"]] if "kind" in wanted else SubjectKind.values
    if "subject" in wanted:
        named = Q(pk__in=[])
        for kind, pk in ids_of_key(user, wanted["subject"], kinds).items():
            named |= Q(**{kind: pk})
        return found.filter(named)
    return found.filter(kind=wanted["kind"]) if "kind" in wanted else found


def opened(change: Change, user: User) -> Response:
    """The answer to a call that opened a change."""
    return Response(
        rows.change_detail(change, user),
        status=201,
        headers={
            "Location": reverse("api-change", args=[change.number]),
            "ETag": etag(change.digest),
        },
    )


class ChangeDetail(ChangeApi):
    """One change."""

    writes = frozenset({Scope.PROPOSE})

    @extend_schema(
        operation_id="changes_read",
        responses={200: outputs.ChangeDetailOut, **refusals(404)},
        tags=["changes"],
    )
    def get(self, request: Request, number: int) -> Response:
        """A change, and what you may do with it now."""
        user = cast(User, request.user)
        return Response(rows.change_detail(self.change(request, number), user))

    @extend_schema(
        operation_id="changes_describe",
        request=inputs.ChangePatch,
        responses={
            200: outputs.ChangeDetailOut,
            **refusals(400, 403, 404, 409, 413, 415),
        },
        tags=["changes"],
    )
    def patch(self, request: Request, number: int) -> Response:
        """Say anew what a draft is about, or one that was sent back: title, why, what to expect,
        and whether it is an emergency."""
        body, user = self.read(request, inputs.ChangePatch), cast(User, request.user)
        services.describe_change(number=number, actor=user, **body)
        return Response(rows.change_detail(self.change(request, number), user))


class ChangeDocument(ChangeApi):
    """The document a change proposes."""

    writes = frozenset({Scope.PROPOSE})

    @extend_schema(
        operation_id="changes_document",
        parameters=[
            ETAG,
            OpenApiParameter("If-None-Match", str, OpenApiParameter.HEADER),
        ],
        responses={200: OpenApiTypes.OBJECT, 304: None, **refusals(404)},
        tags=["changes"],
    )
    def get(self, request: Request, number: int) -> Response:
        """The proposed document; its ETag is its digest."""
        change = self.change(request, number)
        revision = change.revisions.get(number=change.revision)
        return document_response(request, change.digest, revision.document)

    @extend_schema(
        operation_id="changes_document_replace",
        parameters=[IF_MATCH, ETAG],
        request=OpenApiTypes.OBJECT,
        responses={
            200: outputs.Position,
            **refusals(400, 403, 404, 409, 412, 413, 415, 422, 428),
        },
        tags=["changes"],
    )
    def put(self, request: Request, number: int) -> Response:
        """Put a whole document in place of the proposed one."""
        change = services.replace_document(
            number=number,
            actor=cast(User, request.user),
            raw=request.data,
            expected_digest=require_match(request),
        )
        return edited(change)


def edited(change: Change) -> Response:
    """The answer to a call that saved a revision."""
    return Response(rows.position(change), headers={"ETag": etag(change.digest)})


class ChangeEdits(ChangeApi):
    """Edits of single elements."""

    writes = frozenset({Scope.PROPOSE})

    @extend_schema(
        operation_id="changes_edit",
        parameters=[IF_MATCH, ETAG],
        request=inputs.EditIn(many=True),
        responses={
            200: outputs.Position,
            **refusals(400, 403, 404, 409, 412, 413, 415, 422),
        },
        tags=["changes"],
    )
    def post(self, request: Request, number: int) -> Response:
        """Edit elements of the proposed document: all of the edits or, with a refusal, none."""
        change = services.edit_change(
            number=number,
            actor=cast(User, request.user),
            # What is no list of edits the document engine refuses itself, with its place.
            edits=cast(list[dict[str, Any]], request.data),
            expected_digest=read_match(request) or "",
        )
        return edited(change)
