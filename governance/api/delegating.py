"""Stand-ins over the API, and “I am looking at it”."""

from typing import Any, cast

from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from cjops.core.api import CursorPages, refusals
from cjops.core.api.views import PAGING, ApiView, page_of
from cjops.core.errors import Invalid
from cjops.core.scopes import Scope
from governance import queries, services
from governance.api import decision_outputs, inputs, rows
from governance.api.changes import ChangeApi
from governance.models import Delegation
from journeys.models import Journey
from people.models import Channel, Team, User


class DelegationCollection(ApiView):
    """Who decides for whom."""

    writes = frozenset({Scope.REVIEW})

    @extend_schema(
        operation_id="delegations_list",
        parameters=PAGING,
        responses={200: page_of(decision_outputs.DelegationOut, "Delegation"), **refusals(400)},
        tags=["delegations"],
    )
    def get(self, request: Request) -> Response:
        """List what you handed on and what was handed to you, the newest first; a governance lead
        reads everybody's."""
        user = cast(User, request.user)
        found = queries.delegations_of(user)
        if user.has_perm("governance.manage_policies"):
            found = found | queries.delegations_of_others(user)
        pages = CursorPages(descending=True)
        page = pages.rows_of(found.order_by(), request)
        seen = queries.journeys_seen(page, user)
        return Response(pages.body(rows.delegation(row, seen) for row in page))

    @extend_schema(
        operation_id="delegations_add",
        request=inputs.DelegationIn,
        responses={201: decision_outputs.DelegationOut, **refusals(400, 403, 409, 413, 415)},
        tags=["delegations"],
    )
    def post(self, request: Request) -> Response:
        """Let somebody decide in your place for a time; a governance lead, in anybody's."""
        body, user = self.read(request, inputs.DelegationIn), cast(User, request.user)
        found = services.delegate(
            giver=_person("giver", body["giver"]) if body["giver"] else user,
            taker=_person("taker", body["taker"]),
            starts_at=body["starts_at"],
            ends_at=body["ends_at"],
            actor=user,
            channel=_named("channel", Channel.objects.all(), body["channel"]),
            team=_named("team", Team.objects.all(), body["team"]),
            journey=_named("journey", Journey.objects.visible_to(user), body["journey"]),
            reason=body["reason"],
        )
        return Response(
            _row(found, user),
            status=201,
            headers={"Location": reverse("api-delegation", args=[found.pk])},
        )


class DelegationEnd(ApiView):
    """Ending one."""

    writes = frozenset({Scope.REVIEW})

    @extend_schema(
        operation_id="delegations_end",
        responses={200: decision_outputs.DelegationOut, **refusals(400, 403, 404, 409)},
        tags=["delegations"],
    )
    def delete(self, request: Request, pk: int) -> Response:
        """End it now; what was decided under it stands."""
        user = cast(User, request.user)
        services.end_delegation(pk=pk, actor=user)
        found = Delegation.objects.select_related(*queries.RELATED).get(pk=pk)
        return Response(_row(found, user))


class ChangePickUp(ChangeApi):
    """Telling the others that you are looking at a change."""

    writes = frozenset({Scope.REVIEW})

    @extend_schema(
        operation_id="changes_pick_up",
        request=None,
        responses={200: decision_outputs.PickUpOut, **refusals(400, 403, 404, 409, 413, 415)},
        tags=["changes"],
    )
    def put(self, request: Request, number: int) -> Response:
        """Say that you are looking at it, for the next hours; once more makes it last longer."""
        self.read(request, inputs.TickIn)
        services.pick_up(number=number, actor=cast(User, request.user))
        return self._looked_at(request, number)

    @extend_schema(
        operation_id="changes_put_down",
        responses={200: decision_outputs.PickUpOut, **refusals(400, 404)},
        tags=["changes"],
    )
    def delete(self, request: Request, number: int) -> Response:
        """Take that back."""
        services.put_down(number=number, actor=cast(User, request.user))
        return self._looked_at(request, number)

    def _looked_at(self, request: Request, number: int) -> Response:
        change = self.change(request, number)
        looking = [rows.looking(one) for one in queries.looked_at_by(change)]
        return Response({**rows.position(change), "looked_at_by": looking})


def _row(found: Delegation, reader: User) -> dict[str, Any]:
    return rows.delegation(found, queries.journeys_seen([found], reader))


def _person(field: str, email: str) -> User:
    found = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    if found is None:
        raise _refused(field, _("There is nobody with this address."))
    return found


def _named(field: str, among: Any, key: str) -> Any:
    """The row of that key; None for no key."""
    if not key:
        return None
    found = among.filter(key=key).first()
    if found is None:
        raise _refused(field, _("There is nothing of this key that you can see."))
    return found


def _refused(field: str, sentence: str) -> Invalid:
    return Invalid(_("Nothing was delegated."), errors={field: [sentence]})
