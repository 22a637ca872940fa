"""How far grants reach: five thousand of them, against what a few plain loops say."""

import random
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

import governance.policies
import journeys.projection
import tags.services
from cjops.core.errors import Forbidden, Invalid
from cjops.core.subjects import HunkFacts
from cjops.documents import Hunk
from content.models import Asset
from governance.models import Change
from governance.policies import Standing
from journeys import services as journeys_services
from journeys.models import Journey, JourneyRole, StepUserObjectPermission
from people import granting, rights
from people.holding import rights_on
from people.models import Grant, Membership, Scope, User
from people.queries import who_may
from tags.models import Taxonomy
from tests.factories import (
    AssetFactory,
    JourneyFactory,
    RoleFactory,
    TeamFactory,
    UserFactory,
)
from tests.refusing import refused

pytestmark = pytest.mark.django_db

MARKETS, LINES = ("Retail", "Private", ""), ("Cards", "Loans")
GRANTS, EACH, BY_SERVICE, ROUNDS = 5_000, 1_120, 20, 5


# --- the reference --------------------------------------------------------------------------------


def reaches(grant, subject) -> bool:
    """Whether a grant is on this subject, read off its columns."""
    kind = subject._meta.model_name
    if grant.is_over or (grant.ends_at and grant.ends_at <= timezone.now()):
        return False
    if grant.scope == Scope.EVERYTHING:
        return True
    if kind != "journey":
        return grant.scope == kind and getattr(grant, f"{kind}_id") == subject.pk
    above = subject
    while grant.scope == Scope.FAMILY and above is not None:
        if above.pk == grant.journey_id:
            return True
        above = above.parent
    return (
        (grant.scope == Scope.MARKET and grant.place == subject.market)
        or (grant.scope == Scope.PRODUCT_LINE and grant.place == subject.product_line)
        or (grant.scope in (Scope.JOURNEY, Scope.STEP) and grant.journey_id == subject.pk)
    )


def held(grants, teams, user, subject) -> set[str]:
    """The codenames that the person should hold on the subject."""
    kind = subject._meta.model_name
    codes = set()
    for grant in grants:
        if (grant.user_id == user.pk or grant.team_id in teams[user.pk]) and reaches(
            grant, subject
        ):
            given = set(grant.role.permissions)
            codes |= given & {"view_journey"} if grant.scope == Scope.STEP else given
    return codes & {right.codename for right in rights.of_kind(kind)}


def sees(grants, teams, user, subject) -> bool:
    """Whether the person should see the subject."""
    kind = subject._meta.model_name
    everything = any(
        "see_everything" in grant.role.permissions
        and grant.scope == Scope.EVERYTHING
        and reaches(grant, subject)
        and (grant.user_id == user.pk or grant.team_id in teams[user.pk])
        for grant in grants
    )
    return (
        not subject.is_restricted
        or everything
        or (kind != "journey" and subject.team_id in teams[user.pk])
        or f"view_{kind}" in held(grants, teams, user, subject)
    )


# --- five thousand --------------------------------------------------------------------------------


@pytest.fixture
def world():
    rng = random.Random(7)
    people = [UserFactory() for _number in range(20)]
    crews = [TeamFactory(members=rng.sample(people, 3)) for _number in range(6)]
    journeys = []
    for number in range(20):
        journey = JourneyFactory(is_live=False, is_restricted=number % 5 > 0)
        journey.parent = rng.choice([None, *journeys])
        journey.market, journey.product_line = rng.choice(MARKETS), rng.choice(LINES)
        journey.save()
        journeys.append(journey)
    assets = [AssetFactory(is_restricted=True, team=rng.choice(crews)) for _number in range(6)]
    taxonomies = [
        tags.services.create_taxonomy(
            key=f"topic-{number}",
            name="Topic",
            team=rng.choice(crews),
            actor=people[0],
            is_restricted=number > 0,
        )
        for number in range(3)
    ]
    granting.renew_all()
    codes = [right.codename for right in rights.RIGHTS]
    roles = [
        RoleFactory(key=f"role-{number}", permissions=rng.sample(codes, rng.randint(0, 6)))
        for number in range(8)
    ]
    return rng, people, crews, [*journeys, *assets, *taxonomies], roles


