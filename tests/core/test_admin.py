"""The administration: pages load, windows stay windows, and what is saved goes by the services."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse

from cjops.core.admin import Window
from content.models import Asset, AssetVersion
from journeys.models import (
    Journey,
    JourneyUserObjectPermission,
    JourneyVersion,
)
from people import granting, services
from people.models import ApiToken, Channel, Grant, Membership, Role, Team, User
from tags import projection
from tags.models import Taxonomy, TaxonomyVersion
from tests.factories import (
    PASSWORD,
    AssetFactory,
    ChannelFactory,
    JourneyFactory,
    RoleFactory,
    TeamFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

WINDOWS = [model for model, shown in admin.site._registry.items() if isinstance(shown, Window)]
OURS = ("people", "tags", "content", "journeys", "governance")
EDITED = [
    model
    for model in admin.site._registry
    if model._meta.app_label in OURS and model not in WINDOWS
]


def address(model, page, *args) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def ids(models) -> list[str]:
    return [model.__name__ for model in models]


@pytest.fixture
def omar():
    return UserFactory(name="Omar", is_staff=True, is_superuser=True)


@pytest.fixture
def office(client: Client, omar) -> Client:
    client.force_login(omar)
    return client


@pytest.fixture
def furnished(omar):
    """A row of each kind of thing."""
    team = TeamFactory(leads=[omar], channels=["email"])
    AssetFactory(team=team)
    journey = JourneyFactory(is_restricted=True)
    granting.give(on=granting.on(journey), role=RoleFactory(), user=omar, actor=None)
    taxonomy = Taxonomy.objects.create(key="topic", name="Topic", team=team)
    document = {"name": "Topic", "concepts": []}
    taxonomy.live_version = TaxonomyVersion.objects.create(
        subject=taxonomy,
        number=1,
        document=document,
        digest="0" * 64,
        created_at=omar.date_joined,
        created_by=omar,
    )
    taxonomy.save()
    projection.project(taxonomy=taxonomy, document=document, actor=None)
    services.issue_token(user=omar, name="import")


def test_governed_things_are_windows():
    assert {Asset, AssetVersion, JourneyVersion, Taxonomy, TaxonomyVersion} <= set(WINDOWS)
    assert not admin.site.is_registered(Group)


@pytest.mark.parametrize("model", [*WINDOWS, *EDITED], ids=ids([*WINDOWS, *EDITED]))
def test_lists_and_pages_load(office, furnished, model):
    response = office.get(address(model, "changelist"), {"q": "a"})
    assert response.status_code == 200
    assert office.get(address(model, "changelist")).status_code == 200
    for row in model._default_manager.all()[:1]:
        response = office.get(address(model, "change", row.pk))
        assert response.status_code == 200
        assert "script-src 'self'" in response["Content-Security-Policy"]


@pytest.mark.parametrize("model", WINDOWS, ids=ids(WINDOWS))
def test_a_window_is_never_a_pen(office, furnished, model):
    assert office.get(address(model, "add")).status_code == 403
    assert office.post(address(model, "add"), {}).status_code == 403
    for row in model._default_manager.all()[:1]:
        before = model._default_manager.values().get(pk=row.pk)
        assert office.post(address(model, "change", row.pk), {"name": "X"}).status_code == 403
        assert office.post(address(model, "delete", row.pk), {"post": "yes"}).status_code == 403
        act = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
        office.post(address(model, "changelist"), act)
        assert model._default_manager.values().get(pk=row.pk) == before


@pytest.mark.parametrize("model", [User, Team, Journey], ids=ids([User, Team, Journey]))
def test_nobody_deletes_what_others_rely_on(office, furnished, model):
    row = model._default_manager.first()
    assert office.post(address(model, "delete", row.pk), {"post": "yes"}).status_code == 403


def test_people_sign_in_at_the_portals_door(client: Client):
    response = client.get("/admin/people/user/")
    assert response.status_code == 302
    response = client.get(response["Location"])
    assert response["Location"].startswith("/accounts/login/?next=")


def test_who_is_no_admin_is_refused(client: Client):
    client.force_login(UserFactory())
    assert client.get("/admin/", follow=True).status_code == 403


def formset(prefix, *rows, initial=0) -> dict[str, str]:
    """What a browser sends for the inline rows of a page."""
    sent = {f"{prefix}-TOTAL_FORMS": str(len(rows)), f"{prefix}-INITIAL_FORMS": str(initial)}
    for number, row in enumerate(rows):
        sent |= {f"{prefix}-{number}-{name}": str(value) for name, value in row.items()}
    return sent


def team_form(team=None, **fields):
    known = {} if team else {"key": "email"}
    return known | {"name": "E-mail", "kind": "channel", "channels": []} | fields


def group_of(team) -> set[User]:
    return set(User.objects.filter(groups=team.group_id))


def test_a_team_is_made_with_its_people_and_channels(office, omar):
    mei, channel = UserFactory(), ChannelFactory()
    people = formset("memberships", {"user": mei.pk, "role": "lead"})
    response = office.post(address(Team, "add"), team_form(channels=[channel.pk]) | people)
    assert response.status_code == 302
    team = Team.objects.get()
    assert group_of(team) == {mei}
    assert list(team.channels.all()) == [channel]
    assert team.history.first().history_user == omar
    assert Membership.history.get().history_user == omar


def test_members_come_go_and_change_their_role(office):
    lead, going, coming = UserFactory(), UserFactory(), UserFactory()
    team = TeamFactory(key="email", leads=[lead], members=[going])
    stays, goes = team.memberships.get(user=lead), team.memberships.get(user=going)
    people = formset(
        "memberships",
        {"id": stays.pk, "team": team.pk, "user": lead.pk, "role": "contributor"},
        {"id": goes.pk, "team": team.pk, "user": going.pk, "role": "contributor", "DELETE": "on"},
        {"team": team.pk, "user": coming.pk, "role": "lead"},
        initial=2,
    )
    response = office.post(address(Team, "change", team.pk), team_form(team) | people)
    assert response.status_code == 302
    assert group_of(team) == {lead, coming}
    assert dict(team.memberships.values_list("user", "role")) == {
        lead.pk: "contributor",
        coming.pk: "lead",
    }


def test_a_membership_given_to_somebody_else_takes_the_rights_along(office):
    before, after = UserFactory(), UserFactory()
    team = TeamFactory(key="email", members=[before])
    row = {"id": team.memberships.get().pk, "team": team.pk, "user": after.pk, "role": "lead"}
    office.post(
        address(Team, "change", team.pk), team_form(team) | formset("memberships", row, initial=1)
    )
    assert group_of(team) == {after}


def test_the_key_of_a_team_stays(office):
    team = TeamFactory(key="email")
    form = team_form(team, key="other") | formset("memberships")
    office.post(address(Team, "change", team.pk), form)
    team.refresh_from_db()
    assert (team.key, team.name) == ("email", "E-mail")


def journey_form(journey, *grants, initial=0, **fields):
    rows = [
        {"scope": "journey", "step": "", "ends_at_0": "", "ends_at_1": ""} | one for one in grants
    ]
    return fields | formset("grants", *rows, initial=initial)


def rights(user) -> set[str]:
    rows = JourneyUserObjectPermission.objects.filter(user=user)
    return set(rows.values_list("permission__codename", flat=True))


def test_roles_on_a_journey_are_granted_and_revoked(office, omar):
    journey, role, ana = JourneyFactory(), RoleFactory(), UserFactory()
    page = address(Journey, "change", journey.pk)
    granted = {"journey": journey.pk, "role": role.pk, "user": ana.pk, "team": ""}
    assert office.post(page, journey_form(journey, granted, is_restricted="on")).status_code == 302
    journey.refresh_from_db()
    assert journey.is_restricted
    assert journey.history.first().history_user == omar
    assert rights(ana) == {"view_journey", "propose_journey"}
    grant = Grant.objects.get()
    assert grant.history.get().history_user == omar
    gone = granted | {"id": grant.pk, "DELETE": "on"}
    office.post(page, journey_form(journey, gone, initial=1))
    assert rights(ana) == set()
    assert not Grant.objects.exists()


def test_a_role_given_to_somebody_else_takes_the_rights_along(office):
    journey, ana, bo = JourneyFactory(), UserFactory(), UserFactory()
    page = address(Journey, "change", journey.pk)
    row = {"journey": journey.pk, "role": RoleFactory().pk, "user": ana.pk, "team": ""}
    office.post(page, journey_form(journey, row))
    moved = row | {"id": Grant.objects.get().pk, "user": bo.pk}
    assert office.post(page, journey_form(journey, moved, initial=1)).status_code == 302
    assert (rights(ana), len(rights(bo))) == (set(), 2)


@pytest.mark.parametrize("both", [True, False])
def test_a_role_is_for_one_person_or_one_team(office, both):
    journey, ana, team = JourneyFactory(), UserFactory(), TeamFactory()
    row = {"journey": journey.pk, "role": RoleFactory().pk}
    row |= {"user": ana.pk, "team": team.pk} if both else {"user": "", "team": ""}
    response = office.post(address(Journey, "change", journey.pk), journey_form(journey, row))
    assert response.status_code == 200
    assert not Grant.objects.exists()


def test_a_journey_is_no_part_of_itself(office):
    journey = JourneyFactory()
    form = journey_form(journey, parent=journey.pk)
    assert office.post(address(Journey, "change", journey.pk), form).status_code == 200
    journey.refresh_from_db()
    assert journey.parent is None


def test_what_a_journey_says_is_not_edited_here(office):
    journey = JourneyFactory(key="opening")
    form = journey_form(journey, name="Hacked", key="hacked", market="Mars")
    assert office.post(address(Journey, "change", journey.pk), form).status_code == 302
    journey.refresh_from_db()
    assert (journey.key, journey.name, journey.market) == ("opening", "Account opening", "")
    assert office.get(address(Journey, "add")).status_code == 403


def test_a_role_that_changes_changes_rights(office):
    journey, ana, role = JourneyFactory(), UserFactory(), RoleFactory()
    row = {"journey": journey.pk, "role": role.pk, "user": ana.pk, "team": ""}
    office.post(address(Journey, "change", journey.pk), journey_form(journey, row))
    form = {"name": "Contributor", "permissions": ["publish_journey"], "position": 1}
    assert office.post(address(Role, "change", role.pk), form).status_code == 302
    assert rights(ana) == {"view_journey", "publish_journey"}
    form["permissions"] = ["delete_everything"]
    assert office.post(address(Role, "change", role.pk), form).status_code == 200
    assert rights(ana) == {"view_journey", "publish_journey"}


def test_a_role_that_is_held_cannot_be_deleted(office, furnished):
    role = Role.objects.get()
    office.post(address(Role, "delete", role.pk), {"post": "yes"})
    assert Role.objects.exists()


def test_an_account_is_made_that_can_sign_in(office, client: Client, omar):
    form = {
        "email": "Mei@Bank.Example",
        "name": "Mei",
        "locale": "zh-hans",
        "time_zone": "Asia/Shanghai",
        "usable_password": "true",
        "password1": PASSWORD,
        "password2": PASSWORD,
    }
    assert office.post(address(User, "add"), form).status_code == 302
    mei = User.objects.get(email="mei@bank.example")
    assert mei.check_password(PASSWORD)
    assert mei.history.first().history_user == omar
    assert office.post(address(User, "add"), form).status_code == 200  # the address is taken
    form |= {"email": "x@bank.example", "time_zone": "Mars/Olympus"}
    assert office.post(address(User, "add"), form).status_code == 200
    assert User.objects.count() == 2


def test_only_a_superuser_hands_out_powers(client: Client):
    helper = UserFactory(is_staff=True)
    helper.user_permissions.add(
        *Permission.objects.filter(codename__in=["view_user", "change_user"])
    )
    client.force_login(helper)
    form = {
        "email": helper.email,
        "name": "Helper",
        "locale": "en",
        "time_zone": "UTC",
        "mails": "each",
        "is_active": "on",
        "is_superuser": "on",
        "is_staff": "on",
    }
    assert client.post(address(User, "change", helper.pk), form).status_code == 302
    helper.refresh_from_db()
    assert (helper.name, helper.is_superuser) == ("Helper", False)


def test_the_password_of_an_account_is_changed(office):
    mei = UserFactory()
    form = {"usable_password": "true", "password1": PASSWORD + "!", "password2": PASSWORD + "!"}
    assert office.post(f"/admin/people/user/{mei.pk}/password/", form).status_code == 302
    mei.refresh_from_db()
    assert mei.check_password(PASSWORD + "!")


def test_a_channel_is_added_and_one_in_use_stays(office, furnished):
    form = {"key": "fax", "name": "Fax", "position": 1}
    assert office.post(address(Channel, "add"), form).status_code == 302
    used, unused = Channel.objects.get(key="email"), Channel.objects.get(key="fax")
    for channel in (used, unused):
        office.post(address(Channel, "delete", channel.pk), {"post": "yes"})
    assert list(Channel.objects.values_list("key", flat=True)) == ["email"]


def test_a_token_is_ended_and_never_made_or_read_here(office, furnished):
    token = ApiToken.objects.get()
    assert office.get(address(ApiToken, "add")).status_code == 403
    assert token.digest not in office.get(address(ApiToken, "change", token.pk)).text
    office.post(address(ApiToken, "delete", token.pk), {"post": "yes"})
    assert not ApiToken.objects.exists()
