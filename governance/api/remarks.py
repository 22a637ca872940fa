"""Comments on passages of content: reading, saying, answering, resolving."""

from typing import Any, cast

from django.db.models import TextChoices
from django.urls import reverse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from cjops.core.api import CursorPages, refusals
from cjops.core.api.fields import Flag, Input, Text
from cjops.core.api.views import PAGING, page_of
from cjops.core.scopes import Scope
from governance import queries, services
from governance.api import inputs, outputs, rows
from governance.api.changes import ChangeApi
from governance.api.repeats import IDEMPOTENCY_KEY, repeat_of
from governance.models import Remark
from people.models import User

PLACE_LENGTH = 300


class RemarkState(TextChoices):
    """How a thread stands."""

    OPEN = "open"
    RESOLVED = "resolved"


class RemarkFilters(Input):
    """Which comments to list."""

    place = Text(required=False, max_length=PLACE_LENGTH)


class AnswerIn(Input):
    """What to say in a thread."""

    text = Text(max_length=10_000)
    draft = Flag(
        required=False, default=False, help_text="Keep it back until you send your review."
    )


class RemarkIn(AnswerIn):
    """A comment on a passage."""

    place = Text(
        max_length=PLACE_LENGTH,
        help_text="The content: renditions/zh-hans of an asset, steps/welcome/body/en of a step.",
    )
    passage = Text(
        max_length=40, help_text="A field, such as field:subject, or the name of a passage."
    )


class RemarkOut(outputs.Out):
    """A comment on a passage, or an answer to one."""

    id = serializers.IntegerField()
    place = serializers.CharField()
    passage = serializers.CharField()
    quote = serializers.CharField(help_text="What the passage said then.")
    thread = serializers.IntegerField(allow_null=True, help_text="The comment it answers.")
    revision = serializers.IntegerField()
    author = outputs.PersonOut()
    text = serializers.CharField()
    draft = serializers.BooleanField(help_text="Nobody else sees it yet.")
    created_at = serializers.DateTimeField()
    state = serializers.ChoiceField(RemarkState.choices, help_text="Of the whole thread.")
    resolved_by = outputs.PersonOut(allow_null=True)
    resolved_at = serializers.DateTimeField(allow_null=True)


def remark_row(remark: Remark) -> rows.Row:
    """A comment as calls answer it."""
    first = remark.thread or remark
    is_resolved = first.resolved_at is not None
    return {
        "id": remark.pk,
        "place": remark.place,
        "passage": remark.passage,
        "quote": remark.quote,
        "thread": remark.thread_id,
        "revision": remark.revision,
        "author": rows.person(remark.author),
        "text": remark.text,
        "draft": remark.is_draft,
        "created_at": remark.created_at,
        "state": RemarkState.RESOLVED if is_resolved else RemarkState.OPEN,
        "resolved_by": rows.person(first.resolved_by) if first.resolved_by else None,
        "resolved_at": first.resolved_at,
    }


class ChangeRemarks(ChangeApi):
    """What is said of passages of the content of a change."""

    writes = frozenset({Scope.REVIEW})

    @extend_schema(
        operation_id="changes_remarks",
        parameters=[
            *PAGING,
            OpenApiParameter("place", str, description="Only those on the content there."),
        ],
        responses={200: page_of(RemarkOut, "Remark"), **refusals(400, 404)},
        tags=["changes"],
    )
    def get(self, request: Request, number: int) -> Response:
        """List the comments on passages, the oldest first; drafts are yours alone."""
        change = self.change(request, number)
        place = self.filters(request, RemarkFilters).get("place", "")
        found = queries.remarks_for(change, cast(User, request.user), place)
        pages = CursorPages({"pk": int})
        return Response(pages.body(map(remark_row, pages.rows_of(found, request))))

    @extend_schema(
        operation_id="changes_remark",
        parameters=[IDEMPOTENCY_KEY],
        request=RemarkIn,
        responses={201: RemarkOut, **refusals(400, 403, 404, 409, 413, 415, 422)},
        tags=["changes"],
    )
    def post(self, request: Request, number: int) -> Response:
        """Comment on a passage of the content; 422 where it is not there any more."""
        repeat = repeat_of(request)
        body = self.read(request, RemarkIn)
        remark = services.say_about(
            number=number,
            actor=cast(User, request.user),
            place=body["place"],
            passage=body["passage"],
            text=body["text"],
            as_draft=body["draft"],
            repeat=repeat,
        )
        return _made(remark, number)


class RemarkDetail(ChangeApi):
    """A comment that nobody else has seen."""

    writes = frozenset({Scope.REVIEW})

    @extend_schema(
        operation_id="changes_remark_discard",
        responses={204: None, **refusals(404, 409)},
        tags=["changes"],
    )
    def delete(self, request: Request, number: int, remark: int) -> Response:
        """Take back a draft; what was sent stays (409)."""
        services.discard(number=number, actor=cast(User, request.user), remark=remark)
        return Response(status=204)


class RemarkAnswers(ChangeApi):
    """Answers in a thread."""

    writes = frozenset({Scope.REVIEW})

    @extend_schema(
        operation_id="changes_remark_answer",
        parameters=[IDEMPOTENCY_KEY],
        request=AnswerIn,
        responses={201: RemarkOut, **refusals(400, 403, 404, 409, 413, 415, 422)},
        tags=["changes"],
    )
    def post(self, request: Request, number: int, remark: int) -> Response:
        """Answer a comment; who spoke in the thread hears of it."""
        repeat = repeat_of(request)
        body = self.read(request, AnswerIn)
        made = services.answer(
            number=number,
            actor=cast(User, request.user),
            remark=remark,
            text=body["text"],
            as_draft=body["draft"],
            repeat=repeat,
        )
        return _made(made, number)


class RemarkThread(ChangeApi):
    """Whether a thread is settled."""

    writes = frozenset({Scope.REVIEW})
    is_open = False

    def _settled(self, request: Request, number: int, remark: int) -> Response:
        self.read(request, inputs.TickIn)
        found = services.resolve_thread(
            number=number, actor=cast(User, request.user), remark=remark, is_open=self.is_open
        )
        return Response(remark_row(found))


class RemarkResolve(RemarkThread):
    """Settling a thread."""

    @extend_schema(
        operation_id="changes_remark_resolve",
        request=None,
        responses={200: RemarkOut, **refusals(400, 403, 404, 409, 413, 415)},
        tags=["changes"],
    )
    def post(self, request: Request, number: int, remark: int) -> Response:
        """Say that the thread is settled; a second time changes nothing."""
        return self._settled(request, number, remark)


class RemarkReopen(RemarkThread):
    """Opening a thread again."""

    is_open = True

    @extend_schema(
        operation_id="changes_remark_reopen",
        request=None,
        responses={200: RemarkOut, **refusals(400, 403, 404, 409, 413, 415)},
        tags=["changes"],
    )
    def post(self, request: Request, number: int, remark: int) -> Response:
        """Say that the thread is not settled after all; a second time changes nothing."""
        return self._settled(request, number, remark)


def _made(remark: Remark, number: int) -> Response:
    headers: dict[str, Any] = {"Location": reverse("api-change-remarks", args=[number])}
    return Response(remark_row(remark), status=201, headers=headers)
