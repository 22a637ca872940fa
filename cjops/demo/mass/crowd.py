"""People and teams of a large bank."""

import random
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

from cjops.demo.mass.copying import Copier
from cjops.demo.reading import made_up
from people.models import Channel, Locale, Mails, Membership, MembershipRole, Team, TeamKind, User

GIVEN, FAMILY = made_up("given"), made_up("family")
PLACES, PRODUCTS = made_up("places"), made_up("products")
# Both lead: one who edits a change leaves the other to decide.
LEADS = 2


@dataclass(slots=True)
class Crew:
    """A team by its keys: its leads and its other members."""

    pk: int
    key: str
    group: int
    channels: tuple[str, ...]
    leads: list[int] = field(default_factory=list)
    members: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Crowd:
    """All teams, and which of them steward which channel."""

    crews: list[Crew]
    stewards: dict[str, list[Crew]]
    products: list[Crew]
    emails: dict[int, str] = field(default_factory=dict)

    def teams_of(self, person: int) -> frozenset[str]:
        """Keys of the teams that the person is in."""
        return frozenset(
            crew.key for crew in self.crews if person in crew.leads or person in crew.members
        )


def gather(
    copier: Copier, rng: random.Random, *, users: int, teams: int, founded: datetime
) -> Crowd:
    """Add so many people and teams; every channel gets teams that steward it."""
    channels = {channel.key: channel.pk for channel in Channel.objects.all()}
    crews = [_team(copier, number, channels, founded, teams) for number in range(teams)]
    password = make_password("demo")
    emails: dict[int, str] = {}
    for number in range(users):
        email = _email(number)
        person = _person(copier, number, email, password, founded)
        emails[person] = email
        _join(copier, crews[number % teams], person, founded)
        if number % 5 == 4:
            _join(copier, crews[rng.randrange(teams)], person, founded)
    stewards: dict[str, list[Crew]] = {key: [] for key in channels}
    for crew in crews:
        for channel in crew.channels:
            stewards[channel].append(crew)
    return Crowd(crews, stewards, [crew for crew in crews if not crew.channels], emails)


def _team(
    copier: Copier, number: int, channels: dict[str, int], founded: datetime, teams: int
) -> Crew:
    """One team: as many rounds of channel teams as there is room for, then product lines."""
    rounds = max(1, min(3, teams // 20))
    keys = list(channels)
    stewarded: tuple[str, ...] = ()
    if number < rounds * len(keys):
        stewarded = (keys[number % len(keys)],)
        name = f"{stewarded[0].capitalize()} {PLACES[number // len(keys)]}"
        kind = TeamKind.CHANNEL
    else:
        name = f"{PRODUCTS[number % len(PRODUCTS)]} {PLACES[number // 12 % len(PLACES)]} {number}"
        kind = TeamKind.PRODUCT_LINE
    key = "team-" + name.lower().replace(" ", "-")
    group = copier.add(Group, {"name": f"team:{key}"})
    team = {
        "key": key,
        "name": name,
        "name_zh_hans": "",
        "name_zh_hant": "",
        "kind": kind,
        "calendar_id": None,
        "group_id": group,
    }
    pk = copier.track(Team, team, at=founded, by=None)
    for channel in stewarded:
        copier.add(Team.channels.through, {"team_id": pk, "channel_id": channels[channel]})
    return Crew(pk, key, group, stewarded)


def _named(number: int) -> tuple[str, str]:
    return GIVEN[number % len(GIVEN)], FAMILY[number // len(GIVEN) % len(FAMILY)]


def _email(number: int) -> str:
    given, family = _named(number)
    return f"{given}.{family}.{number}@bank.example".lower()


def _person(copier: Copier, number: int, email: str, password: str, founded: datetime) -> int:
    given, family = _named(number)
    return copier.track(
        User,
        {
            "password": password,
            "last_login": None,
            "is_superuser": False,
            "email": email,
            "name": f"{given} {family}",
            "locale": (Locale.EN, Locale.EN, Locale.ZH_HANS, Locale.ZH_HANT)[number % 4],
            "time_zone": ("Europe/Berlin", "Asia/Shanghai", "Asia/Hong_Kong")[number % 3],
            "uses_keys": True,
            "mails": Mails.EACH.value,
            "digest_sent_on": None,
            "acts_for_others_until": None,
            "is_staff": False,
            "is_active": True,
            "date_joined": founded,
        },
        at=founded,
        by=None,
    )


def _join(copier: Copier, crew: Crew, person: int, founded: datetime) -> None:
    if person in crew.leads or person in crew.members:
        return
    leads = len(crew.leads) < LEADS
    (crew.leads if leads else crew.members).append(person)
    place = {
        "team_id": crew.pk,
        "user_id": person,
        "role": MembershipRole.LEAD if leads else MembershipRole.CONTRIBUTOR,
        "joined_at": founded,
    }
    copier.track(Membership, place, at=founded, by=None)
    copier.add(User.groups.through, {"user_id": person, "group_id": crew.group})
