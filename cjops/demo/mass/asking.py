"""Who is asked to decide on made-up changes: what the policies a portal starts with say of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from cjops.demo.mass.crowd import Crowd
from governance.matching import Demand, lacking
from governance.models import SourceKind
from governance.queries.ruling import ruling
from governance.ruling.definitions import Need
from governance.ruling.evaluating import Rule, Sheet
from people.calendars import add_working_hours, default_calendar
from people.models import Channel, Membership, Role, Team, TeamKind

NO_SOURCE = {"channel_id": None, "team_id": None, "role_id": None, "user_id": None}
STEWARD, OWNER = "steward", "owner"


def numbers(ids: Iterable[int]) -> str:
    """An array of numbers as COPY reads it."""
    return "{" + ",".join(map(str, ids)) + "}"


@dataclass(frozen=True, slots=True)
class Needed:
    """A requirement: its hunks, where deciders come from, who they are, and who decides."""

    key: str
    hunks: list[str]
    sources: list[dict[str, Any]]
    able: list[int]
    decider: int
    params: dict[str, Any]
    label: dict[str, str]
    version: int
    matched: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Timed:
    """When a decision is due, and when to remind and to ask others."""

    due: datetime
    remind: datetime | None
    escalate: datetime | None


class Asking:
    """Puts decisions as `governance.rules` would, for the two policies that ask about every change
    that is no roll-back. Everybody else's policies are left to the portal itself."""

    def __init__(self, crowd: Crowd) -> None:
        known = ruling()
        self.stamp = known.stamp
        self._rules = {rule.policy.key: rule for rule in known.rules}
        self._versions = known.versions
        self._channels = {channel.key: channel.pk for channel in Channel.objects.all()}
        self._manager = Role.objects.get(key="journey-manager").pk
        self._stewarding = _stewarding(crowd)
        operations = Team.objects.filter(kind=TeamKind.JOURNEY_OPERATIONS).order_by("pk")
        self._operations = list(operations.values_list("pk", flat=True))
        calendar = default_calendar()

        @lru_cache(maxsize=8)
        def after(start: datetime, hours: int) -> datetime:
            return add_working_hours(start, hours, calendar)

        self._after = after

    def steward(
        self, channel: str, hunks: list[str], sheet: Sheet, able: list[int], decider: int
    ) -> Needed:
        """What is asked of those who steward a channel."""
        source = {"channel_id": self._channels[channel]}
        teams = self._stewarding[channel]
        rule = self._rules[STEWARD]
        params = {"channel": channel}
        return self._needed(
            rule, f"steward:{channel}", hunks, sheet, source, teams, able, decider, params
        )

    def owner(
        self, team: int | None, hunks: list[str], sheet: Sheet, able: list[int], decider: int
    ) -> Needed:
        """What is asked of a team's leads, or without a team of the journey's manager."""
        source = {"team_id": team} if team else {"role_id": self._manager}
        teams = [team] if team else []
        return self._needed(
            self._rules[OWNER], "owner", hunks, sheet, source, teams, able, decider, {}
        )

    def _needed(
        self,
        rule: Rule,
        key: str,
        hunks: list[str],
        sheet: Sheet,
        source: dict[str, int],
        teams: list[int],
        able: list[int],
        decider: int,
        params: dict[str, str],
    ) -> Needed:
        need = rule.policy.require[0]
        late = self._operations if need.escalate else []
        sources = [_source(source, SourceKind.ASKED)]
        sources += [_source({"team_id": one}, SourceKind.ESCALATION) for one in late]
        assert not lacking({key: Demand(need.quorum, able)})  # noqa: S101  (somebody is there)
        return Needed(
            key=key,
            hunks=hunks,
            sources=sources,
            able=able,
            decider=decider,
            params={**params, "timing": _timing(need, [*teams, *late])},
            label=dict(need.name or rule.policy.name),
            version=self._versions[rule.policy.key, rule.version],
            matched=list(rule.policy.when.matched(sheet.change)),
        )

    def timed(self, at: datetime, needed: Needed) -> Timed:
        """The times of a decision that is asked for at a moment."""
        timing = needed.params["timing"]
        hours, remind, escalate = timing["hours"], timing["remind"], timing["escalate"]
        return Timed(
            due=self._after(at, hours),
            remind=None if remind is None else self._after(at, remind),
            escalate=None if escalate is None else self._after(at, hours + escalate),
        )


def _source(place: dict[str, int], kind: SourceKind) -> dict[str, Any]:
    return {**NO_SOURCE, **place, "kind": kind.value, "with_members": False}


def _timing(need: Need, teams: list[int]) -> dict[str, Any]:
    return {
        "hours": need.hours,
        "remind": need.remind_after,
        "escalate": need.escalate.after if need.escalate else None,
        "teams": sorted(set(teams)),
    }


def _stewarding(crowd: Crowd) -> dict[str, list[int]]:
    """By channel the teams that steward it and have anybody: those of the crowd, and earlier ones.

    The crowd's own are not written yet.
    """
    found = {key: {crew.pk for crew in crews} for key, crews in crowd.stewards.items()}
    rows = Membership.objects.filter(user__is_active=True, team__channels__isnull=False)
    for team, channel in rows.values_list("team_id", "team__channels__key").distinct():
        found.setdefault(channel, set()).add(team)
    return {key: sorted(teams) for key, teams in found.items()}
