"""The API of people: teams, and oneself."""

from collections import defaultdict
from typing import Any, cast

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from cjops.core.api import CursorPages, nothing_here, refusals
from cjops.core.api.views import PAGING, ApiView, page_of
from people.models import Locale, Membership, MembershipRole, Team, TeamKind, User

Row = dict[str, Any]


class MemberOut(serializers.Serializer[Any]):
    """A member of a team."""

    email = serializers.EmailField()
    name = serializers.CharField()
    role = serializers.ChoiceField(MembershipRole.choices)


class TeamOut(serializers.Serializer[Any]):
    """A team."""

    key = serializers.CharField()
    name = serializers.CharField(help_text="In the language of the request.")
    kind = serializers.ChoiceField(TeamKind.choices)
    channels = serializers.ListField(
        child=serializers.CharField(), help_text="Keys of the channels it stewards."
    )
    members = MemberOut(many=True)


class MyTeamOut(serializers.Serializer[Any]):
    """A team you are in."""

    key = serializers.CharField()
    name = serializers.CharField()
    role = serializers.ChoiceField(MembershipRole.choices)


class MeOut(serializers.Serializer[Any]):
    """You."""

    email = serializers.EmailField()
    name = serializers.CharField()
    locale = serializers.ChoiceField(Locale.choices)
    time_zone = serializers.CharField()
    is_superuser = serializers.BooleanField()
    sees_everything = serializers.BooleanField()
    teams = MyTeamOut(many=True)


class TeamList(ApiView):
    """All teams."""

    @extend_schema(
        operation_id="teams_list",
        parameters=PAGING,
        responses={200: page_of(TeamOut, "Team"), **refusals(400)},
        tags=["people"],
    )
    def get(self, request: Request) -> Response:
        """List teams by key, with the channels they steward and their members."""
        pages = CursorPages({"key": str})
        return Response(pages.body(teams(pages.rows_of(Team.objects.all(), request))))


class TeamDetail(ApiView):
    """One team."""

    @extend_schema(
        operation_id="teams_read", responses={200: TeamOut, **refusals(404)}, tags=["people"]
    )
    def get(self, request: Request, key: str) -> Response:
        """A team, the channels it stewards and its members."""
        found = teams(list(Team.objects.filter(key=key)))
        if not found:
            raise nothing_here()
        return Response(found[0])


class Me(ApiView):
    """The person who asks."""

    @extend_schema(operation_id="users_me", responses={200: MeOut, **refusals()}, tags=["people"])
    def get(self, request: Request) -> Response:
        """Who you are, and your teams."""
        user = cast(User, request.user)
        memberships = user.memberships.select_related("team").order_by("team__key")
        return Response(
            {
                "email": user.email,
                "name": user.name,
                "locale": user.locale,
                "time_zone": user.time_zone,
                "is_superuser": user.is_superuser,
                "sees_everything": user.has_perm("people.see_everything"),
                "teams": [
                    {
                        "key": membership.team.key,
                        "name": membership.team.label,
                        "role": membership.role,
                    }
                    for membership in memberships
                ],
            }
        )


def teams(found: list[Team]) -> list[Row]:
    """Teams with their channels and members: two reads, however many teams."""
    ids = [team.pk for team in found]
    channels: defaultdict[int, list[str]] = defaultdict(list)
    stewards = Team.channels.through.objects.filter(team__in=ids)
    for team, channel in stewards.order_by("channel__key").values_list("team", "channel__key"):
        channels[team].append(channel)
    members: defaultdict[int, list[Row]] = defaultdict(list)
    rows = Membership.objects.filter(team__in=ids, user__is_active=True)
    for team, email, name, role in rows.order_by("user__name", "user").values_list(
        "team", "user__email", "user__name", "role"
    ):
        members[team].append({"email": email, "name": name, "role": role})
    return [
        {
            "key": team.key,
            "name": team.label,
            "kind": team.kind,
            "channels": channels[team.pk],
            "members": members[team.pk],
        }
        for team in found
    ]
