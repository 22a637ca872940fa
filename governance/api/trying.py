"""Replays, and how those who decide get on."""

from datetime import datetime
from typing import Any, cast

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from cjops.core.api import CursorPages, refusals
from cjops.core.api.fields import Input, Moment
from cjops.core.api.views import PAGING, ApiView, page_of
from cjops.core.errors import Invalid, NotFound
from cjops.core.scopes import Scope
from governance.api.outputs import PersonOut
from governance.models import Replay, ReplayRow
from governance.presenting.replays import FILTERS, rows_for
from governance.queries.health import Fragile, Standing, health
from governance.services import replaying
from governance.stewardship import can_try
from people.models import User

Out = serializers.Serializer[Any]
Row = dict[str, Any]
MOST_DAYS = 365


class ReplayIn(Input):
    """Which policies on which changes; the policies as YAML text, as an export writes them, or as
    definitions."""

    text = serializers.CharField(required=False, default="", trim_whitespace=False)
    definitions = serializers.ListField(
        child=serializers.JSONField(), required=False, default=list, max_length=1_000
    )
    only = serializers.BooleanField(
        default=False, help_text="Policies that are not named would end; else they stay."
    )
    since = Moment()
    until = Moment(required=False, allow_null=True, default=None)
    title = serializers.CharField(
        required=False, default="", allow_blank=True, max_length=replaying.LONGEST_TITLE
    )


class ReplayOut(Out):
    """A replay, and what came of it so far."""

    id = serializers.IntegerField()
    title = serializers.CharField()
    state = serializers.ChoiceField(Replay.State.choices)
    asked_by = PersonOut()
    since = serializers.DateTimeField()
    until = serializers.DateTimeField()
    total = serializers.IntegerField(help_text="How many changes there are.")
    done = serializers.IntegerField(help_text="How many have been looked at.")
    summary = serializers.DictField(
        help_text="changes, differ, added, removed, altered, gaps, deadlocks, unreadable, extra, "
        "saved; desks: kind, key, month, approvals more and fewer."
    )
    error = serializers.CharField()
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)


class ReplayRowOut(Out):
    """One change about which other things would be asked."""

    id = serializers.IntegerField()
    change = serializers.IntegerField()
    title = serializers.CharField()
    gap = serializers.BooleanField(help_text="Nobody would have decided on it or on a part.")
    deadlock = serializers.BooleanField(help_text="Somebody would be asked who is not there.")
    added = serializers.ListField(child=serializers.CharField())
    removed = serializers.ListField(child=serializers.CharField())
    altered = serializers.ListField(child=serializers.CharField())
    stuck = serializers.ListField(child=serializers.CharField())
    uncovered = serializers.IntegerField(help_text="Parts that nobody would be asked about.")
    extra = serializers.FloatField()
    saved = serializers.FloatField()


class ReplayRowsIn(Input):
    """Which of the rows."""

    only = serializers.ChoiceField(list(FILTERS), required=False)


class HealthIn(Input):
    """Which team, and how far back."""

    team = serializers.CharField(required=False, default="")
    days = serializers.IntegerField(required=False, default=90, min_value=1, max_value=MOST_DAYS)


class StandingOut(Out):
    """How a team or a person gets on; hours are working hours."""

    key = serializers.CharField(help_text="Of the team, or the e-mail address.")
    name = serializers.CharField()
    waiting = serializers.IntegerField()
    overdue = serializers.IntegerField()
    decided = serializers.IntegerField()
    median_hours = serializers.FloatField(allow_null=True)
    p90_hours = serializers.FloatField(allow_null=True)
    load = serializers.FloatField(
        allow_null=True, help_text="Open decisions for each who could; null: nobody could."
    )


class FragileOut(Out):
    """A place at which one person could decide, or nobody."""

    kind = serializers.ChoiceField(
        ["channel", "team", "journey", "need"],
        help_text="need: a decision that a policy asks for; the key is that of the policy.",
    )
    key = serializers.CharField()
    name = serializers.CharField()
    people = serializers.ListField(child=serializers.CharField())


class HealthOut(Out):
    """How those who decide get on."""

    teams = StandingOut(many=True)
    people = StandingOut(many=True)
    fragile = FragileOut(many=True)
    fragile_total = serializers.IntegerField()


