"""Policies: what is in force, what is proposed, and what they can ask about a change."""

from collections.abc import Iterable
from typing import Any, cast

from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from cjops.core.api import refusals
from cjops.core.api.fields import DocumentField, Input, Words
from cjops.core.api.views import ApiView
from cjops.core.scopes import Scope
from governance.api.outputs import PersonOut
from governance.discretion import hidden_in, without
from governance.models import Policy, PolicyVersion
from governance.queries.hiding import Hidden
from governance.queries.policies import (
    MOST_VERSIONS,
    all_policies,
    get_policy,
    get_version,
    proposal_of,
    versions_of,
)
from governance.ruling.facts import CHOICES, FACTS, Fact
from governance.ruling.nodes import OPS
from governance.services import ruling
from people.models import Channel, Team, User

Out = serializers.Serializer[Any]
Row = dict[str, Any]


class PolicyIn(Input):
    """A policy, or its next version."""

    definition = DocumentField(help_text="See the guide to policies for what it holds.")
    comment = Words(help_text="Why; whoever activates it reads this.")


class PolicyEndIn(Input):
    """Why a policy is to end."""

    comment = Words()


@extend_schema_field(OpenApiTypes.OBJECT)
class DefinitionOut(serializers.JSONField):
    """The complete definition, or null: the policy is to end. Keys of subjects that you do not see
    are “?” in it, unless you look after policies or see everything."""


class PolicyVersionOut(Out):
    """One version of a policy."""

    number = serializers.IntegerField()
    state = serializers.ChoiceField(PolicyVersion.State.choices)
    digest = serializers.CharField(help_text="SHA-256 of the definition; empty for an end.")
    definition = DefinitionOut(allow_null=True)
    comment = serializers.CharField()
    author = PersonOut(allow_null=True)
    created_at = serializers.DateTimeField()
    decided_by = PersonOut(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)


class PolicyOut(Out):
    """A policy: what is in force of it, and what is proposed."""

    key = serializers.CharField()
    name = serializers.CharField(help_text="In the language of the request.")
    active = PolicyVersionOut(allow_null=True)
    proposed = PolicyVersionOut(allow_null=True)


class PoliciesOut(Out):
    """All policies."""

    results = PolicyOut(many=True)


class PolicyVersionsOut(Out):
    """Versions of a policy, the newest first."""

    results = PolicyVersionOut(many=True)


class ValueOut(Out):
    """A value that a fact can be compared with."""

    value = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]


class FactOut(Out):
    """Something that a condition can ask about a change."""

    name = serializers.CharField()
    type = serializers.ChoiceField(["texts", "number", "truth", "counts"])
    group = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    help = serializers.CharField()
    of_parts = serializers.BooleanField(help_text="Known of each single part as well.")
    ops = serializers.ListField(child=serializers.CharField())
    values = ValueOut(
        many=True, allow_null=True, help_text="Those it can be compared with; null: any."
    )


class FactsOut(Out):
    """The whole registry, in order of display."""

    results = FactOut(many=True)


class PolicyCollection(ApiView):
    """All policies."""

    writes = frozenset({Scope.PROPOSE})

    @extend_schema(
        operation_id="policies_list", responses={200: PoliciesOut, **refusals()}, tags=["policies"]
    )
    def get(self, request: Request) -> Response:
        """List all policies, those in force first."""
        policies = list(all_policies())
        hidden = _hidden(request, *(one for policy in policies for one in _shown(policy)))
        return Response({"results": [policy_row(policy, hidden) for policy in policies]})

    @extend_schema(
        operation_id="policies_propose",
        request=PolicyIn,
        responses={201: PolicyVersionOut, **refusals(400, 403, 409, 413, 415, 422)},
        tags=["policies"],
    )
    def post(self, request: Request) -> Response:
        """Propose a new policy, or the next version of one; it counts once it is activated."""
        body = self.read(request, PolicyIn)
        version = ruling.propose_policy(
            definition=body["definition"],
            comment=body["comment"],
            actor=cast(User, request.user),
        )
        return _proposed(request, version)


class PolicyDetail(ApiView):
    """One policy."""

    @extend_schema(
        operation_id="policies_get", responses={200: PolicyOut, **refusals(404)}, tags=["policies"]
    )
    def get(self, request: Request, key: str) -> Response:
        """The policy of that key."""
        policy = get_policy(key)
        return Response(policy_row(policy, _hidden(request, *_shown(policy))))


class PolicyVersionList(ApiView):
    """What a policy said when."""

    @extend_schema(
        operation_id="policies_versions",
        responses={200: PolicyVersionsOut, **refusals(404)},
        tags=["policies"],
    )
    def get(self, request: Request, key: str) -> Response:
        """The newest versions of the policy, up to 50."""
        versions = list(versions_of(get_policy(key))[:MOST_VERSIONS])
        hidden = _hidden(request, *versions)
        return Response({"results": [version_row(version, hidden) for version in versions]})


