"""Calls on journeys that open a change."""

from typing import cast

from django.urls import reverse
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
from governance.subjects import subject_of
from journeys.api import JourneyList
from people.models import User


class JourneyCollection(JourneyList):
    """Journeys, and the way to a new one."""

    writes = frozenset({Scope.PROPOSE})

    @extend_schema(
        operation_id="journeys_create",
        parameters=[IDEMPOTENCY_KEY],
        request=inputs.JourneyIn,
        responses={201: outputs.NewJourneyOut, **refusals(400, 403, 409, 413, 415, 422)},
        tags=["journeys"],
    )
    def post(self, request: Request) -> Response:
        """Start a journey that is not live, together with the change that would make it so."""
        body, user = self.read(request, inputs.JourneyIn), cast(User, request.user)
        change = services.create_journey(
            key=body["key"],
            raw=body["document"],
            title=body["title"],
            rationale=body["rationale"],
            is_restricted=body["is_restricted"],
            actor=user,
            repeat=repeat_of(request),
        )
        journey = subject_of(change)
        return Response(
            {
                "key": journey.key,
                "name": journey.name,
                "is_restricted": journey.is_restricted,
                "live_version": None,
                "change": rows.change_detail(change, user),
            },
            status=201,
            headers={"Location": reverse("api-journey", args=[journey.key])},
        )


class StepContent(ApiView):
    """Content for a slot of a live step."""

    writes = frozenset({Scope.PROPOSE})

    @extend_schema(
        operation_id="journeys_submit_content",
        parameters=[IDEMPOTENCY_KEY],
        request=inputs.ContentIn,
        responses={201: outputs.ChangeDetailOut, **refusals(400, 403, 404, 409, 413, 415, 422)},
        tags=["journeys"],
    )
    def post(self, request: Request, key: str, step: str) -> Response:
        """Submit content for a step: opens the change, binds the version and asks for review."""
        body, user = self.read(request, inputs.ContentIn), cast(User, request.user)
        change = services.submit_content(
            journey_key=key,
            step_key=step,
            slot=body["slot"],
            asset_key=body["asset"],
            version=body["version"],
            document=body["document"],
            title=body["title"],
            rationale=body["rationale"],
            hypothesis=body["hypothesis"],
            as_draft=body["as_draft"],
            actor=user,
            repeat=repeat_of(request),
        )
        return opened(change, user)
