"""What live moved under a change, and how people settle where the two clash."""

from typing import Any, cast

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from cjops.core.api import read_match, refusals
from cjops.core.http import finding_body
from cjops.core.scopes import Scope
from governance import services
from governance.api import inputs, outputs, rows
from governance.api.changes import IF_MATCH, ChangeApi
from governance.integration import integration_of
from governance.models import Change
from governance.subjects import subject_of
from people.models import User


class ChangeConflicts(ChangeApi):
    """What the live version moved under the change."""

    @extend_schema(
        operation_id="changes_conflicts",
        responses={200: outputs.ConflictsOut, **refusals(404)},
        tags=["changes"],
    )
    def get(self, request: Request, number: int) -> Response:
        """What became live since the change was written, and where the two clash."""
        return Response(_conflicts_of(self.change(request, number)))


class ChangeResolutions(ChangeApi):
    """What people decided about the conflicts."""

    writes = frozenset({Scope.PROPOSE})

    @extend_schema(
        operation_id="changes_resolve",
        parameters=[IF_MATCH],
        request=inputs.ResolutionsIn,
        responses={
            200: outputs.ConflictsOut,
            **refusals(400, 403, 404, 409, 412, 413, 415),
        },
        tags=["changes"],
    )
    def post(self, request: Request, number: int) -> Response:
        """Settle conflicts, one or many; they are used when the change is rebased."""
        services.resolve(
            number=number,
            actor=cast(User, request.user),
            resolutions=self.read(request, inputs.ResolutionsIn)["resolutions"],
            expected_digest=read_match(request) or "",
        )
        return Response(_conflicts_of(self.change(request, number)))


def _conflicts_of(change: Change) -> dict[str, Any]:
    integration = integration_of(change)
    live = subject_of(change).live_version  # type: ignore[attr-defined]
    return {
        **rows.position(change),
        "base": rows.base(change),
        "live": {"number": live.number if live else 0, "digest": live.digest if live else ""},
        "moved": [rows.hunk(hunk) for hunk in integration.moved] if integration else [],
        "open": len(integration.merge.conflicts) if integration else 0,
        "conflicts": [
            rows.conflict(conflict, integration, resolution)
            for conflict, resolution in integration.conflicts
        ]
        if integration
        else [],
        "errors": [finding_body(found) for found in integration.new_errors] if integration else [],
    }
