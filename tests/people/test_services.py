"""Accounts, teams, memberships and defaults."""

import pytest

from cjops.core.errors import Conflict, Forbidden, Invalid
from people import services
from people.models import ApiToken, Channel, Membership, Role, Team, User
from tests.factories import AssetFactory, ChannelFactory, TeamFactory, UserFactory
from tests.refusing import refused

pytestmark = pytest.mark.django_db


def group_of(team: Team) -> set[User]:
    return set(User.objects.filter(groups=team.group_id))


def test_a_person_is_stored_by_lower_case_address_with_their_maker_in_the_history():
    admin = UserFactory()
    person = services.create_person(email=" Mei@Bank.Example ", name="Mei", actor=admin)
    assert person.email == "mei@bank.example"
    assert not person.has_usable_password()
    assert person.history.get().history_user == admin


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"email": "no address"}, "email"),
        ({"password": "123"}, "password"),
        ({"locale": "tlh"}, "locale"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
    ],
)
def test_a_person_with_a_bad_value_is_refused_by_field(fields, field):
    wanted = {"email": "a@bank.example", "name": "A", "actor": None} | fields
    with refused(Invalid) as refusal:
        services.create_person(**wanted)
    assert field in refusal.value.errors
    assert not User.objects.exists()


def test_one_address_is_one_person_whatever_its_case():
    services.create_person(email="mei@bank.example", name="Mei", actor=None)
    with refused(Invalid):
        services.create_person(email="MEI@bank.example", name="Mei", actor=None)


def test_the_group_of_a_team_is_its_members():
    lead, member = UserFactory(), UserFactory()
    team = TeamFactory(leads=[lead], members=[member])
    assert group_of(team) == {lead, member}
    services.remove_membership(team=team, user=member, actor=lead)
    assert group_of(team) == {lead}
    assert not Membership.objects.filter(user=member).exists()
    gone = Membership.history.filter(history_type="-").get()
    assert (gone.user_id, gone.history_user) == (member.pk, lead)


def test_setting_a_membership_twice_changes_the_role_and_adds_nobody():
    person = UserFactory()
    team = TeamFactory(members=[person])
    services.set_membership(team=team, user=person, role="lead", actor=None)
    assert team.memberships.get().role == "lead"
    assert group_of(team) == {person}


def test_the_group_follows_the_key_of_its_team():
    team = TeamFactory(key="emails")
    team.key = "email"
    services.save_team(team=team, actor=None)
    team.group.refresh_from_db()
    assert team.group.name == "team:email"


def test_a_team_with_a_bad_kind_leaves_no_group_behind(django_user_model):
    with refused(Invalid):
        services.create_team(key="email", name="E-mail", kind="club", actor=None)
    assert not Team.objects.exists()


def test_the_channels_a_team_stewards_are_in_its_history():
    team = TeamFactory(channels=["email"])
    services.set_channels(team=team, channels=[ChannelFactory(key="sms")], actor=None)
    newest = team.history.first()
    assert [row.channel.key for row in newest.channels.all()] == ["sms"]


def test_defaults_are_added_once_and_keep_what_an_admin_made_of_them():
    assert services.add_defaults() == (10, 9)
    role = Role.objects.get(key="contributor")
    role.permissions = ["view_journey"]
    role.save()
    Channel.objects.get(key="branch").delete()
    assert services.add_defaults() == (0, 1)
    role.refresh_from_db()
    assert role.permissions == ["view_journey"]


def test_the_default_roles_give_the_rights_agreed():
    services.add_defaults()
    held = {role.key: set(role.permissions) for role in Role.objects.all()}
    assert held["governance-lead"] == {"manage_policies"}
    assert held["auditor"] == {"see_everything"}
    rights = {key: {one for one in codes if "journey" in one} for key, codes in held.items()}
    everything = {"view_journey", "propose_journey", "publish_journey", "manage_journey"}
    assert rights["journey-manager"] == everything
    assert rights["viewer"] == {"view_journey"}
    for key in ("analysis-manager", "optimisation-manager", "design-manager", "contributor"):
        assert rights[key] == {"view_journey", "propose_journey"}
    owners = set(Role.objects.filter(is_owner=True).values_list("key", flat=True))
    assert owners == {
        "journey-manager",
        "analysis-manager",
        "optimisation-manager",
        "design-manager",
    }


def test_a_token_is_stored_as_its_digest_only():
    person = UserFactory()
    token = services.issue_token(user=person, name="import")
    row = ApiToken.objects.get()
    assert row.digest == services.token_digest(token)
    assert token not in {str(value) for value in vars(row).values()}


def test_an_inactive_person_gets_no_token():
    with refused(Forbidden):
        services.issue_token(user=UserFactory(is_active=False))
    assert not ApiToken.objects.exists()


def test_a_channel_in_use_stays():
    AssetFactory(kind="email")
    with refused(Conflict):
        services.delete_channel(channel=Channel.objects.get(key="email"), actor=None)


def test_an_unused_channel_goes_with_its_history():
    admin, channel = UserFactory(), ChannelFactory(key="fax")
    services.delete_channel(channel=channel, actor=admin)
    assert not Channel.objects.exists()
    assert Channel.history.filter(history_type="-").get().history_user == admin
