"""What follows from a change: its diff, its checks, and who must decide."""

from typing import cast

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from cjops.core.api import refusals
from cjops.core.http import finding_body
from governance.api import decision_outputs, outputs, rows
from governance.api.changes import ChangeApi
from governance.decisions import decisions_on
from governance.proposals import proposal_of
from people.models import User


class ChangeDiff(ChangeApi):
    """What the change proposes."""

    @extend_schema(
        operation_id="changes_diff",
        responses={200: outputs.DiffOut, **refusals(404)},
        tags=["changes"],
    )
    def get(self, request: Request, number: int) -> Response:
        """What the change proposes: in words, and hunk by hunk with the digests to approve."""
        change = self.change(request, number)
        proposal = proposal_of(change)
        return Response(
            {
                **rows.position(change),
                "base": rows.base(change),
                "summary": proposal.words,
                "hunks": [rows.proposed_hunk(facts) for facts in proposal.facts],
            }
        )


class ChangeChecks(ChangeApi):
    """What is wrong or doubtful in what the change proposes."""

    @extend_schema(
        operation_id="changes_checks",
        responses={200: outputs.ChecksOut, **refusals(404)},
        tags=["changes"],
    )
    def get(self, request: Request, number: int) -> Response:
        """Findings in the proposed document, each with a JSON pointer; errors block submitting."""
        change = self.change(request, number)
        proposal = proposal_of(change)
        found, errors = proposal.findings, len(proposal.errors)
        return Response(
            {
                **rows.position(change),
                "errors": errors,
                "warnings": len(found) - errors,
                "findings": [finding_body(finding) for finding in found],
            }
        )


class ChangeRequirements(ChangeApi):
    """Who must decide."""

    @extend_schema(
        operation_id="changes_requirements",
        responses={200: decision_outputs.RequirementsOut, **refusals(404)},
        tags=["changes"],
    )
    def get(self, request: Request, number: int) -> Response:
        """Who must decide and why; before it is submitted, who would have to."""
        change = self.change(request, number)
        decisions = decisions_on(change, cast(User, request.user))
        return Response(
            {
                **rows.position(change),
                "is_preview": decisions.is_preview,
                "blocked": decisions.blocked,
                "requirements": [rows.requirement(decision) for decision in decisions.items],
                "smaller": [rows.saving(one) for one in decisions.smaller],
            }
        )
