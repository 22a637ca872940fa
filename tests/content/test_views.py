"""Screens of the content library: what they show to whom, and writing without losing a word."""

import pytest
from django.urls import reverse

import content.services
from content.models import Asset, Wording
from tests.cast import email_document
from tests.factories import AssetFactory, TeamFactory, UserFactory
from tests.pages import text_of

LIST = reverse("asset-list")
DETAIL = reverse("asset-detail", args=["onboarding-welcome"])
WRITE = reverse("asset-write", args=["onboarding-welcome"])
CREATE = reverse("asset-create")


def typed(**fields):
    """What the writing form of the welcome e-mail sends."""
    return {
        "do": "save",
        "base": "1",
        "language": "en",
        "name": "Onboarding welcome",
        "purpose": "",
        "en.subject": "Welcome, {{ first_name }}",
        "en.preheader": "",
        "en.sender": "",
        "en.body": "<p>Hello {{ first_name }}</p>",
        "en.text": "Hello {{ first_name }}",
    } | fields


# --- the library ------------------------------------------------------------------------------


def test_library_shows_kind_owner_languages_version_and_use(signed_in):
    page = text_of(signed_in("zoe").get(LIST))
    for words in ("Onboarding welcome", "Email", "en", "Live v1", "0 steps"):
        assert words in page
    assert "1 step" in text_of(signed_in("ana").get(LIST))


def test_library_counts_visible_journeys_only(signed_in):
    assert "1 step" not in text_of(signed_in("zoe").get(LIST))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=welcome", True),
        ("q=mortgage", False),
        ("kind=email", True),
        ("kind=push", False),
        ("team=email", True),
        ("team=sms", False),
        ("language=en", True),
        ("language=zh-Hans", False),
    ],
)
def test_filters(signed_in, query, found):
    assert ("Onboarding welcome" in text_of(signed_in("zoe").get(f"{LIST}?{query}"))) is found


def test_a_language_is_found_however_it_is_spelled(client, db):
    owner = UserFactory()
    client.force_login(owner)
    AssetFactory(team=TeamFactory(members=[owner]))
    assert "Welcome" in text_of(client.get(f"{LIST}?language=zh-Hans"))


@pytest.mark.parametrize(
    "query", ["kind=fax", "team=nobody", "language=klingon", "q=%00", "kind=%00", "q=" + "x" * 999]
)
def test_filters_that_are_not_understood_are_left_out_with_a_note(signed_in, query):
    answer = signed_in("zoe").get(f"{LIST}?{query}")
    assert answer.status_code == 200
    assert "was left out" in text_of(answer)
    assert "Onboarding welcome" in text_of(answer)


def test_restricted_assets_show_to_their_team_alone(signed_in, cast):
    cast.asset.is_restricted = True
    cast.asset.save()
    assert "Onboarding welcome" in text_of(signed_in("mei").get(LIST))
    assert "Onboarding welcome" not in text_of(signed_in("zoe").get(LIST))
    for url in (DETAIL, WRITE):
        assert signed_in("zoe").get(url).status_code == 404
    assert signed_in("mei").get(DETAIL).status_code == 200


def test_htmx_gets_the_rows_alone(signed_in):
    answer = signed_in("mei").get(LIST, headers={"HX-Request": "true"})
    assert "<html" not in answer.content.decode()
    assert 'id="results"' in answer.content.decode()


def test_empty_library_offers_the_first_action(client, db):
    client.force_login(UserFactory())
    page = client.get(LIST)
    assert "No content yet" in text_of(page)
    assert CREATE in page.content.decode()


# --- one asset --------------------------------------------------------------------------------


def test_asset_page_shows_the_live_version_in_a_sandbox(signed_in):
    answer = signed_in("ana").get(DETAIL)
    for words in ("Welcome to your account", "Version 1", "Account opening", "Welcome e-mail"):
        assert words in text_of(answer)
    preview = reverse("asset-preview", args=["onboarding-welcome", 1])
    assert f'src="{preview}?rendition=en" sandbox=""' in answer.content.decode()


def test_where_used_leaves_out_journeys_the_reader_does_not_see(signed_in):
    assert "Account opening" not in text_of(signed_in("zoe").get(DETAIL))


