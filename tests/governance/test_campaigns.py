"""One piece of content for many steps: a change for each journey, each with a result of its own."""

import pytest
from django.utils import timezone, translation
from django.utils.html import escape

import content.services
from cjops.core.errors import Conflict, Forbidden, Invalid, NotFound
from content.models import Asset
from governance import services
from governance.models import Campaign, CampaignPart, Change, IdempotentRequest
from governance.queries.campaigns import get_campaign_for, parts_of, progress_of, slots_for
from governance.services import Repeat, campaigning
from governance.transitions import Action
from journeys.definition import complete
from journeys.models import Journey
from people.models import Team
from tests.cast import email_document, journey_document
from tests.factories import JourneyFactory

State = CampaignPart.State
HERE = ("account-opening", "welcome-email", "body")


@pytest.fixture
def news(cast):
    """Another e-mail of the same team."""
    version = content.services.create_asset(
        key="news",
        name="News",
        kind="email",
        team=Team.objects.get(key="email"),
        document=email_document("News for you"),
        actor=cast.mei,
    )
    return version.subject


@pytest.fixture
def second(cast):
    """A second journey with the same step, of which Ana is no manager."""
    document = complete(journey_document(cast.asset.live_version.digest) | {"name": "Second"})
    return JourneyFactory(key="second", name="Second", document=document)


def start(cast, news, *places, **more):
    return services.start_campaign(
        actor=cast.mei,
        asset_key=news.key,
        version=1,
        places=places or [HERE],
        title="News everywhere",
        rationale="Fresh",
        **more,
    )


def states(campaign):
    return {part.journey.key: part.state for part in campaign.parts.select_related("journey")}


def test_each_journey_gets_a_change(cast, news):
    campaign = start(cast, news)
    assert states(campaign) == {"account-opening": State.WAITING}
    assert campaigning.carry_out(campaign=campaign.pk) == 1
    change = campaign.parts.get().change
    assert change.state == "in_review"
    assert change.author == cast.mei
    step = next(
        one
        for one in change.revisions.get(number=change.revision).document["steps"]
        if one["key"] == "welcome-email"
    )
    assert (step["slots"]["body"]["asset"], step["slots"]["body"]["version"]) == ("news", 1)


def test_carried_out_twice_it_opens_one_change(cast, news):
    campaign = start(cast, news)
    campaigning.carry_out(campaign=campaign.pk)
    assert campaigning.carry_out(campaign=campaign.pk) == 0
    assert Change.objects.filter(title="News everywhere").count() == 1


def test_what_one_journey_refuses_keeps_no_other_back(cast, news, second):
    campaign = start(cast, news, HERE, ("second", "no-such-step", "body"))
    campaigning.carry_out(campaign=campaign.pk)
    assert states(campaign) == {"account-opening": State.OPENED, "second": State.REFUSED}
    refused = campaign.parts.get(journey=second)
    assert "no longer part of the live journey" in " ".join(refused.refusals)
    assert refused.change is None
    assert not Change.objects.filter(journey=second).exists()


def test_another_channel_is_refused_with_the_reason(cast, news):
    campaign = start(cast, news, ("account-opening", "call", "script"))
    campaigning.carry_out(campaign=campaign.pk)
    assert "call-centre" in " ".join(campaign.parts.get().refusals)


def test_why_it_was_refused_is_read_in_ones_own_language(cast, news, signed_in):
    cast.mei.locale = "zh-hans"
    cast.mei.save()
    campaign = start(cast, news, ("account-opening", "call", "script"))
    campaigning.carry_out(campaign=campaign.pk)
    part = campaign.parts.get()
    assert set(part.reasons) == {"en", "zh-hans", "zh-hant"}
    assert len({tuple(told) for told in part.reasons.values()}) == 3
    for language, told in part.reasons.items():
        with translation.override(language):
            assert part.refusals == told
    page = signed_in("tom").get(f"/campaigns/{campaign.pk}/").content.decode()
    assert escape(part.reasons["en"][0]) in page
    assert part.reasons["zh-hans"][0] not in page


def test_what_was_kept_in_one_language_is_shown_as_it_is(cast, news):
    part = start(cast, news).parts.get()
    part.reasons = ["It was refused."]
    with translation.override("zh-hans"):
        assert part.refusals == ["It was refused."]


def test_what_refused_it_once_and_does_no_more_refuses_nothing(cast, news, monkeypatch):
    campaign = start(cast, news)
    real, refusals = campaigning.fill_slots, [Conflict("Not now.")]

    def once(**more):
        if refusals:
            raise refusals.pop()
        return real(**more)

    monkeypatch.setattr(campaigning, "fill_slots", once)
    assert campaigning.carry_out(campaign=campaign.pk) == 1
    part = campaign.parts.get()
    assert (part.state, part.reasons) == (State.OPENED, {})


def test_who_left_starts_nothing(cast, news):
    campaign = start(cast, news)
    cast.mei.is_active = False
    cast.mei.save()
    campaigning.carry_out(campaign=campaign.pk)
    assert states(campaign) == {"account-opening": State.REFUSED}


