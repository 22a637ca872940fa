"""Pausing and stopping what is live, over the API; and what is halted of a journey."""

from collections.abc import Callable
from typing import Any, cast

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

import journeys.api
from cjops.core.api import refusals
from cjops.core.api.views import ApiView
from cjops.core.scopes import Scope
from governance import halts, services
from governance.api import inputs
from governance.api.outputs import EntryRef, PersonOut
from governance.api.repeats import IDEMPOTENCY_KEY, repeat_of
from governance.api.rows import person
from governance.models import Halt, LedgerEntry
from governance.subjects import subject_of
from journeys.models import Journey
from people.models import User


class HaltOut(serializers.Serializer[Any]):
    """What is paused or stopped."""

    kind = serializers.ChoiceField(Halt.Kind.values)
    step = serializers.CharField(help_text="Its key; empty for the whole journey.")
    reason = serializers.CharField()
    by = PersonOut()
    at = serializers.DateTimeField()


class HaltedOut(serializers.Serializer[Any]):
    """What is halted after the call."""

    key = serializers.CharField()
    entry = EntryRef()
    halts = HaltOut(many=True)


class JourneyDetailOut(journeys.api.JourneyDetailOut):
    """A journey, its people and what of it is halted."""

    halts = HaltOut(many=True)


class JourneyDetail(journeys.api.JourneyDetail):
    """One journey, with what of it is halted."""

    @extend_schema(
        operation_id="journeys_read",
        responses={200: JourneyDetailOut, **refusals(404)},
        tags=["journeys"],
    )
    def get(self, request: Request, key: str) -> Response:
        """A journey, its people and its halts. The document is with its live version."""
        answer = super().get(request, key)
        found = Halt.objects.filter(journey__key=key, ended_at=None).select_related("by")
        answer.data["halts"] = [halt_row(halt) for halt in found.order_by("step", "pk")]
        return answer


class JourneyHalt(ApiView):
    """Pausing and stopping."""

    writes = frozenset({Scope.PUBLISH})

    # Whoever has the right stops it, however often they have called.
    throttle_classes = ()

    @extend_schema(
        operation_id="journeys_halt",
        parameters=[IDEMPOTENCY_KEY],
        request=inputs.HaltIn,
        responses={200: HaltedOut, **refusals(400, 403, 404, 409, 413, 415)},
        tags=["journeys"],
    )
    def post(self, request: Request, key: str) -> Response:
        """Pause or stop a live journey, or one step of it; at once, without any approval."""
        return _done(request, key, services.halt, self.read(request, inputs.HaltIn))


class JourneyResume(ApiView):
    """Letting it go on."""

    writes = frozenset({Scope.PUBLISH})

    @extend_schema(
        operation_id="journeys_resume",
        parameters=[IDEMPOTENCY_KEY],
        request=inputs.ResumeIn,
        responses={200: HaltedOut, **refusals(400, 403, 404, 409, 413, 415)},
        tags=["journeys"],
    )
    def post(self, request: Request, key: str) -> Response:
        """Let a halted journey, or a halted step of it, go on."""
        return _done(request, key, services.resume, self.read(request, inputs.ResumeIn))


def _done(
    request: Request, key: str, act: Callable[..., LedgerEntry], body: dict[str, Any]
) -> Response:
    actor = cast(User, request.user)
    entry = act(journey_key=key, actor=actor, repeat=repeat_of(request), **body)
    journey = cast(Journey, subject_of(entry))
    return Response(
        {
            "key": journey.key,
            "entry": {"id": entry.pk, "at": entry.at, "action": entry.action},
            "halts": [halt_row(halt) for halt in halts.open_halts(journey)],
        }
    )


def halt_row(halt: Halt) -> dict[str, Any]:
    """What is halted, since when and why."""
    return {
        "kind": halt.kind,
        "step": halt.step,
        "reason": halt.reason,
        "by": person(halt.by),
        "at": halt.at,
    }