def test_writing_is_for_members_with_the_reason_otherwise(signed_in):
    assert WRITE in signed_in("mei").get(DETAIL).content.decode()
    page = signed_in("ana").get(DETAIL)
    assert WRITE not in page.content.decode()
    assert "Only members of “Email” write this content" in text_of(page)
    answer = signed_in("ana").post(WRITE, typed())
    assert answer.status_code == 403


@pytest.mark.parametrize("query", ["version=x", "version=", "rendition=%00", "width=1", "page=0"])
def test_options_that_mean_nothing(signed_in, query):
    assert signed_in("mei").get(f"{DETAIL}?{query}").status_code == 200


@pytest.mark.parametrize("number", ["0", "99", "9999999"])
def test_a_version_that_is_not_there(signed_in, number):
    assert signed_in("mei").get(f"{DETAIL}?version={number}").status_code == 404


def test_sms_says_what_makes_it_unicode(client, db):
    owner = UserFactory()
    client.force_login(owner)
    document = {"name": "Note", "kind": "sms", "renditions": [{"key": "en", "text": "Hi “you”"}]}
    AssetFactory(key="note", kind="sms", team=TeamFactory(members=[owner]), document=document)
    page = client.get(reverse("asset-preview", args=["note", 1])).content.decode()
    assert "Unicode (UCS-2)" in page
    assert '<mark class="forces">“</mark>' in page


# --- writing ----------------------------------------------------------------------------------


def test_a_new_version_keeps_placeholders_and_is_shown(signed_in, cast):
    answer = signed_in("mei").post(WRITE, typed())
    assert answer.headers["Location"] == f"{DETAIL}?version=2"
    document = cast.asset.versions.get(number=2).get_document()
    assert document["renditions"][0]["body"] == "<p>Hello {{ first_name }}</p>"
    assert "Version 2" in text_of(signed_in("mei").get(answer.headers["Location"]))
    cast.asset.refresh_from_db()
    assert cast.asset.live_version.number == 1


def test_saving_the_same_again_adds_nothing(signed_in, cast):
    client = signed_in("mei")
    client.post(WRITE, typed())
    answer = client.post(WRITE, typed(base="2"), follow=True)
    assert cast.asset.versions.count() == 2
    assert "so nothing was added" in text_of(answer)


def test_adding_a_language_keeps_what_was_typed(signed_in, cast):
    answer = signed_in("mei").post(
        WRITE, typed(do="add", add_language="zh-hans", **{"en.subject": "Half a sentence"})
    )
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'value="Half a sentence"' in page
    assert 'name="zh-hans.subject"' in page
    assert cast.asset.versions.count() == 1


def test_two_languages_are_saved_and_one_can_be_left_out(signed_in, cast):
    client = signed_in("mei")
    both = typed(
        language=["en", "zh-hans"], **{"zh-hans.subject": "欢迎", "zh-hans.body": "<p>好</p>"}
    )
    client.post(WRITE, both)
    renditions = cast.asset.versions.get(number=2).get_document()["renditions"]
    assert [one["language"] for one in renditions] == ["en", "zh-Hans"]
    page = client.post(WRITE, both | {"do": "", "remove": "en", "base": "2"}).content.decode()
    assert 'name="en.subject"' not in page
    assert 'value="欢迎"' in page


def test_a_version_somebody_saved_meanwhile_is_not_passed_over(signed_in, cast):
    content.services.add_version(
        asset=cast.asset, document=email_document("By Tom"), actor=cast.tom
    )
    answer = signed_in("mei").post(WRITE, typed())
    assert answer.status_code == 422
    assert "Tom saved version 2 while you were writing" in text_of(answer)
    assert "Welcome, {{ first_name }}" in answer.content.decode()
    assert cast.asset.versions.count() == 2
    assert signed_in("mei").post(WRITE, typed(base="2")).status_code == 302


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"name": ""}, "required"),
        ({"name": "…"}, "at least one letter"),
        ({"en.subject": "a\x00b"}, "Null characters"),
        ({"en.subject": "x" * 500}, "at most 200"),
        ({"en.body": "\u202e"}, "U+202E"),
        ({"en.text": "x" * 200_000}, "at most"),
        ({"purpose": "x" * 5_000}, "at most 4000"),
        ({"base": "one"}, "whole number"),
        ({"base": ""}, "required"),
        ({"base": "-1"}, "greater than or equal"),
    ],
)
def test_bad_input_comes_back_with_the_reason(signed_in, cast, given, words):
    answer = signed_in("mei").post(WRITE, typed(**given))
    assert answer.status_code == 422
    assert words in text_of(answer)
    assert "data-error-summary" in answer.content.decode()
    assert "&lt;p&gt;Hello" in answer.content.decode() or "en.body" in given
    assert cast.asset.versions.count() == 1


