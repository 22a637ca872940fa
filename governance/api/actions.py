"""The steps of a change."""

from typing import cast

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from cjops.core.api import nothing_here, refusals
from cjops.core.api.scoping import Scopes
from cjops.core.api.views import ApiView
from cjops.core.scopes import Scope
from governance import services
from governance.api import inputs, outputs, rows
from governance.api.repeats import IDEMPOTENCY_KEY, repeat_of
from governance.transitions import TRANSITIONS, WITH_OWN_DOORS, Action
from people.models import User

ACTIONS = {action.value: action for action in TRANSITIONS if action not in WITH_OWN_DOORS}


# What a step of a change is for a token. Words are said by those who propose and who review.
PROPOSING, REVIEWING = frozenset({Scope.PROPOSE}), frozenset({Scope.REVIEW})
PUBLISHING = frozenset({Scope.PUBLISH})
SCOPES: dict[Action, Scopes] = {
    Action.SUBMIT: PROPOSING,
    Action.WITHDRAW: PROPOSING,
    Action.REBASE: PROPOSING,
    Action.QUEUE: PROPOSING,
    Action.COMMENT: PROPOSING | REVIEWING,
    Action.APPROVE: REVIEWING,
    Action.REQUEST_CHANGES: REVIEWING,
    Action.REJECT: REVIEWING,
    Action.APPOINT: REVIEWING,
    Action.STAND_BY: REVIEWING,
    Action.OBJECT: REVIEWING,
    Action.SCHEDULE: PUBLISHING,
    Action.UNSCHEDULE: PUBLISHING,
    Action.PUBLISH: PUBLISHING,
    Action.ROLL_BACK: PUBLISHING,
    Action.BREAK_GLASS: PUBLISHING,
}


class ChangeAction(ApiView):
    """One step of a change."""

    def writing(self) -> Scopes:
        """What the step needs; a step that does not exist is told to everybody."""
        action = ACTIONS.get(self.kwargs["action"])
        return frozenset(Scope) if action is None else SCOPES.get(action, frozenset())

    @extend_schema(
        operation_id="changes_act",
        parameters=[
            OpenApiParameter("action", str, OpenApiParameter.PATH, enum=sorted(ACTIONS)),
            IDEMPOTENCY_KEY,
        ],
        request=inputs.ActionIn,
        responses={
            200: outputs.StepTakenOut,
            **refusals(400, 403, 404, 409, 412, 413, 415, 422),
        },
        tags=["changes"],
    )
    def post(self, request: Request, number: int, action: str) -> Response:
        """Take one step of a change."""
        if action not in ACTIONS:
            raise nothing_here()
        repeat = repeat_of(request)
        body = self.read(request, inputs.ActionIn)
        entry = services.take(
            action=ACTIONS[action],
            number=number,
            actor=cast(User, request.user),
            comment=body["comment"],
            hunks=body["hunks"],
            publish_at=body["publish_at"],
            resolutions=body["resolutions"],
            after=body["after"],
            requirement=body["requirement"],
            person=body["person"],
            code=body["code"],
            expected_digest=body["digest"],
            repeat=repeat,
        )
        return Response(rows.step_taken(entry))