def any_reach(rng, subjects):
    journeys = [one for one in subjects if isinstance(one, Journey)]
    return rng.choices(
        [
            lambda: granting.EVERYTHING,
            lambda: granting.on_market(rng.choice(MARKETS[:2])),
            lambda: granting.on_product_line(rng.choice(LINES)),
            lambda: granting.on_family(rng.choice(journeys)),
            lambda: granting.on(rng.choice(subjects)),
            lambda: granting.on_step(rng.choice(journeys), "welcome"),
        ],
        # Seldom on everything, or everybody holds all there is.
        weights=[1, 2, 2, 5, 40, 5],
    )[0]()


def expected(subjects, people):
    """What the loops say: who holds what on which subject, and who sees it."""
    everybodys = list(Grant.objects.select_related("role"))
    subjects = [type(one).objects.get(pk=one.pk) for one in subjects]
    teams = {one.pk: set(one.memberships.values_list("team_id", flat=True)) for one in people}
    found = {}
    for user in people:
        grants = [
            one for one in everybodys if one.user_id == user.pk or one.team_id in teams[user.pk]
        ]
        for subject in subjects:
            found[user.pk, type(subject), subject.pk] = (
                held(grants, teams, user, subject),
                sees(grants, teams, user, subject),
            )
    return found


def actual(subjects, people):
    """What the portal says of the same, asked the way pages ask."""
    found = {}
    for one in people:
        user = User.objects.get(pk=one.pk)
        seen = {
            (model, pk)
            for model in (Journey, Asset, Taxonomy)
            for pk in model.objects.visible_to(user).values_list("pk", flat=True)
        }
        for subject in subjects:
            place = (type(subject), subject.pk)
            found[user.pk, *place] = (set(rights_on(user, subject)), place in seen)
    return found


def columns(reach) -> dict:
    return {"scope": reach.scope, **reach.columns}


def give_at_once(rng, people, crews, subjects, roles, number) -> None:
    """Grants written past the service, and derived all together."""
    now, rows = timezone.now(), []
    for _number in range(number):
        user = rng.choice(people) if rng.random() < 0.7 else None
        rows.append(
            Grant(
                role=rng.choice(roles),
                user=user,
                team=None if user else rng.choice(crews),
                # Some have ended, and nobody has noticed yet.
                ends_at=now + timedelta(days=rng.randint(-3, 9)) if rng.random() < 0.3 else None,
                **columns(any_reach(rng, subjects)),
            )
        )
    Grant.objects.bulk_create(rows, ignore_conflicts=True)
    # As the server does by itself once this is committed: taken for empty, tables that are joined
    # row by row take minutes.
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE people_grant, journeys_journey, content_asset, tags_taxonomy")
    granting.renew_all()


def test_five_thousand_grants_give_what_plain_loops_say(world):
    rng, people, crews, subjects, roles = world
    journeys = [one for one in subjects if isinstance(one, Journey)]
    given = 0
    for _round in range(ROUNDS):
        Grant.objects.all().delete()
        give_at_once(rng, people, crews, subjects, roles, EACH - BY_SERVICE)
        for _number in range(BY_SERVICE):
            holder = {"user": rng.choice(people)} if rng.random() < 0.7 else {"team": crews[0]}
            reach = any_reach(rng, subjects)
            granting.give(role=rng.choice(roles), on=reach, actor=None, **holder)
        given += Grant.objects.count()
        # What follows is derived bit by bit: some are taken back, a role changes, a journey moves.
        for grant in rng.sample(list(Grant.objects.select_related("role", "journey")), 10):
            granting.take_back(grant=grant, actor=None)
        role = rng.choice(roles)
        role.permissions = rights.complete({rng.choice(rights.RIGHTS).codename})
        granting.save_role(role=role, actor=None)
        moved = rng.choice(journeys)
        parent = rng.choice([None, *(one for one in journeys if one.pk < moved.pk)])
        journeys_services.set_access(
            journey=moved, is_restricted=True, parent=parent, actor=people[0]
        )
        assert actual(subjects, people) == expected(subjects, people)
    assert given >= GRANTS
    assert not any(granting.renew_all().values())


