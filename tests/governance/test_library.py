"""Many assets at once, retiring with what it touches, what ends when, collections."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

import content.services
from content import collecting
from content.models import Asset, Collection
from governance.models import Change, ExpiryNotice, Notification
from governance.services import expiring, retiring
from journeys import reading
from tests.cast import build
from tests.pages import text_of

pytestmark = pytest.mark.django_db(transaction=True)
KEY = "onboarding-welcome"
TODAY = timezone.localdate()


@pytest.fixture
def cast():
    return build()


def ending(cast, days, what="rights"):
    """The asset with something that ends in so many days, made live."""
    asset = Asset.objects.get(pk=cast.asset.pk)
    document = asset.live_version.get_document()
    day = (TODAY + timedelta(days=days)).isoformat()
    if what == "rights":
        document = {**document, "rights": {"valid_until": day}}
    else:
        claim = {"text": "The best rate", "valid_until": day}
        first = {**document["renditions"][0], "claims": {"rate": claim}}
        document = {**document, "renditions": [first]}
    version = content.services.add_version(asset=asset, document=document, actor=cast.mei)
    content.services.make_live(bound={(asset.key, version.number)})
    return asset


def told(asset):
    people = Notification.objects.filter(kind="ending").values_list("user__name", flat=True)
    return sorted(people)


@pytest.mark.parametrize("what", ["rights", "claim"])
def test_leads_and_managers_are_told_once_for_each_threshold(cast, what):
    asset = ending(cast, 30, what)
    assert expiring.ending(TODAY) == [asset.pk]
    for _again in range(2):
        expiring.tell_of_end(asset=asset.pk, today=TODAY)
    assert told(asset) == ["Ana", "Nora", "Tom"]
    expiring.tell_of_end(asset=asset.pk, today=TODAY + timedelta(days=23))
    assert len(told(asset)) == 6


def test_after_days_without_a_worker_only_the_nearest_threshold_is_told(cast):
    asset = ending(cast, 5)
    assert expiring.tell_of_end(asset=asset.pk, today=TODAY) == 1
    assert set(ExpiryNotice.objects.values_list("days", flat=True)) == {30, 7}
    assert ExpiryNotice.objects.filter(entry=None).count() == 1


def test_a_day_that_moves_is_told_anew(cast):
    asset = ending(cast, 6)
    expiring.tell_of_end(asset=asset.pk, today=TODAY)
    ending(cast, 4)
    assert expiring.tell_of_end(asset=asset.pk, today=TODAY) == 1


def test_the_mail_says_what_ends_and_leads_to_the_asset(cast):
    from governance.notifications import mail_for  # noqa: PLC0415

    asset = ending(cast, 7)
    expiring.tell_of_end(asset=asset.pk, today=TODAY)
    mail = mail_for(Notification.objects.filter(kind="ending").first())
    assert mail.subject == "Runs out soon: Onboarding welcome"
    assert "in 7 days" in mail.body
    assert f"/content/{KEY}/" in mail.body


def test_the_calendar_lists_ends_with_the_journeys_that_show_them(cast, client):
    asset = ending(cast, 0)
    client.force_login(cast.ana)
    page = client.get(reverse("asset-calendar"))
    for words in ("Onboarding welcome", "Account opening", "Rights end"):
        assert words in text_of(page)
    assert "Account opening" not in text_of(_as(client, cast.zoe, "asset-calendar"))
    Asset.objects.filter(pk=asset.pk).update(is_restricted=True)
    assert "Onboarding welcome" not in text_of(_as(client, cast.zoe, "asset-calendar"))


@pytest.mark.parametrize("month", ["", "x", "2027-13", "2027-1", "9999-12", "2027-02", "\x00"])
def test_months_that_are_none_are_this_one(cast, client, month):
    client.force_login(cast.ana)
    assert client.get(reverse("asset-calendar"), {"month": month}).status_code == 200


def _as(client, user, route, **sent):
    client.force_login(user)
    return client.get(reverse(route), sent)


def test_retiring_tells_what_it_touches_and_opens_one_change(cast, client):
    client.force_login(cast.mei)
    url = reverse("asset-retire", args=[KEY])
    assert "Live steps that show it" in text_of(client.get(url))
    first = client.post(url, {"rationale": "Old"})
    assert client.post(url, {"rationale": "Old"})["Location"] == first["Location"]
    change = Change.objects.get(asset=cast.asset)
    assert change.revision == 1
    assert change.title == "Retire: Onboarding welcome"


def test_many_at_once_are_done_or_refused_one_by_one(cast, client):
    client.force_login(cast.zoe)
    sent = {"do": "retire", "asset": [KEY, "not-there"]}
    page = text_of(client.post(reverse("asset-bulk"), sent))
    assert page.count("Refused") == 2
    client.force_login(cast.mei)
    page = text_of(client.post(reverse("asset-bulk"), sent))
    assert page.count("Refused") == 1
    assert page.count("Done") == 1
    client.post(reverse("asset-bulk"), sent)
    assert Change.objects.filter(asset=cast.asset).count() == 1


def test_more_than_a_hundred_are_refused_before_anything_is_done(cast, client):
    client.force_login(cast.mei)
    sent = {"do": "retire", "asset": [KEY, *(f"a{number}" for number in range(100))]}
    answer = client.post(reverse("asset-bulk"), sent)
    assert answer.status_code == 400
    assert "at most 100" in text_of(answer)
    assert not Change.objects.filter(asset=cast.asset).exists()


def test_a_tag_that_nobody_sees_is_refused(cast):
    (one,) = retiring.for_each(
        [KEY], {}, lambda key: retiring.tag(key=key, tag="x:y", actor=cast.mei)
    )
    assert (one.result.is_done, one.change) == (False, None)


def test_a_collection_shows_what_its_reader_sees(cast, client):
    mine = collecting.make(name="Spring", actor=cast.mei, is_shared=True)
    assert collecting.make(name="Spring", actor=cast.mei, is_shared=True) == mine
    (done,) = collecting.add(collection=mine.pk, assets=[KEY, KEY], actor=cast.mei)
    assert done.is_done
    url = reverse("collection-detail", args=[mine.pk])
    client.force_login(cast.zoe)
    assert "Onboarding welcome" in text_of(client.get(url))
    assert client.post(url, {"asset": KEY}).status_code == 403
    Asset.objects.filter(pk=cast.asset.pk).update(is_restricted=True)
    assert "Onboarding welcome" not in text_of(client.get(url))
    assert "1 asset" not in text_of(client.get(reverse("collection-list")))


def test_a_collection_of_ones_own_is_nobody_elses(cast, client):
    mine = collecting.make(name="Spring", actor=cast.mei)
    client.force_login(cast.zoe)
    assert client.get(reverse("collection-detail", args=[mine.pk])).status_code == 404
    page = text_of(client.get(reverse("asset-list"), {"collection": mine.pk}))
    assert "Spring" not in page
    client.force_login(cast.mei)
    url = reverse("collection-detail", args=[mine.pk])
    client.post(url, {"do": "remove"})
    assert not Collection.objects.exists()


def test_unused_content_is_what_no_step_shows(cast):
    later = timezone.now() + timedelta(seconds=5)
    assert cast.asset not in reading.unused(cast.ana, later)
    assert cast.asset in reading.unused(cast.zoe, later + timedelta(days=1))