class PolicyEnd(ApiView):
    """The end of a policy."""

    writes = frozenset({Scope.PUBLISH})

    @extend_schema(
        operation_id="policies_end",
        request=PolicyEndIn,
        responses={201: PolicyVersionOut, **refusals(400, 403, 404, 409, 413, 415)},
        tags=["policies"],
    )
    def post(self, request: Request, key: str) -> Response:
        """Propose that the policy ends; it does once that is activated."""
        body = self.read(request, PolicyEndIn)
        version = ruling.propose_end(
            key=key, comment=body["comment"], actor=cast(User, request.user)
        )
        return _proposed(request, version)


class PolicyActivate(ApiView):
    """Putting a version into force."""

    writes = frozenset({Scope.PUBLISH})

    @extend_schema(
        operation_id="policies_activate",
        request=PolicyEndIn,
        responses={200: PolicyOut, **refusals(400, 403, 404, 409, 413, 415, 422)},
        tags=["policies"],
    )
    def post(self, request: Request, key: str, number: int) -> Response:
        """Put a proposed version into force; who decides on open changes is asked anew."""
        body = self.read(request, PolicyEndIn)
        ruling.activate(
            key=key, number=number, comment=body["comment"], actor=cast(User, request.user)
        )
        policy = get_policy(key)
        return Response(policy_row(policy, _hidden(request, *_shown(policy))))


class PolicyDecline(ApiView):
    """Taking a proposal off the table."""

    writes = frozenset({Scope.REVIEW})

    @extend_schema(
        operation_id="policies_decline",
        request=PolicyEndIn,
        responses={200: PolicyVersionOut, **refusals(400, 403, 404, 409, 413, 415)},
        tags=["policies"],
    )
    def post(self, request: Request, key: str, number: int) -> Response:
        """Decline a proposal; its author may as well, without a comment."""
        body = self.read(request, PolicyEndIn)
        ruling.decline(
            key=key, number=number, comment=body["comment"], actor=cast(User, request.user)
        )
        version = get_version(get_policy(key), number)
        return Response(version_row(version, _hidden(request, version)))


class FactList(ApiView):
    """What conditions can ask."""

    @extend_schema(
        operation_id="facts_list", responses={200: FactsOut, **refusals()}, tags=["policies"]
    )
    def get(self, request: Request) -> Response:
        """Everything that a policy can ask about a change, with what each can be compared with."""
        rows = {
            "channels": [(row.key, row.label) for row in Channel.objects.all()],
            "teams": [(row.key, row.label) for row in Team.objects.all()],
        }
        return Response({"results": [_fact_row(fact, rows) for fact in FACTS.values()]})


def _fact_row(fact: Fact, rows: dict[str, list[tuple[str, str]]]) -> Row:
    pairs: Iterable[tuple[str, Any]] | None = rows.get(fact.choices)
    if fact.choices in CHOICES:
        pairs = CHOICES[fact.choices].items()
    values = [{"value": value, "label": str(label)} for value, label in pairs or ()]
    return {
        "name": fact.name,
        "type": fact.type.value,
        "group": str(fact.group),
        "label": str(fact.label),
        "help": str(fact.help),
        "of_parts": fact.of_parts,
        "ops": list(OPS[fact.type]),
        "values": None if pairs is None else values,
    }


def _proposed(request: Request, version: PolicyVersion) -> Response:
    address = reverse("api-policy", args=[version.policy.key])
    row = version_row(version, _hidden(request, version))
    return Response(row, status=201, headers={"Location": address})


def _hidden(request: Request, *versions: PolicyVersion | None) -> Hidden:
    definitions = (version.definition for version in versions if version)
    return hidden_in(definitions, cast(User, request.user))


def _shown(policy: Policy) -> tuple[PolicyVersion | None, ...]:
    return policy.active, proposal_of(policy)


def policy_row(policy: Policy, hidden: Hidden) -> Row:
    """A policy as the API shows it; one that `all_policies` gave. `hidden` are keys that the reader
    may not know."""
    proposal = proposal_of(policy)
    return {
        "key": policy.key,
        "name": policy.label,
        "active": version_row(policy.active, hidden) if policy.active else None,
        "proposed": version_row(proposal, hidden) if proposal else None,
    }


def version_row(version: PolicyVersion, hidden: Hidden) -> Row:
    """A version as the API shows it."""
    return {
        "number": version.number,
        "state": version.state,
        "digest": version.digest,
        "definition": without(version.definition, hidden),
        "comment": version.comment,
        "author": _person(version.author),
        "created_at": version.created_at,
        "decided_by": _person(version.decided_by),
        "decided_at": version.decided_at,
    }


def _person(user: User | None) -> Row | None:
    return {"email": user.email, "name": user.name} if user else None