# --- one by one -----------------------------------------------------------------------------------


@pytest.fixture
def journey():
    return JourneyFactory(is_restricted=True)


@pytest.fixture
def role():
    return RoleFactory(permissions=["view_journey", "propose_journey"])


def sees_it(user, journey) -> bool:
    return Journey.objects.visible_to(User.objects.get(pk=user.pk)).filter(pk=journey.pk).exists()


def test_a_part_that_comes_later_is_reached_too(journey, role):
    ana = UserFactory()
    granting.give(role=role, on=granting.on_family(journey), user=ana, actor=None)
    part = journeys_services.create_journey_subject(
        key="part", name="Part", actor=UserFactory(), is_restricted=True, parent=journey
    )
    assert sees_it(ana, part)
    journeys_services.set_access(journey=part, is_restricted=True, parent=None, actor=ana)
    assert not sees_it(ana, part)


def test_a_journey_that_moves_to_another_market_changes_hands(cast):
    here, there = UserFactory(), UserFactory()
    role = RoleFactory(key="seer", permissions=["view_journey"])
    before = cast.journey.live_version.document["market"]
    granting.give(role=role, on=granting.on_market(before or "Retail"), user=here, actor=None)
    granting.give(role=role, on=granting.on_market("Elsewhere"), user=there, actor=None)
    document = cast.journey.live_version.document | {"market": "Elsewhere"}
    journeys.projection.project(journey=cast.journey, document=document, actor=None)
    assert (sees_it(here, cast.journey), sees_it(there, cast.journey)) == (False, True)


def test_a_role_on_one_step_lets_change_that_step_alone(cast):
    ana = UserFactory()
    role = RoleFactory(key="step", permissions=["view_journey", "propose_journey"])
    step, other = cast.journey.steps.order_by("key")[:2]
    granting.give(role=role, on=granting.on_step(cast.journey, step.key), user=ana, actor=None)
    standing = Standing(ana, Change(kind="journey", author=ana, journey=cast.journey))
    assert sees_it(ana, cast.journey)
    assert governance.policies.can_open(standing)
    assert "propose" not in standing.rights
    may = [
        bool(governance.policies.can_edit_elements(standing, [facts_of(key)]))
        for key in (step.key, other.key)
    ]
    assert may == [True, False]
    assert StepUserObjectPermission.objects.filter(user=ana, content_object=step).count() == 2


def facts_of(step: str) -> HunkFacts:
    return HunkFacts(hunk=Hunk("steps", step, "edit", (), ""), steps=frozenset({step}))


def test_a_grant_on_a_step_gives_no_role_on_the_journey(cast):
    ana = UserFactory()
    role = RoleFactory(key="journey-manager")
    step = cast.journey.steps.first()
    granting.give(role=role, on=granting.on_step(cast.journey, step.key), user=ana, actor=None)
    assert not JourneyRole.objects.filter(user=ana).exists()


def test_everything_includes_what_comes_later(role):
    ana = UserFactory()
    granting.give(role=role, on=granting.EVERYTHING, user=ana, actor=None)
    later = journeys_services.create_journey_subject(
        key="later", name="Later", actor=UserFactory(), is_restricted=True
    )
    assert sees_it(ana, later)
    assert JourneyRole.objects.filter(user=ana, journey=later).exists()
    assert ana.pk in set(who_may("propose_journey").values_list("pk", flat=True))


def test_powers_come_only_with_everything(journey):
    role = RoleFactory(key="lead", permissions=["manage_policies"])
    ana = UserFactory()
    granting.give(role=role, on=granting.on(journey), user=ana, actor=None)
    assert not User.objects.get(pk=ana.pk).has_perm("governance.manage_policies")
    granting.give(role=role, on=granting.EVERYTHING, user=ana, actor=None)
    assert User.objects.get(pk=ana.pk).has_perm("governance.manage_policies")


