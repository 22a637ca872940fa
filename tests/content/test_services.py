"""Assets and their versions: who writes them, how they are numbered, what is live."""

import threading

import pytest
from django.contrib.auth.models import Permission
from django.db import DatabaseError, connection, transaction

from cjops.core.errors import Conflict, DocumentInvalid, Forbidden, Invalid, NotFound
from cjops.documents import digest
from content import definition, policies, queries, services
from content.adapter import ADAPTER
from content.models import Asset, AssetVersion
from journeys import reading
from people.services import set_membership
from tests.factories import (
    AssetFactory,
    ChannelFactory,
    JourneyFactory,
    TeamFactory,
    UserFactory,
    email_document,
    journey_document,
    publish,
    slot_of,
)
from tests.refusing import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def mei():
    return UserFactory(name="Mei")


@pytest.fixture
def team(mei):
    return TeamFactory(channels=["email"], members=[mei])


def create(team, actor, **fields):
    wanted = {"key": "welcome", "name": "Welcome", "kind": "email", "document": email_document()}
    return services.create_asset(team=team, actor=actor, **(wanted | fields))


def with_subject(subject):
    document = definition.complete(email_document())
    return document | {"renditions": [document["renditions"][0] | {"subject": subject}]}


def test_an_asset_begins_with_a_version_that_is_not_live(team, mei):
    version = create(team, mei)
    asset = version.subject
    assert (version.number, version.parent_digest) == (1, "")
    assert version.digest == digest(version.document)
    assert (asset.live_version, asset.channel.key) == (None, "email")
    assert asset.languages == ["en", "zh-Hans"]
    assert asset.history.get().history_user == mei


def test_only_the_team_writes(team, mei):
    outsider = UserFactory()
    TeamFactory(leads=[outsider])
    with refused(Forbidden):
        create(team, outsider)
    assert not Asset.objects.exists()
    version = create(team, mei)
    with refused(Forbidden):
        services.add_version(asset=version.subject, document=with_subject("x"), actor=outsider)
    assert AssetVersion.objects.count() == 1
    assert policies.can_write(mei, version.subject)
    assert policies.can_write(UserFactory(is_superuser=True), version.subject)
    assert not policies.can_write(outsider, version.subject)


@pytest.mark.parametrize("key", ["", "Welcome", "a b", "-a", "a\n", "a" * 81, "ａ", "../a"])
def test_a_bad_key_is_refused(team, mei, key):
    with refused(Invalid) as refusal:
        create(team, mei, key=key)
    assert "key" in refusal.value.errors


def test_a_key_is_taken_once(team, mei):
    create(team, mei)
    with refused(Conflict):
        create(team, mei)


def test_a_document_of_another_kind_is_refused(team, mei):
    with refused(DocumentInvalid):
        create(team, mei, kind="sms")
    version = create(team, mei)
    with refused(DocumentInvalid):
        services.add_version(
            asset=version.subject, document=with_subject("x") | {"kind": "push"}, actor=mei
        )


def test_a_kind_whose_channel_is_missing_is_refused(team, mei):
    with refused(NotFound):
        create(team, mei, kind="push", document={"renditions": []})


@pytest.mark.parametrize("document", [None, [], "text", {"kind": "email", "x": 1}])
def test_what_is_no_document_leaves_nothing_behind(team, mei, document):
    with refused(DocumentInvalid):
        create(team, mei, document=document)
    assert not Asset.objects.exists()


def test_versions_are_numbered_and_know_their_parent(team, mei):
    first = create(team, mei)
    second = services.add_version(asset=first.subject, document=with_subject("Hi"), actor=mei)
    assert (second.number, second.parent_digest) == (2, first.digest)
    assert any("Simplified Chinese" in sentence for sentence in second.words)


def test_saying_the_same_again_is_the_same_version(team, mei):
    first = create(team, mei)
    services.add_version(asset=first.subject, document=with_subject("Hi"), actor=mei)
    again = services.add_version(asset=first.subject, document=email_document(), actor=mei)
    assert again == first
    assert AssetVersion.objects.count() == 2


def test_lists_show_what_is_live_and_before_that_what_was_written_last(team, mei):
    asset = create(team, mei).subject
    services.add_version(asset=asset, document=with_subject("x") | {"name": "Hi"}, actor=mei)
    asset.refresh_from_db()
    assert asset.name == "Hi"
    services.make_live(bound={("welcome", 1)}, actor=mei)
    asset.refresh_from_db()
    assert (asset.name, asset.live_version.number) == ("Welcome", 1)
    services.add_version(asset=asset, document=with_subject("y") | {"name": "Ho"}, actor=mei)
    asset.refresh_from_db()
    assert asset.name == "Welcome"


def test_making_live_what_is_live_writes_nothing(django_assert_num_queries):
    asset = AssetFactory()
    with django_assert_num_queries(2):
        services.make_live(bound={(asset.key, 1), ("none", 1)})
    assert asset.history.count() == Asset.objects.get().history.count()


