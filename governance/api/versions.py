"""Versions of a journey or an asset: two of them compared, one of them brought back."""

from typing import cast

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from cjops.core.api import refusals
from cjops.core.api.views import ApiView
from cjops.core.scopes import Scope
from governance import services
from governance.api import inputs, outputs, rows
from governance.api.changes import opened
from governance.api.repeats import IDEMPOTENCY_KEY, repeat_of
from governance.comparisons import compare_versions
from people.models import User


class JourneyCompare(ApiView):
    """What differs between two versions of a journey."""

    @extend_schema(
        operation_id="journeys_compare",
        responses={200: outputs.ComparisonOut, **refusals(404)},
        tags=["journeys"],
    )
    def get(self, request: Request, key: str, a: int, b: int) -> Response:
        """What leads from version a to version b, the newer or the older one: in words, and hunk
        by hunk. Nothing for a version compared with itself."""
        user = cast(User, request.user)
        found = compare_versions(user=user, kind="journey", key=key, a=a, b=b)
        return Response(
            {
                "from": {"number": found.before.number, "digest": found.before.digest},
                "to": {"number": found.after.number, "digest": found.after.digest},
                "summary": found.words,
                "hunks": [
                    {**rows.hunk(hunk), "mark": found.marks[hunk.element, hunk.key]}
                    for hunk in found.hunks
                ],
            }
        )


class JourneyRestore(ApiView):
    """An earlier version of a journey, brought back by a change."""

    writes = frozenset({Scope.PROPOSE})

    @extend_schema(
        operation_id="journeys_restore",
        parameters=[IDEMPOTENCY_KEY],
        request=inputs.RestoreIn,
        responses={201: outputs.ChangeDetailOut, **refusals(400, 403, 404, 409, 413, 415, 422)},
        tags=["journeys"],
    )
    def post(self, request: Request, key: str, number: int) -> Response:
        """Open a draft that makes the live journey, or only some elements of it, what that version
        said. It is decided on and published like any other change."""
        return restored(self, request, "journey", key, number)


class AssetRestore(ApiView):
    """An earlier version of an asset, brought back by a change."""

    writes = frozenset({Scope.PROPOSE})

    @extend_schema(
        operation_id="assets_restore",
        parameters=[IDEMPOTENCY_KEY],
        request=inputs.RestoreIn,
        responses={201: outputs.ChangeDetailOut, **refusals(400, 403, 404, 409, 413, 415, 422)},
        tags=["assets"],
    )
    def post(self, request: Request, key: str, number: int) -> Response:
        """Open a draft that makes the live asset, or only some languages of it, what that version
        said."""
        return restored(self, request, "asset", key, number)


def restored(view: ApiView, request: Request, kind: str, key: str, number: int) -> Response:
    """The answer to a call that brings a version back."""
    repeat = repeat_of(request)
    body, user = view.read(request, inputs.RestoreIn), cast(User, request.user)
    chosen = body["elements"]
    change = services.restore_version(
        kind=kind,
        key=key,
        number=number,
        actor=user,
        elements=None if chosen is None else [(one["element"], one["key"]) for one in chosen],
        title=body["title"],
        rationale=body["rationale"],
        repeat=repeat,
    )
    return opened(change, user)