def test_only_a_superuser_hands_out_powers():
    role = RoleFactory(key="auditor", permissions=["see_everything"])
    admin, root = UserFactory(is_staff=True), UserFactory(is_superuser=True)
    with refused(Forbidden):
        granting.give(role=role, on=granting.EVERYTHING, user=admin, actor=admin)
    grant = granting.give(role=role, on=granting.EVERYTHING, user=admin, actor=root)
    with refused(Forbidden):
        granting.take_back(grant=grant, actor=admin)
    role.permissions = ["see_everything", "break_glass"]
    with refused(Forbidden):
        granting.save_role(role=role, actor=admin)


def test_a_grant_ends_when_it_said_it_would(journey, role):
    ana, soon = UserFactory(), timezone.now() + timedelta(hours=1)
    granting.give(role=role, on=granting.on(journey), user=ana, ends_at=soon, actor=None)
    assert sees_it(ana, journey)
    Grant.objects.update(ends_at=timezone.now())
    assert granting.end_due() == 1
    assert not sees_it(ana, journey)
    assert Grant.objects.get().is_over
    assert granting.end_due() == 0


def test_whoever_asks_after_the_end_gets_nothing(client, journey, role):
    ana = UserFactory()
    soon = timezone.now() + timedelta(hours=1)
    granting.give(role=role, on=granting.on(journey), user=ana, ends_at=soon, actor=None)
    client.force_login(ana, backend="people.backends.AccountBackend")
    assert client.get(f"/journeys/{journey.key}/").status_code == 200
    # No worker has looked yet.
    Grant.objects.update(ends_at=timezone.now())
    assert client.get(f"/journeys/{journey.key}/").status_code == 404
    assert Grant.objects.get().is_over


def test_given_again_a_grant_is_in_force_again(journey, role):
    ana, soon = UserFactory(), timezone.now() + timedelta(hours=1)
    place = {"role": role, "on": granting.on(journey), "user": ana, "actor": None}
    granting.give(ends_at=soon, **place)
    Grant.objects.update(ends_at=timezone.now())
    granting.end_due()
    granting.give(**place)
    assert sees_it(ana, journey)
    assert Grant.objects.get().ends_at is None


def test_an_end_lies_ahead(journey, role):
    with refused(Invalid):
        past = timezone.now() - timedelta(minutes=1)
        granting.give(
            role=role, on=granting.on(journey), user=UserFactory(), ends_at=past, actor=None
        )
    assert not Grant.objects.exists()


def test_roles_are_handed_over(journey, role):
    ana, bo = UserFactory(), UserFactory()
    granting.give(role=role, on=granting.on(journey), user=ana, actor=None)
    assert granting.hand_over(giver=ana, taker=bo, actor=None) == 1
    assert (sees_it(ana, journey), sees_it(bo, journey)) == (False, True)


# --- compared and repaired ------------------------------------------------------------------------


def test_what_somebody_wrote_past_the_service_is_found_and_repaired(journey, role, capsys):
    ana = UserFactory()
    granting.give(role=role, on=granting.on(journey), user=ana, actor=None)
    call_command("check_grants")
    Journey.objects.update(readers=[UserFactory().pk])
    with pytest.raises(CommandError, match="--repair"):
        call_command("check_grants")
    assert f"journey: 1 whose rights are not those granted: {journey.pk}" in capsys.readouterr().out
    assert not sees_it(ana, journey)
    call_command("check_grants", "--repair")
    assert sees_it(ana, journey)
    call_command("check_grants")


def test_a_group_that_is_not_its_team_is_found_and_repaired(journey, role, capsys):
    gone, new = UserFactory(), UserFactory()
    team = TeamFactory(members=[gone])
    granting.give(role=role, on=granting.on(journey), team=team, actor=None)
    Membership.objects.filter(team=team).update(user=new)
    with pytest.raises(CommandError, match="--repair"):
        call_command("check_grants")
    assert f"team: 1 whose rights are not those granted: {team.pk}" in capsys.readouterr().out
    assert (sees_it(gone, journey), sees_it(new, journey)) == (True, False)
    call_command("check_grants", "--repair")
    assert (sees_it(gone, journey), sees_it(new, journey)) == (False, True)
    call_command("check_grants")
