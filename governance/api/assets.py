"""Calls on assets that may be sent twice."""

from typing import Any, cast

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from cjops.core.api import refusals
from cjops.core.scopes import Scope
from content.api import AssetIn, AssetList, NewAssetOut
from content.models import AssetVersion
from governance import services
from governance.api.repeats import IDEMPOTENCY_KEY, repeat_of
from people.models import User


class AssetCollection(AssetList):
    """Assets, and the way to a new one, which a repeated call does not make twice."""

    writes = frozenset({Scope.PROPOSE})

    @extend_schema(
        operation_id="assets_create",
        parameters=[IDEMPOTENCY_KEY],
        request=AssetIn,
        responses={201: NewAssetOut, **refusals(400, 403, 409, 413, 415, 422)},
        tags=["assets"],
    )
    def post(self, request: Request) -> Response:
        """Write a new asset for one of your teams. Nothing shows it yet."""
        return super().post(request)

    def write(self, request: Request, body: dict[str, Any]) -> AssetVersion:
        """The first version of the asset, written once."""
        once = super().write
        return services.written_once(
            actor=cast(User, request.user),
            repeat=repeat_of(request),
            writes=lambda: once(request, body),
        )
