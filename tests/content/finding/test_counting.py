"""Facets count what a reader sees, all of it or so much that nobody wants to know more."""

import pytest
from django.urls import reverse

from content.finding import counting, facets, searching
from content.models import Asset, AssetStatus
from tests.content.finding.test_searching import asset
from tests.factories import TeamFactory, UserFactory
from tests.pages import text_of

pytestmark = pytest.mark.django_db


def counted(reader, typed="", **chosen):
    search = searching.Search(reader, typed)
    return counting.counted(search.to_count, facets.tidy(chosen), reader)


def test_restricted_assets_are_counted_for_their_readers_alone():
    owner, auditor = UserFactory(), UserFactory(is_superuser=True)
    team = TeamFactory(members=[owner])
    asset("Open", team=team)
    asset("Secret", team=team, is_restricted=True, document={"tags": ["theme:spring"]})
    seen = [counted(reader) for reader in (UserFactory(), owner, auditor)]
    assert [one.total for one in seen] == [1, 2, 2]
    assert [one.by_facet["team"][team.key] for one in seen] == [1, 2, 2]
    assert [one.by_facet["tag"]["theme:spring"] for one in seen] == [0, 1, 1]
    for reader in (UserFactory(), owner, auditor):
        apart = [pk for part in Asset.objects.seen_apart(reader) for pk in part.values_list("pk")]
        assert sorted(apart) == sorted(Asset.objects.visible_to(reader).values_list("pk"))


def test_each_facet_counts_with_all_choices_but_its_own():
    reader, one, other = UserFactory(), TeamFactory(), TeamFactory()
    asset("A", team=one, zh="您好")
    asset("B", team=one, is_live=False)
    asset("C", team=other)
    found = counted(reader, team=[one.key], state=["live"])
    assert found.total == 1
    assert found.by_facet["team"] == {one.key: 1, other.key: 1}
    assert found.by_facet["state"] == {"live": 1, "not-live": 1}
    assert found.by_facet["language"] == {"en": 1, "zh-hans": 1}
    assert found.by_facet["kind"] == {"email": 1}


def test_whatever_writes_a_row_its_facets_follow():
    one, reader = asset("A"), UserFactory()
    assert counted(reader).by_facet["status"] == {"active": 1}
    Asset.objects.filter(pk=one.pk).update(status=AssetStatus.RETIRED, live_version=None)
    found = counted(reader).by_facet
    assert (found["status"], found["state"]) == ({"retired": 1}, {"not-live": 1})


def test_more_languages_than_an_index_has_room_for_are_kept():
    languages = [f"en-x-{number:03d}{'a1b2c3d4' * 3}" for number in range(100)]
    one = asset("A")
    Asset.objects.filter(pk=one.pk).update(languages=languages)
    found = counted(UserFactory())
    assert found.total == 1
    assert 40 < len(found.by_facet["language"]) < 100


def test_of_a_word_that_very_many_say_the_first_are_counted_and_all_listed(client, monkeypatch):
    monkeypatch.setattr(searching, "COUNTED", 2)
    for number in range(4):
        asset(f"Mortgage {number}")
    reader = UserFactory()
    assert counted(reader, "mortgage").is_cut
    assert not counted(reader, "3").is_cut
    client.force_login(reader)
    page = text_of(client.get(reverse("asset-list"), {"q": "mortgage"}))
    assert "Very much fits" in page
    assert "2+" in page
    assert all(f"Mortgage {number}" in page for number in range(4))
    assert "Very much fits" not in text_of(client.get(reverse("asset-list"), {"q": "mortgage 3"}))


def test_the_api_says_that_not_all_were_counted(client, monkeypatch):
    for number in range(4):
        asset(f"Mortgage {number}")
    client.force_login(UserFactory())
    address = reverse("api-asset-facets")
    told = client.get(address, {"q": "mortgage"}).json()
    assert (told["count"], told["is_cut"]) == (4, False)
    monkeypatch.setattr(searching, "COUNTED", 2)
    told = client.get(address, {"q": "mortgage"}).json()
    assert (told["count"], told["is_cut"]) == (4, True)
