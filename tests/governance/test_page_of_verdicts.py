"""Verdicts for all rows of a page: as many queries as for one, and the same answers."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from governance import policies, queries
from governance.models import Change
from governance.standing import standings_of
from journeys.listing import journey_rows
from people import granting
from people.models import Role, User
from tests.cast import propose, reach, rename
from tests.factories import JourneyFactory, RoleFactory, TeamFactory

pytestmark = pytest.mark.django_db
ROWS, MOST = 50, 3
STATES = ("draft", "in_review", "changes_requested", "scheduled", "published")


@pytest.fixture
def people(cast):
    """A contributor, a journey manager, a governance lead who is nothing else, a superuser."""
    lead = cast.jun
    role = RoleFactory(key="lead", permissions=["manage_policies", "break_glass", "view_journey"])
    granting.give(role=role, on=granting.EVERYTHING, user=lead, actor=None)
    return {"mei": cast.mei, "ana": cast.ana, "lead": lead, "omar": cast.omar}


@pytest.fixture
def changes(cast):
    """Fifty, in all states, on the same and on other journeys."""
    made = [reach(cast, state) for state in STATES]
    suffix = 0
    while len(made) < ROWS:
        suffix += 1
        made.append(propose(cast, rename(f"Another {suffix}")))
    numbers = [one.number for one in made]
    Change.objects.filter(pk__in=numbers[10:20]).update(state="approved")
    Change.objects.filter(pk__in=numbers[20:25]).update(author=cast.ana)
    return numbers


@pytest.fixture
def journeys(cast):
    """Fifty, some restricted, some with a role for Mei, her team or Ana."""
    rows = [JourneyFactory(is_restricted=number % 5 == 0) for number in range(ROWS)]
    contributor = Role.objects.get(key="contributor")
    team = TeamFactory(members=[cast.mei])
    for number, row in enumerate(rows[:24]):
        holder = {"user": cast.mei} if number % 2 else {"team": team}
        granting.give(role=contributor, on=granting.on(row), actor=None, **holder)
        granting.give(role=contributor, on=granting.on_step(rows[-1 - number], "welcome-email"),
                      user=cast.ana, actor=None)  # fmt: skip
    rows[30].steps.update(team=team)
    return rows


def warm(person) -> User:
    """As in a request that has read the person with their permissions."""
    from people.backends import AccountBackend  # noqa: PLC0415

    user = AccountBackend().get_user(person.pk)
    assert user is not None
    return user


def pages(user):
    """The rows of the lists, as the pages read them; of journeys what could be opened on them."""
    inbox = [*queries.waiting_for(user), *queries.ready_for(user)]
    return {
        "changes": list(queries.list_changes(user=user, state="all")[:ROWS]),
        "inbox": inbox[:ROWS],
        "journeys": [
            Change(kind="journey", author=user, journey=row)
            for row in journey_rows(user, {})[:ROWS]
        ],
    }


def ruled(standings):
    """All verdicts there are on the rows."""
    return [
        policies.actions_of(one) | {"pick-up": policies.can_pick_up(one)}
        if one.change.pk
        else {"open": policies.can_open(one)}
        for one in standings
    ]


def test_a_page_of_verdicts_takes_three_queries(people, changes, journeys):
    """Everybody in turn, since making fifty rows takes longer than ruling on them."""
    full = set()
    for name, person in people.items():
        user = warm(person)
        for page, rows in pages(user).items():
            with CaptureQueriesContext(connection) as captured:
                at_once = ruled(standings_of(user, rows))
            assert len(captured) <= MOST, (name, page, [one["sql"][:300] for one in captured])
            one_by_one = ruled([policies.Standing(user, row) for row in rows])
            for row, ours, theirs in zip(rows, at_once, one_by_one, strict=True):
                assert ours == theirs, (name, page, row)
            full |= {page} if len(rows) == ROWS else set()
            full |= {"inbox"} if page == "inbox" and rows else set()
    assert full == {"changes", "inbox", "journeys"}


def test_the_lists_themselves_ask_no_more_for_fifty_rows_than_for_one(
    client, people, changes, journeys
):
    """None of them rules row by row."""
    user = people["mei"]
    client.force_login(user, backend="people.backends.AccountBackend")
    for address in ("/changes/?state=all", "/journeys/", "/"):
        client.get(address)
        with CaptureQueriesContext(connection) as many:
            client.get(address)
        assert len(many) <= 12, address
