"""From an asset's page: what to show instead everywhere, and where it was shown before."""

import pytest
from django.urls import reverse

import content.services
from content.models import Asset
from governance import services
from governance.models import Campaign
from governance.services import campaigning
from journeys.models import Journey
from journeys.past_uses import past_uses_of
from people.models import Team
from tests.cast import build, email_document, go_live
from tests.pages import text_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast():
    return build()


@pytest.fixture
def news(cast):
    """Another e-mail, which no step shows."""
    content.services.create_asset(
        key="news",
        name="News",
        kind="email",
        team=Team.objects.get(key="email"),
        document=email_document("News") | {"name": "News"},
        actor=cast.mei,
    )
    return Asset.objects.get(key="news")


def page(client, user, route, asset, **sent):
    client.force_login(user)
    return client.get(reverse(route, args=[asset.key]), sent)


def test_others_on_the_channel_and_its_own_newest_version_are_offered(client, cast, news):
    html = page(client, cast.mei, "asset-replace", cast.asset).content.decode()
    assert "/content/news/submit/?replace=onboarding-welcome" in html
    assert "/content/onboarding-welcome/submit/?replace=onboarding-welcome&amp;version=1" in html


@pytest.mark.parametrize("change", [{"is_restricted": True}, {"status": "retired"}])
def test_what_is_hidden_or_out_of_use_is_not(client, cast, news, change):
    Asset.objects.filter(pk=news.pk).update(**change)
    html = page(client, cast.zoe, "asset-replace", cast.asset).content.decode()
    assert "/content/news/" not in html


def test_nobody_without_sight_of_it_gets_there(client, cast, news):
    Asset.objects.filter(pk=news.pk).update(is_restricted=True)
    assert page(client, cast.zoe, "asset-replace", news).status_code == 404
    assert page(client, cast.zoe, "asset-uses", news).status_code == 404


def test_the_page_of_an_asset_tells_how_far_its_campaigns_are(client, cast, news):
    place = ("account-opening", "welcome-email", "body")
    campaign = services.start_campaign(
        actor=cast.mei,
        asset_key="news",
        version=1,
        places=[place],
        title="News instead",
        replaced_key=cast.asset.key,
    )
    campaigning.carry_out(campaign=campaign.pk)
    said = text_of(page(client, cast.mei, "asset-detail", news))
    assert "News instead" in said
    assert "0 of 1 journeys live" in said
    client.force_login(cast.mei)
    shown = text_of(client.get(reverse("campaign-detail", args=[campaign.pk])))
    assert "In place of: Onboarding welcome" in shown
    Asset.objects.filter(pk=cast.asset.pk).update(is_restricted=True)
    client.force_login(cast.zoe)
    assert "Onboarding" not in text_of(client.get(reverse("campaign-detail", args=[campaign.pk])))
    assert Campaign.objects.count() == 1


def shows(asset, number):
    version = asset.versions.get(number=number)
    fields = {
        "slots/body/asset": asset.key,
        "slots/body/version": number,
        "slots/body/digest": version.digest,
    }
    return {"op": "update", "element": "steps", "key": "welcome-email", "fields": fields}


def test_where_it_was_shown_before_is_told(client, cast, news):
    assert past_uses_of(cast.ana, cast.asset) == []
    go_live(cast, shows(news, 1), by=("tom", "ana"))
    (use,) = past_uses_of(cast.ana, cast.asset)
    assert (use.step_key, use.slot, use.version) == ("welcome-email", "body", 1)
    assert past_uses_of(cast.ana, news) == []
    said = text_of(page(client, cast.ana, "asset-uses", cast.asset))
    assert "Welcome e-mail" in said.partition("Where it was used before")[2]


def test_an_earlier_version_counts_where_a_newer_is_shown(cast):
    asset = Asset.objects.get(pk=cast.asset.pk)
    content.services.add_version(asset=asset, document=email_document("Other"), actor=cast.mei)
    go_live(cast, shows(asset, 2), by=("tom", "ana"))
    assert [use.version for use in past_uses_of(cast.ana, asset)] == [1]


def test_uses_in_journeys_of_others_are_not(cast, news):
    go_live(cast, shows(news, 1), by=("tom", "ana"))
    Journey.objects.update(is_restricted=True, readers=[])
    assert past_uses_of(cast.zoe, cast.asset) == []
    assert len(past_uses_of(cast.ida, cast.asset)) == 1
