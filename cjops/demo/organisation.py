"""Who is there before anything happens: channels, teams, people, and what they will work on."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password

import journeys.services
import people.scheduling
import people.services
import tags.services
from cjops.demo import reading
from cjops.demo.clock import at, days_before
from governance.services.founding import add_default_policies
from journeys.models import Journey
from people import granting
from people.models import Channel, Role, Team, User, WorkingCalendar
from tags.models import Taxonomy

PASSWORD = "demo"  # noqa: S105  (public on purpose; seeding is refused in production)
# The vocabulary belongs to the team that keeps the rules of the portal.
VOCABULARY_TEAM = "journey-operations"
FOUNDED_DAYS_AGO = 245


@dataclass(frozen=True, slots=True)
class Organisation:
    """Everybody and everything by key (people by address)."""

    now: datetime
    people: dict[str, User]
    teams: dict[str, Team]
    taxonomies: dict[str, Taxonomy]
    journeys: dict[str, Journey]

    def moment(self, days_ago: float) -> datetime:
        """When something happened that happened so many days ago."""
        return days_before(self.now, days_ago)


def found(now: datetime) -> Organisation:
    """Create the organisation as it stood before its first journey."""
    with at(days_before(now, FOUNDED_DAYS_AGO)):
        people.services.add_defaults()
        teams = _teams()
        staff = _people(teams)
        add_default_policies()
        _rights(teams)
        _office_hours(teams["legal"])
        omar = staff["omar@bank.example"]
        taxonomies = {
            record["key"]: tags.services.create_taxonomy(
                key=record["key"],
                name=record["document"]["name"],
                team=teams[VOCABULARY_TEAM],
                actor=omar,
            )
            for record in reading.records("taxonomies")
        }
    organisation = Organisation(now, staff, teams, taxonomies, {})
    for record in reading.journeys():
        organisation.journeys[record["key"]] = _shell(organisation, record)
    return organisation


def _teams() -> dict[str, Team]:
    channels = {channel.key: channel for channel in Channel.objects.all()}
    return {
        record["key"]: people.services.create_team(
            key=record["key"],
            name=record["name"],
            name_zh_hans=record["name_zh_hans"],
            name_zh_hant=record["name_zh_hant"],
            kind=record["kind"],
            channels=[channels[key] for key in record["channels"]],
            actor=None,
        )
        for record in reading.records("teams")
    }


def _people(teams: dict[str, Team]) -> dict[str, User]:
    # One hash for all: 25 of them would cost 4 s, and the password is no secret.
    password = make_password(PASSWORD)
    auditor = Role.objects.get(key="auditor")
    staff = {}
    for record in reading.records("people"):
        is_superuser = record.get("superuser", False)
        person = people.services.create_person(
            email=record["email"],
            name=record["name"],
            locale=record["locale"],
            time_zone=record["time_zone"],
            is_staff=is_superuser,
            is_superuser=is_superuser,
            actor=None,
        )
        # Too short for `create_person`, as it should be.
        person.password = password
        person.skip_history_when_saving = True  # type: ignore[attr-defined]
        person.save(update_fields=["password"])
        del person.skip_history_when_saving  # type: ignore[attr-defined]
        for place in record["memberships"]:
            people.services.set_membership(
                team=teams[place["team"]], user=person, role=place["role"], actor=None
            )
        if record.get("see_everything"):
            granting.give(role=auditor, on=granting.EVERYTHING, user=person, actor=None)
        staff[person.email] = person
    return staff


def _rights(teams: dict[str, Team]) -> None:
    """Who keeps the rules writes the policies, and is told what is stuck."""
    lead = Role.objects.get(key="governance-lead")
    granting.give(role=lead, on=granting.EVERYTHING, team=teams[VOCABULARY_TEAM], actor=None)


def _office_hours(team: Team) -> None:
    """Legal works on weekdays; its hours to decide are counted then."""
    calendar = WorkingCalendar(
        key="office",
        name="Office hours",
        name_zh_hans="办公时间",
        name_zh_hant="辦公時間",
        time_zone="Europe/Berlin",
    )
    people.scheduling.save_calendar(calendar=calendar, actor=None)
    team.calendar = calendar
    people.services.save_team(team=team, actor=None)


def _shell(organisation: Organisation, record: reading.Record) -> Journey:
    """The journey without a version, since others hand over to it, and all roles on it."""
    roles = {role.key: role for role in Role.objects.all()}
    managers = {role: organisation.people[email] for role, email in record["managers"].items()}
    first = record["versions"][0]
    begun = organisation.moment(first["days_ago"]) - timedelta(days=9)
    manager = managers["journey-manager"]
    with at(begun):
        journey = journeys.services.create_journey_subject(
            key=record["key"],
            name=first["document"]["name"],
            actor=manager,
            is_restricted=record["restricted"],
        )
        for role, person in managers.items():
            # Nobody gives themselves a role; the portal does where the manager holds two.
            giver = None if person == manager else manager
            granting.give(on=granting.on(journey), role=roles[role], user=person, actor=giver)
        for grant in record["team_grants"]:
            granting.give(
                on=granting.on(journey),
                role=roles[grant["role"]],
                team=organisation.teams[grant["team"]],
                actor=manager,
            )
        if record["restricted"]:
            # Legal reads what is regulated, wherever that is.
            granting.give(
                on=granting.on(journey),
                role=roles["viewer"],
                team=organisation.teams["legal"],
                actor=manager,
            )
    return journey
