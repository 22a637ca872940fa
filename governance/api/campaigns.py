"""Content for many steps at once, by program."""

from typing import cast

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from cjops.core.api import refusals
from cjops.core.api.fields import Input, Key, Title, Whole, Words
from cjops.core.api.views import ApiView
from cjops.core.scopes import Scope
from governance import queries, services
from governance.api import outputs, rows
from governance.api.repeats import IDEMPOTENCY_KEY, repeat_of
from governance.models import Campaign, CampaignPart
from governance.services.campaigning import MOST_PLACES
from governance.transitions import State
from people.models import User


class PlaceIn(Input):
    """A slot of a live step."""

    journey = Key()
    step = Key()
    slot = Key()


class CampaignIn(Input):
    """Which version to show, and where."""

    asset = Key()
    version = Whole()
    places = serializers.ListField(child=PlaceIn(), max_length=MOST_PLACES)
    title = Title()
    rationale = Words(help_text="Those who decide on each of the changes read this.")
    replaces = Key(required=False, default="", help_text="Key of the asset it stands in for.")


class PartChangeOut(outputs.Out):
    """The change that one journey got."""

    number = serializers.IntegerField()
    state = serializers.ChoiceField(State.choices)


class CampaignPartOut(outputs.Out):
    """One journey of a campaign."""

    journey = serializers.CharField()
    state = serializers.ChoiceField(CampaignPart.State.choices)
    change = PartChangeOut(allow_null=True)
    refusals = serializers.ListField(
        child=serializers.CharField(),
        help_text="Why this journey got no change, in sentences in the language you ask in.",
    )


class CampaignOut(outputs.Out):
    """Content submitted for many steps, and how far it is."""

    id = serializers.IntegerField()
    title = serializers.CharField()
    rationale = serializers.CharField()
    asset = serializers.CharField()
    version = serializers.IntegerField()
    author = outputs.PersonOut()
    created_at = serializers.DateTimeField()
    parts = CampaignPartOut(many=True, help_text="Of the journeys that you see.")


def campaign_row(campaign: Campaign, reader: User) -> rows.Row:
    """A campaign, with the parts that the reader sees."""
    return {
        "id": campaign.pk,
        "title": campaign.title,
        "rationale": campaign.rationale,
        "asset": campaign.asset.key,
        "version": campaign.version,
        "author": rows.person(campaign.author),
        "created_at": campaign.created_at,
        "parts": [_part(one) for one in queries.parts_of(campaign, reader)],
    }


def _part(part: CampaignPart) -> rows.Row:
    change = part.change
    return {
        "journey": part.journey.key,
        "state": part.state,
        "change": {"number": change.number, "state": change.state} if change else None,
        "refusals": part.refusals,
    }


class CampaignCollection(ApiView):
    """Starting a campaign of changes."""

    writes = frozenset({Scope.PROPOSE})

    @extend_schema(
        operation_id="campaigns_start",
        parameters=[IDEMPOTENCY_KEY],
        request=CampaignIn,
        responses={202: CampaignOut, **refusals(400, 403, 404, 409, 413, 415, 422)},
        tags=["campaigns"],
    )
    def post(self, request: Request) -> Response:
        """Submit content for many steps: one change for each journey, made one after another."""
        repeat = repeat_of(request)
        body = self.read(request, CampaignIn)
        user = cast(User, request.user)
        campaign = services.start_campaign(
            actor=user,
            asset_key=body["asset"],
            version=body["version"],
            places=[(one["journey"], one["step"], one["slot"]) for one in body["places"]],
            title=body["title"],
            rationale=body["rationale"],
            replaced_key=body["replaces"],
            repeat=repeat,
        )
        row = campaign_row(campaign, user)
        where = reverse("api-campaign", args=[campaign.pk])
        return Response(row, status=202, headers={"Location": where})


class CampaignDetail(ApiView):
    """One campaign of changes."""

    @extend_schema(
        operation_id="campaigns_read",
        responses={200: CampaignOut, **refusals(404)},
        tags=["campaigns"],
    )
    def get(self, request: Request, pk: int) -> Response:
        """How far it is, journey by journey."""
        user = cast(User, request.user)
        return Response(campaign_row(queries.get_campaign_for(user=user, pk=pk), user))
