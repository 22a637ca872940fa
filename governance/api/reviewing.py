"""The reviewer's side of a change: what they have ticked off, and what they suggest."""

from typing import cast

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from cjops.core.api import CursorPages, refusals
from cjops.core.api.views import PAGING, page_of
from cjops.core.scopes import Scope
from governance import queries, services
from governance.api import inputs, outputs, rows
from governance.api.changes import ChangeApi
from governance.api.repeats import IDEMPOTENCY_KEY, repeat_of
from governance.proposals import proposal_of
from people.models import User


class ChangeViewed(ChangeApi):
    """What you have ticked off."""

    @extend_schema(
        operation_id="changes_viewed",
        responses={200: outputs.ViewedOut, **refusals(404)},
        tags=["changes"],
    )
    def get(self, request: Request, number: int) -> Response:
        """The hunks of the newest revision that you have ticked off; nobody else sees which."""
        change = self.change(request, number)
        digests = proposal_of(change).digests
        viewed = queries.viewed_digests(cast(User, request.user), change) & digests
        return Response({**rows.position(change), "viewed": sorted(viewed), "total": len(digests)})


class ChangeViewedHunk(ChangeApi):
    """One hunk that you have ticked off, or not."""

    writes = frozenset({Scope.REVIEW})

    @extend_schema(
        operation_id="changes_tick",
        request=None,
        responses={200: outputs.TickOut, **refusals(400, 404, 409, 413, 415)},
        tags=["changes"],
    )
    def put(self, request: Request, number: int, digest: str) -> Response:
        """Tick a hunk off; a second time changes nothing."""
        self.read(request, inputs.TickIn)
        return self._set(request, number, digest, is_viewed=True)

    @extend_schema(
        operation_id="changes_untick",
        responses={200: outputs.TickOut, **refusals(400, 404, 409)},
        tags=["changes"],
    )
    def delete(self, request: Request, number: int, digest: str) -> Response:
        """Take the tick back."""
        return self._set(request, number, digest, is_viewed=False)

    def _set(self, request: Request, number: int, digest: str, *, is_viewed: bool) -> Response:
        user = cast(User, request.user)
        viewed = services.set_viewed(number=number, actor=user, digest=digest, is_viewed=is_viewed)
        return Response(
            {
                "digest": digest,
                "viewed": is_viewed,
                "done": viewed.done,
                "total": viewed.total,
            }
        )


class ChangeSuggestions(ChangeApi):
    """Edits that people suggest to the author."""

    writes = frozenset({Scope.REVIEW})

    @extend_schema(
        operation_id="changes_suggestions",
        parameters=PAGING,
        responses={200: page_of(outputs.SuggestionOut, "Suggestion"), **refusals(400, 404)},
        tags=["changes"],
    )
    def get(self, request: Request, number: int) -> Response:
        """List the suggestions, the oldest first."""
        change = self.change(request, number)
        found = change.suggestions.select_related("author", "decided_by")
        pages = CursorPages()
        page = pages.rows_of(found, request)
        proposed = proposal_of(change).proposed if page else {}
        return Response(pages.body(rows.suggestion(one, change.kind, proposed) for one in page))

    @extend_schema(
        operation_id="changes_suggest",
        parameters=[IDEMPOTENCY_KEY],
        request=inputs.SuggestionIn,
        responses={
            201: outputs.SuggestionOut,
            **refusals(400, 403, 404, 409, 412, 413, 415, 422),
        },
        tags=["changes"],
    )
    def post(self, request: Request, number: int) -> Response:
        """Suggest other values for one element; the author applies it, or says why not."""
        repeat = repeat_of(request)
        body = self.read(request, inputs.SuggestionIn)
        suggestion = services.suggest(
            number=number,
            actor=cast(User, request.user),
            edits=body["edits"],
            comment=body["comment"],
            expected_digest=body["digest"],
            repeat=repeat,
        )
        change = self.change(request, number)
        proposed = proposal_of(change).proposed
        return Response(
            rows.suggestion(suggestion, change.kind, proposed),
            status=201,
            headers={"Location": reverse("api-change-suggestions", args=[number])},
        )


class SuggestionApply(ChangeApi):
    """Taking a suggestion up."""

    writes = frozenset({Scope.PROPOSE})

    @extend_schema(
        operation_id="changes_suggestion_apply",
        parameters=[IDEMPOTENCY_KEY],
        request=inputs.ApplyIn,
        responses={
            200: outputs.StepTakenOut,
            **refusals(400, 403, 404, 409, 412, 413, 415, 422),
        },
        tags=["changes"],
    )
    def post(self, request: Request, number: int, suggestion: int) -> Response:
        """Make it part of a new revision by you, the author; 409 where its element has changed."""
        repeat = repeat_of(request)
        body = self.read(request, inputs.ApplyIn)
        entry = services.apply_suggestion(
            number=number,
            suggestion=suggestion,
            actor=cast(User, request.user),
            expected_digest=body["digest"],
            repeat=repeat,
        )
        return Response(rows.step_taken(entry))


class SuggestionDecline(ChangeApi):
    """Not taking a suggestion up."""

    writes = frozenset({Scope.PROPOSE})

    @extend_schema(
        operation_id="changes_suggestion_decline",
        parameters=[IDEMPOTENCY_KEY],
        request=inputs.DeclineIn,
        responses={200: outputs.StepTakenOut, **refusals(400, 403, 404, 409, 412, 413, 415)},
        tags=["changes"],
    )
    def post(self, request: Request, number: int, suggestion: int) -> Response:
        """Say why not; whoever suggested it hears of it."""
        repeat = repeat_of(request)
        body = self.read(request, inputs.DeclineIn)
        entry = services.decline_suggestion(
            number=number,
            suggestion=suggestion,
            actor=cast(User, request.user),
            comment=body["comment"],
            expected_digest=body["digest"],
            repeat=repeat,
        )
        return Response(rows.step_taken(entry))


class SuggestionWithdraw(ChangeApi):
    """Taking a suggestion back."""

    writes = frozenset({Scope.REVIEW})

    @extend_schema(
        operation_id="changes_suggestion_withdraw",
        parameters=[IDEMPOTENCY_KEY],
        request=None,
        responses={200: outputs.StepTakenOut, **refusals(400, 403, 404, 409, 413, 415)},
        tags=["changes"],
    )
    def post(self, request: Request, number: int, suggestion: int) -> Response:
        """Take back what you suggested, while nobody has answered it."""
        repeat = repeat_of(request)
        self.read(request, inputs.TickIn)
        entry = services.withdraw_suggestion(
            number=number,
            suggestion=suggestion,
            actor=cast(User, request.user),
            repeat=repeat,
        )
        return Response(rows.step_taken(entry))