def test_a_journey_that_is_not_open_to_the_person_is_not_found(cast, news, second):
    Journey.objects.filter(pk=second.pk).update(is_restricted=True, readers=[])
    with pytest.raises(NotFound):
        start(cast, news, ("second", "welcome-email", "body"))
    assert not Campaign.objects.exists()


@pytest.mark.parametrize("places", [[], [("a", "b", str(n)) for n in range(1_001)]])
def test_no_steps_and_too_many_are_refused(cast, news, places):
    with pytest.raises(Invalid):
        services.start_campaign(
            actor=cast.mei, asset_key="news", version=1, places=places, title="News"
        )


def test_a_version_that_there_is_not_is_refused(cast, news):
    with pytest.raises(Invalid):
        services.start_campaign(
            actor=cast.mei, asset_key="news", version=7, places=[HERE], title="News"
        )


def test_content_out_of_use_is_refused(cast, news):
    news.status = "retired"
    news.save()
    with pytest.raises(Invalid):
        start(cast, news)


def test_the_same_form_twice_starts_one(cast, news):
    first = start(cast, news, repeat=Repeat("form:one", "same"))
    assert start(cast, news, repeat=Repeat("form:one", "same")) == first
    assert Campaign.objects.count() == 1


def test_a_key_that_comes_again_with_something_else_is_a_conflict(cast, news):
    start(cast, news, repeat=Repeat("key-1", "one"))
    with pytest.raises(Conflict, match="already used"):
        start(cast, news, repeat=Repeat("key-1", "two"))
    assert Campaign.objects.count() == 1


def test_a_key_that_was_used_for_a_change_starts_no_campaign(cast, news):
    services.open_change(
        kind="journey",
        key="account-opening",
        actor=cast.mei,
        title="Change",
        repeat=Repeat("k", "f"),
    )
    with pytest.raises(Conflict):
        start(cast, news, repeat=Repeat("k", "f"))
    assert not Campaign.objects.exists()


def test_long_afterwards_the_key_still_leads_to_its_campaign_alone(cast, news):
    first = start(cast, news, repeat=Repeat("key-1", "one"))
    IdempotentRequest.objects.all().delete()
    assert start(cast, news, repeat=Repeat("key-1", "one")) == first
    with pytest.raises(Conflict):
        start(cast, cast.asset, repeat=Repeat("key-1", "two"))


def breaks_on(monkeypatch, key):
    real = campaigning.fill_slots

    def broken(**asked):
        if asked["journey_key"] == key:
            raise RuntimeError("bug")
        return real(**asked)

    monkeypatch.setattr(campaigning, "fill_slots", broken)


def test_what_fails_unexpectedly_keeps_no_other_back_and_is_told_in_the_end(
    cast, news, second, monkeypatch
):
    campaign = start(cast, news, HERE, ("second", "welcome-email", "body"))
    breaks_on(monkeypatch, "account-opening")
    campaigning.carry_out(campaign=campaign.pk)
    assert states(campaign) == {"account-opening": State.WAITING, "second": State.OPENED}
    for _again in range(campaigning.MOST_ATTEMPTS - 1):
        campaigning.carry_out(campaign=campaign.pk)
    assert states(campaign)["account-opening"] == State.REFUSED
    assert "unexpected" in campaign.parts.get(journey=cast.journey).refusals[0]


def test_what_failed_once_is_tried_again(cast, news, monkeypatch):
    campaign = start(cast, news)
    with monkeypatch.context() as patch:
        breaks_on(patch, "account-opening")
        campaigning.carry_out(campaign=campaign.pk)
    campaigning.carry_out(campaign=campaign.pk)
    assert states(campaign) == {"account-opening": State.OPENED}
    assert campaign.parts.get().refusals == []


def test_a_long_campaign_that_is_at_work_is_not_begun_again(cast, news, second):
    campaign = start(cast, news, HERE, ("second", "welcome-email", "body"))
    later = timezone.now() + 2 * campaigning.LOST
    assert campaigning.stalled(later) == [campaign.pk]
    campaign.parts.filter(journey=second).update(state=State.REFUSED, updated_at=later)
    assert campaigning.stalled(later) == []
    assert campaigning.stalled(later + 2 * campaigning.LOST) == [campaign.pk]
    campaign.parts.update(state=State.REFUSED)
    assert campaigning.stalled(later + 2 * campaigning.LOST) == []


THERE = ("second", "welcome-email", "body")


def test_journeys_on_which_nothing_may_be_proposed_are_refused_before_anything_is_written(
    cast, news, second
):
    with pytest.raises(Forbidden) as refusal:
        services.start_campaign(
            actor=cast.zoe, asset_key="news", version=1, places=[THERE], title="Mine"
        )
    assert "Second" in refusal.value.errors["places"][0]
    assert not Campaign.objects.exists()


def test_the_form_says_so_and_keeps_what_was_typed(signed_in, cast, news, second):
    data = {"version": "1", "places": "/".join(THERE), "title": "Mine", "rationale": "Fresh"}
    answer = signed_in("zoe").post("/content/news/submit/", data)
    assert answer.status_code == 422
    assert "“Second”" in answer.content.decode()
    assert "Mine" in answer.content.decode()