@pytest.mark.parametrize(
    "given",
    [
        {"language": ["en", "../x", "", "e" * 300, "EN"]},
        {"language": "<script>"},
        {"do": "add", "add_language": "<script>"},
        {"do": "add"},
        {"do": "fly"},
        {"do": "", "remove": "en"},
        {"do": "", "remove": "\x00"},
    ],
)
def test_nonsense_about_languages_changes_nothing_and_never_fails(signed_in, given):
    answer = signed_in("mei").post(WRITE, typed(**given))
    assert answer.status_code in (200, 302)


def test_script_is_shown_as_text(signed_in):
    client = signed_in("mei")
    bad = "<script>alert(1)</script>"
    answer = client.post(WRITE, typed(name=bad, **{"en.subject": bad}), follow=True)
    assert bad not in answer.content.decode()
    assert bad not in client.get(LIST).content.decode()


# --- starting one -----------------------------------------------------------------------------


def first(**fields):
    return typed(name="Rate letter", key="", team="email", kind="email", **fields)


def test_a_new_asset_with_its_first_text(signed_in):
    answer = signed_in("mei").post(CREATE, first())
    assert answer.headers["Location"] == "/content/rate-letter/?version=1"
    asset = Asset.objects.get(key="rate-letter")
    assert asset.team.key == "email"
    assert asset.live_version is None
    assert "Not live yet" in text_of(signed_in("mei").get("/content/rate-letter/"))


@pytest.mark.parametrize("kind", ["email", "sms", "push", "fax", "\x00"])
def test_each_kind_has_its_fields(signed_in, kind):
    page = signed_in("mei").get(CREATE, {"kind": kind}).content.decode()
    assert ('name="en.subject"' in page) is (kind not in ("sms", "push"))
    assert ('name="en.link"' in page) is (kind == "push")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"name": ""}, "required"),
        ({"name": "利率"}, "No key can be made"),
        ({"key": "onboarding-welcome"}, "already an asset"),
        ({"key": "Bad Key"}, "lower-case"),
        ({"key": "new\x00"}, "Null characters"),
        ({"team": "sms"}, "not one of the available choices"),
        ({"team": ""}, "required"),
        ({"en.subject": "\u2066"}, "U+2066"),
    ],
)
def test_new_asset_refuses_and_keeps_what_was_typed(signed_in, given, words):
    answer = signed_in("mei").post(CREATE, first() | given)
    assert answer.status_code == 422
    assert words in text_of(answer)
    assert "&lt;p&gt;Hello" in answer.content.decode()
    assert Asset.objects.count() == 1


def test_people_without_a_team_are_told_whom_to_ask(signed_in):
    answer = signed_in("ida").get(CREATE)
    assert answer.status_code == 403
    assert "Only members of a team write content" in text_of(answer)
    assert signed_in("ida").post(CREATE, first()).status_code == 403
    assert Asset.objects.count() == 1


# --- what the page tells -----------------------------------------------------------------------


def told_asset(**fields):
    document = email_document("Hi")
    document["renditions"][0] |= {
        "body": "<p>Hello</p>\n<p>{{ nobody }}</p>",
        "claims": {"rate": {"text": "2 % interest", "reference": "Price list 4"}},
        "variables": {"nobody": {"sample": "Maya", "fallback": "you"}},
    }
    document["rights"] = {
        "source": "Our studio",
        "licence": "Stock 12",
        "valid_until": "2020-01-31",
        "territories": ["Hong Kong", "Macau"],
    }
    document["variants"] = {"b": {"name": "Shorter", "persona": "Students", "arm": "B"}}
    return AssetFactory(key="told", document=document, **fields)


