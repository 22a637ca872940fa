"""Why somebody may see and do something, or may not, over the API."""

from typing import cast

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from cjops.core.api import refusals
from cjops.core.api.views import ApiView
from governance import explaining
from governance.api import inputs
from governance.api.outputs import Out, PersonOut
from governance.api.rows import Row, person
from governance.explaining import Answer, Explanation, GrantLine
from people.models import User


class GrantLineOut(Out):
    """A grant that stands behind an answer, in words."""

    role = serializers.CharField()
    reach = serializers.CharField()
    holder = serializers.CharField()
    term = serializers.CharField()
    is_in_force = serializers.BooleanField()


class AnswerOut(Out):
    """Whether one thing is allowed, and why."""

    action = serializers.CharField()
    allowed = serializers.BooleanField()
    reason = serializers.CharField(help_text="Empty where it is allowed.")
    by_state = serializers.BooleanField(help_text="Refused by the state of things, not by rights.")
    because = serializers.ListField(child=serializers.CharField())
    grants = GrantLineOut(many=True, help_text="Those that carry the right, or carried it.")
    lacks = serializers.CharField(help_text="The right that is missing.")
    roles = serializers.ListField(child=serializers.CharField(), help_text="What would give it.")


class ExplanationOut(Out):
    """All of it."""

    person = PersonOut()
    subject = serializers.CharField()
    notes = serializers.ListField(child=serializers.CharField())
    answers = AnswerOut(many=True)
    grants = GrantLineOut(many=True, help_text="All that reach the subject.")


class Why(ApiView):
    """Rights explained."""

    @extend_schema(
        operation_id="why",
        parameters=[
            OpenApiParameter("person", str, description="E-mail address; by default you."),
            OpenApiParameter(
                "subject", str, required=True,
                description="journey:KEY, asset:KEY, taxonomy:KEY or CR-12.",
            ),
        ],
        responses={200: ExplanationOut, **refusals(400, 403, 404)},
        tags=["people"],
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """Say what somebody may see and do there, and which grants stand behind it. Everybody asks
        about themselves; about others governance leads, people who see everything, and
        administrators who may look at grants."""
        asked, user = self.filters(request, inputs.WhyIn), cast(User, request.user)
        about_whom = user
        named = asked.get("person", "")
        if named and named.strip().lower() != user.email:
            # Before anything is looked up: it makes no difference who there is.
            explaining.can_ask(user, User()).require()
            about_whom = explaining.find_person(named)
        about = explaining.find(asked["subject"], reader=user)
        return Response(_body(explaining.explain(person=about_whom, about=about, reader=user)))


def _body(found: Explanation) -> Row:
    return {
        "person": person(found.person),
        "subject": found.about.called,
        "notes": list(found.notes),
        "answers": [_answer(one) for one in found.answers],
        "grants": [_grant(one) for one in found.grants],
    }


def _answer(answer: Answer) -> Row:
    return {
        "action": answer.code,
        "allowed": answer.verdict.allowed,
        "reason": answer.verdict.reason,
        "by_state": answer.verdict.by_state,
        "because": list(answer.because),
        "grants": [_grant(one) for one in (*answer.grants, *answer.over)],
        "lacks": answer.lacks,
        "roles": list(answer.roles),
    }


def _grant(line: GrantLine) -> Row:
    names = ("role", "reach", "holder", "term", "is_in_force")
    return {name: getattr(line, name) for name in names}