def test_the_adapter_projects_the_header_and_refuses_another_kind():
    asset, actor = AssetFactory(), UserFactory()
    document = asset.live_version.get_document()
    ADAPTER.project(asset, document | {"name": "New", "renditions": []}, actor)
    asset.refresh_from_db()
    assert (asset.name, asset.languages) == ("New", [])
    assert asset.history.first().history_user == actor
    with refused(DocumentInvalid):
        ADAPTER.project(asset, document | {"kind": "sms"}, actor)


@pytest.mark.parametrize("statement", ["UPDATE content_assetversion SET number = 9", "DELETE"])
def test_the_database_keeps_versions_as_they_were_written(statement):
    version = AssetFactory().live_version
    sql = "DELETE FROM content_assetversion" if statement == "DELETE" else statement
    with pytest.raises(DatabaseError, match="immutable"), transaction.atomic():
        connection.cursor().execute(sql)
    with pytest.raises(DatabaseError, match="immutable"), transaction.atomic():
        version.save()
    assert AssetVersion.objects.get().number == 1


@pytest.mark.django_db(transaction=True)
def test_two_writers_at_once_get_two_numbers():
    asset = AssetFactory()
    members = [UserFactory(), UserFactory()]
    for member in members:
        set_membership(team=asset.team, user=member, actor=None)
    barrier = threading.Barrier(2)
    failures = []

    def write(member):
        barrier.wait()
        try:
            services.add_version(asset=asset, document=with_subject(member.name), actor=member)
        except Exception as error:  # noqa: BLE001 - the main thread reports it
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(member,)) for member in members]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert sorted(asset.versions.values_list("number", flat=True)) == [1, 2, 3]


def test_restricted_assets_are_seen_by_their_team_and_auditors_only(team, mei):
    asset = create(team, mei, is_restricted=True).subject
    outsider, auditor = UserFactory(), UserFactory()
    TeamFactory(members=[outsider])
    auditor.user_permissions.add(Permission.objects.get(codename="see_everything"))
    assert queries.get_asset_for(user=mei, key=asset.key) == asset
    assert queries.get_version_for(user=auditor, key=asset.key, number=1).subject == asset
    for read in (
        lambda: queries.get_asset_for(user=outsider, key=asset.key),
        lambda: queries.get_version_for(user=outsider, key=asset.key, number=1),
        lambda: queries.get_asset_for(user=mei, key="none"),
        lambda: queries.get_version_for(user=mei, key=asset.key, number=2),
    ):
        with pytest.raises(NotFound):
            read()
    assert list(queries.library(outsider)) == []


def test_the_library_is_searched_and_filtered(team, mei):
    create(team, mei)
    ChannelFactory(key="sms")
    create(
        team,
        mei,
        key="reminder",
        kind="sms",
        document={"name": "Erinnerung 提醒", "renditions": [{"key": "zh-hans", "text": "好"}]},
    )

    def keys(**filters):
        return [asset.key for asset in queries.library(mei, **filters)]

    assert keys() == ["reminder", "welcome"]
    assert keys(q="WELC") == keys(kind="email") == keys(language="en") == ["welcome"]
    assert keys(q="提醒") == keys(kind="sms") == ["reminder"]
    assert keys(team=team.key) == ["reminder", "welcome"]
    assert keys(team="none") == keys(is_live=True) == keys(q="%") == keys(q="_") == []
    assert keys(q="\x00") == ["reminder", "welcome"]


def test_the_library_costs_the_same_however_long(django_assert_num_queries):
    reader = UserFactory()
    team = TeamFactory()
    for _number in range(3):
        asset = AssetFactory(team=team)
        document = journey_document()
        step = document["steps"][0] | {"slots": {"body": slot_of(asset.live_version)}}
        document["steps"] = [step, *document["steps"][1:]]
        publish(JourneyFactory(is_live=False), document)
    reader.has_perm("people.see_everything")
    with django_assert_num_queries(2):
        assets = list(queries.library(reader))
        assert reading.use_counts(reader, [asset.pk for asset in assets]) == {
            asset.pk: 1 for asset in assets
        }
        assert {(asset.team.name, asset.channel.key) for asset in assets} == {(team.name, "email")}


def test_use_in_journeys_the_reader_does_not_see_is_not_told():
    asset, reader = AssetFactory(), UserFactory()
    document = journey_document()
    step = document["steps"][0] | {"slots": {"body": slot_of(asset.live_version)}}
    document["steps"] = [step, *document["steps"][1:]]
    publish(JourneyFactory(is_live=False, is_restricted=True), document)
    auditor = UserFactory(is_superuser=True)
    assert not reading.uses_of(reader, asset)
    assert reading.use_counts(reader, [asset.pk]) == {}
    assert [use.step.key for use in reading.uses_of(auditor, asset)] == [step["key"]]
    assert reading.use_counts(auditor, [asset.pk]) == {asset.pk: 1}