class ReplayCollection(ApiView):
    """All replays."""

    writes = frozenset({Scope.PROPOSE})

    @extend_schema(
        operation_id="replays_list",
        parameters=PAGING,
        responses={200: page_of(ReplayOut, "Replays"), **refusals(400, 403)},
        tags=["policies"],
    )
    def get(self, request: Request) -> Response:
        """List replays, the newest first."""
        can_try(cast(User, request.user)).require()
        pages = CursorPages({"pk": int}, descending=True)
        replays = Replay.objects.select_related("asked_by").defer("candidate")
        rows = pages.rows_of(replays, request)
        return Response(pages.body(replay_row(row) for row in rows))

    @extend_schema(
        operation_id="replays_start",
        request=ReplayIn,
        responses={201: ReplayOut, **refusals(400, 403, 409, 413, 415, 422)},
        tags=["policies"],
    )
    def post(self, request: Request) -> Response:
        """Try policies on the changes submitted in a period; runs in the background."""
        user = cast(User, request.user)
        can_try(user).require()
        body = self.read(request, ReplayIn)
        replay = replaying.start_replay(
            candidate=_candidate(body),
            since=body["since"],
            until=body["until"] or timezone.now(),
            title=body["title"],
            actor=user,
        )
        address = reverse("api-replay", args=[replay.pk])
        return Response(replay_row(replay), status=201, headers={"Location": address})


def _candidate(body: Row) -> list[Any]:
    text, definitions = body["text"], body["definitions"]
    if bool(text.strip()) is bool(definitions):
        raise Invalid(
            _("Name the policies that are to be tried."),
            errors={"text": [_("Send either the text or the definitions.")]},
        )
    if text.strip():
        return list(replaying.candidate_from_text(text, only=body["only"]))
    named = {str(one.get("key")): one for one in definitions if isinstance(one, dict)}
    if len(named) < len(definitions):
        raise Invalid(
            _("These are no policies."),
            errors={"definitions": [_("Each is an object with a key of its own.")]},
        )
    return list(replaying.candidate_with(named, only=body["only"]))


class ReplayDetail(ApiView):
    """One replay."""

    @extend_schema(
        operation_id="replays_get",
        responses={200: ReplayOut, **refusals(403, 404)},
        tags=["policies"],
    )
    def get(self, request: Request, pk: int) -> Response:
        """How far it is, and what came of it."""
        return Response(replay_row(_replay(request, pk)))


class ReplayRows(ApiView):
    """What differs, change by change."""

    @extend_schema(
        operation_id="replays_rows",
        parameters=[*PAGING, ReplayRowsIn],
        responses={200: page_of(ReplayRowOut, "ReplayRows"), **refusals(400, 403, 404)},
        tags=["policies"],
    )
    def get(self, request: Request, pk: int) -> Response:
        """The changes that differ, of those you see."""
        replay = _replay(request, pk)
        only = self.filters(request, ReplayRowsIn).get("only", "")
        pages = CursorPages({"pk": int})
        rows = pages.rows_of(rows_for(replay, cast(User, request.user), only), request)
        return Response(pages.body(_row(row) for row in rows))


class ApproverHealth(ApiView):
    """Those who decide."""

    @extend_schema(
        operation_id="policies_health",
        parameters=[HealthIn],
        responses={200: HealthOut, **refusals(400, 403)},
        tags=["policies"],
    )
    def get(self, request: Request) -> Response:
        """What waits for teams and people, how long they take, and where one person is all."""
        user = cast(User, request.user)
        can_try(user).require()
        said = self.filters(request, HealthIn)
        found = health(user, days=said["days"], team=said["team"])
        return Response(
            {
                "teams": [_standing(one) for one in found.teams],
                "people": [_standing(one) for one in found.people],
                "fragile": [_fragile(one) for one in found.fragile],
                "fragile_total": found.fragile_total,
            }
        )


def _replay(request: Request, pk: int) -> Replay:
    can_try(cast(User, request.user)).require()
    found = Replay.objects.select_related("asked_by").filter(pk=pk).first()
    if found is None:
        raise NotFound(_("There is nothing at this address that you can see."))
    return found


# Members of the summary that only the worker reads.
OF_WORKER = {"run", "stamp", "at", "told_at"}


def replay_row(replay: Replay) -> Row:
    """A replay as the API shows it."""
    finished: datetime | None = replay.finished_at
    return {
        "id": replay.pk,
        "title": replay.title,
        "state": replay.state,
        "asked_by": {"email": replay.asked_by.email, "name": replay.asked_by.name},
        "since": replay.since,
        "until": replay.until,
        "total": replay.total,
        "done": replay.done,
        "summary": {k: v for k, v in replay.summary.items() if k not in OF_WORKER},
        "error": replay.error,
        "created_at": replay.created_at,
        "finished_at": finished,
    }


def _row(row: ReplayRow) -> Row:
    return {
        "id": row.pk,
        "change": row.change_id,
        "title": row.change.title,
        "gap": row.gap,
        "deadlock": row.deadlock,
        **row.difference,
    }


def _standing(one: Standing) -> Row:
    return {
        "key": one.key,
        "name": one.name,
        "waiting": one.waiting,
        "overdue": one.overdue,
        "decided": one.decided,
        "median_hours": one.median,
        "p90_hours": one.p90,
        "load": one.load,
    }


def _fragile(one: Fragile) -> Row:
    return {"kind": one.kind, "key": one.key, "name": one.name, "people": list(one.people)}