def test_a_campaign_shows_to_who_sees_one_of_its_journeys_and_to_its_author(cast, news, second):
    campaign = start(cast, news, ("second", "welcome-email", "body"))
    assert get_campaign_for(user=cast.zoe, pk=campaign.pk) == campaign
    assert progress_of(news, cast.zoe) == [campaign]
    Journey.objects.filter(pk=second.pk).update(is_restricted=True, readers=[])
    with pytest.raises(NotFound):
        get_campaign_for(user=cast.zoe, pk=campaign.pk)
    assert progress_of(news, cast.zoe) == []
    assert progress_of(news, cast.mei) == [campaign]


def title_for(client, news, replaced):
    page = client.get(f"/content/{news.key}/submit/?replace={replaced.key}").content.decode()
    return page.partition('name="title"')[2].partition(">")[0]


def test_the_title_names_no_content_that_is_for_few(signed_in, cast, news):
    client = signed_in("mei")
    assert "Onboarding welcome" in title_for(client, news, cast.asset)
    Asset.objects.filter(pk=cast.asset.pk).update(is_restricted=True, name="Merger")
    assert "Merger" not in title_for(client, news, cast.asset)
    Asset.objects.filter(pk=news.pk).update(is_restricted=True, name="Takeover")
    assert "Takeover" not in title_for(client, news, news)


def test_parts_in_journeys_of_others_are_not_shown(cast, news, second):
    campaign = start(cast, news, HERE, ("second", "welcome-email", "body"))
    Journey.objects.filter(pk=second.pk).update(is_restricted=True, readers=[])
    assert {part.journey.key for part in parts_of(campaign, cast.mei)} == {"account-opening"}


def test_slots_are_found_by_channel_and_by_what_they_show(cast, news, second):
    def found(**more):
        return {one.step.journey.key for one in slots_for(cast.mei, news, **more)}

    assert found() == {"account-opening", "second"}
    assert found(q="Second") == {"second"}
    assert found(shows=cast.asset) == {"account-opening", "second"}
    assert found(shows=news) == set()
    assert found(q="\x00%_") == set()


# --- the screens ----------------------------------------------------------------------------------


def test_steps_are_chosen_and_submitted(signed_in, cast, news):
    client = signed_in("mei")
    page = client.get("/content/news/submit/")
    assert 'value="account-opening/welcome-email/body"' in page.content.decode()
    data = {"version": "1", "places": "/".join(HERE), "title": "News", "rationale": "Fresh"}
    answer = client.post("/content/news/submit/", data)
    assert answer.status_code == 302
    assert client.get(answer["Location"]).status_code == 200


def test_a_form_without_steps_says_so_and_keeps_what_was_typed(signed_in, cast, news):
    answer = signed_in("mei").post("/content/news/submit/", {"version": "1", "title": "Kept"})
    assert answer.status_code == 422
    assert "Choose one step or more." in answer.content.decode()
    assert "Kept" in answer.content.decode()


def test_replacing_ticks_all_that_show_it(signed_in, cast, news):
    page = signed_in("mei").get("/content/news/submit/?replace=onboarding-welcome")
    assert "checked" in page.content.decode()


def test_what_waits_for_the_reader_is_approved_at_once(signed_in, cast, news):
    campaign = start(cast, news)
    campaigning.carry_out(campaign=campaign.pk)
    number = campaign.parts.get().change_id
    client = signed_in("tom")
    assert f'value="{number}"' in client.get(f"/campaigns/{campaign.pk}/").content.decode()
    client.post(f"/campaigns/{campaign.pk}/approve/", {"change": [str(number), "x", "99999"]})
    change = Change.objects.get(pk=number)
    assert change.ledger.filter(action=Action.APPROVE, actor=cast.tom).exists()


def test_what_waits_for_others_is_not(signed_in, cast, news):
    campaign = start(cast, news)
    campaigning.carry_out(campaign=campaign.pk)
    number = campaign.parts.get().change_id
    signed_in("zoe").post(f"/campaigns/{campaign.pk}/approve/", {"change": [str(number)]})
    assert not Change.objects.get(pk=number).ledger.filter(action=Action.APPROVE).exists()


def test_a_campaign_with_hidden_content_is_not_found(signed_in, cast, news):
    campaign = start(cast, news)
    news.is_restricted, news.readers = True, []
    news.save()
    assert signed_in("zoe").get(f"/campaigns/{campaign.pk}/").status_code == 404


@pytest.mark.parametrize(("is_restricted", "is_told"), [(False, True), (True, False)])
def test_a_change_leads_to_its_campaign_as_far_as_its_content_is_seen(
    signed_in, cast, news, is_restricted, is_told
):
    campaign = start(cast, news)
    campaigning.carry_out(campaign=campaign.pk)
    (part,) = campaign.parts.all()
    if is_restricted:
        Asset.objects.filter(pk=news.pk).update(is_restricted=True, readers=[])
    page = signed_in("ana").get(f"/changes/{part.change_id}/").content.decode()
    assert (f'href="/campaigns/{campaign.pk}/"' in page) is is_told