def test_rights_claims_variants_and_variables_are_read_on_the_page(signed_in):
    told_asset()
    page = text_of(signed_in("ida").get(reverse("asset-detail", args=["told"])))
    for words in (
        "Our studio", "Stock 12", "31 January 2020", "Hong Kong, Macau", "2 % interest",
        "Price list 4", "Shorter", "Students · arm B of a test", "Sample: Maya", "Fallback: you",
    ):  # fmt: skip
        assert words in page


def test_nothing_said_is_told_as_that(signed_in):
    assert "it may be used everywhere and always" in text_of(signed_in("mei").get(DETAIL))


def test_a_kind_is_not_its_channel_and_rights_are_not_permissions(signed_in):
    told_asset()
    page = text_of(signed_in("ida").get(reverse("asset-detail", args=["told"])))
    assert "Kind E-mail Channel E-mail" in page
    assert "What you may do What may I do here, and why?" in page


def test_checks_lead_writers_to_the_field_of_the_editor(signed_in, cast):
    told_asset(team=cast.asset.team)
    page = signed_in("mei").get(reverse("asset-detail", args=["told"])).content.decode()
    write = reverse("asset-write", args=["told"])
    assert f'href="{write}#id_rights.valid_until"' in page
    assert f'href="{write}#id_en.' in page


def test_checks_lead_readers_to_the_text(signed_in):
    told_asset()
    page = signed_in("ida").get(reverse("asset-detail", args=["told"])).content.decode()
    assert "/write/#" not in page
    assert "?version=1#declared" in page
    assert "?version=1&amp;rendition=en#preview" in page


def test_checks_of_an_earlier_version_lead_to_that_one(signed_in, cast):
    content.services.add_version(asset=cast.asset, document=email_document("Later"), actor=cast.mei)
    page = signed_in("mei").get(DETAIL, {"version": "1"}).content.decode()
    assert "/write/#" not in page


def test_more_offers_to_retire_and_to_replace_from_a_file(signed_in):
    page = signed_in("mei").get(DETAIL).content.decode()
    page_of_file = f"{reverse('content-import')}?key=onboarding-welcome"
    assert any(page_of_file in part for part in page.split("menu-item"))
    assert any(
        reverse("asset-retire", args=["onboarding-welcome"]) in part
        for part in page.split("menu-item")
    )
    assert page_of_file not in signed_in("ida").get(DETAIL).content.decode()
    form = signed_in("mei").get(page_of_file).content.decode()
    assert 'name="key" value="onboarding-welcome"' in form


def test_a_key_that_is_not_seen_is_not_filled_in(signed_in):
    AssetFactory(key="secret", is_restricted=True)
    form = signed_in("mei").get(reverse("content-import"), {"key": "secret"}).content.decode()
    assert 'value="secret"' not in form


@pytest.mark.parametrize(("days", "words"), [
    (7, "after 7 days it goes"), (1, "after 1 day it goes"), (0, "until you discard it"),
])  # fmt: skip
def test_unsaved_texts_say_how_long_they_are_kept(signed_in, settings, days, words):
    settings.RETENTION_DAYS = {**settings.RETENTION_DAYS, "drafts": days}
    assert words in text_of(signed_in("mei").get(reverse("draft-list")))


def test_admins_are_led_to_files_that_nothing_shows(signed_in, cast):
    where = reverse("asset-unused")
    assert "tidy_media" not in signed_in("mei").get(where).content.decode()
    cast.mei.is_staff = cast.mei.is_superuser = True
    cast.mei.save()
    page = signed_in("mei").get(where).content.decode()
    assert "tidy_media --report" in page
    assert f"{reverse('admin:content_picture_changelist')}?shown=no" in page


def test_checks_say_the_line(signed_in):
    Wording.objects.create(words="nowhere")
    document = email_document("Hi")
    document["renditions"][0]["body"] = "<p>Hello</p>\n<p>From nowhere</p>"
    AssetFactory(key="lined", document=document)
    page = text_of(signed_in("ida").get(reverse("asset-detail", args=["lined"])))
    assert "“nowhere” must not be said. Line 2 Go there" in page
