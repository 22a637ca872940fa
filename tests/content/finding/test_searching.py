"""Search finds what was meant, shows the best first, and tells nobody what they do not see."""

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from content import queries
from content.finding import resembling, searching
from content.finding.asking import asked
from content.finding.snippets import snippet
from content.models import Asset, SearchRow
from tests.factories import AssetFactory, TeamFactory, UserFactory
from tests.pages import text_of

pytestmark = pytest.mark.django_db


def rendition(key, **fields):
    return {"key": key, **fields}


def asset(name, *, body="", team=None, zh="", key=None, is_live=True, **fields):
    said = [rendition("en", subject="Hello", body=f"<p>{body}</p>")]
    if zh:
        said.append(rendition("zh-hans", subject="您好", body=f"<p>{zh}</p>"))
    document = {"name": name, "kind": "email", "renditions": said, **fields.pop("document", {})}
    extra = {"key": key} if key else {}
    return AssetFactory(
        name=name, team=team or TeamFactory(), document=document, is_live=is_live, **extra, **fields
    )


def found(typed, reader=None, **options):
    search = searching.Search(reader or UserFactory(), typed, **options)
    assets = queries.matched(search)
    names = dict(assets.values_list("pk", "name"))
    if not search.used.tsquery:
        return list(names.values())
    return [names[pk] for pk in searching.ranked(assets, search.used)]


@pytest.mark.parametrize(
    "typed",
    [
        "mortgage", "MORTGAGE", "mortgages", "mortg", "naive", "naïve", "email", "e-mail",
        '"your mortgage"', "mortgage -card", "mortgaeg", "ＭＯＲＴＧＡＧＥ",
        "activate", "activating",
        "信用卡", "信用", "卡", "帳單", "账单", "信用卡帳單",
    ],
)  # fmt: skip
def test_it_is_found_however_it_is_typed(typed):
    asset("Rates", body="Your mortgage, a naïve e-mail. Activated.", zh="您的信用卡账单已生成")
    asset("Other", body="Nothing of that")
    assert found(typed) == ["Rates"]


@pytest.mark.parametrize("typed", ["mortgage -naive", '"mortgage your"', "zzzz", "账卡", "%", "_"])
def test_what_does_not_fit_is_not_found(typed):
    asset("Rates", body="Your mortgage, a naïve e-mail.", zh="您的信用卡账单已生成")
    assert found(typed) == []


@pytest.mark.parametrize(
    "typed",
    ["'", "\\", "&|!()", '"', '""', "-", "--", "\ud800", "\x00", ":*", "a:b*", "<->", "😀",
     "\u202e", "ß" * 200, "'; DROP TABLE content_asset; --", "x" * 5000, "\u0e01\u0e33", "ﷺ"],
)  # fmt: skip
def test_no_bytes_break_a_search(typed):
    asset("Rates")
    found(typed)
    list(queries.library(UserFactory(), q=typed))


def test_who_does_not_see_the_first_that_fit_finds_the_others(monkeypatch):
    monkeypatch.setattr(searching, "LOOKED_AT", 2)
    for number in range(3):
        asset(f"Secret {number}", body="A mortgage", is_restricted=True)
    asset("Mortgage", body="Open")
    asset("Open", body="A mortgage")
    assert found("mortgage") == ["Mortgage", "Open"]


@pytest.mark.parametrize("looked_at", [2, 100])
def test_of_a_word_that_very_many_say_those_of_one_team_are_all_found(
    client, monkeypatch, looked_at
):
    monkeypatch.setattr(searching, "COUNTED", 2)
    monkeypatch.setattr(searching, "LOOKED_AT", looked_at)
    team = TeamFactory()
    for number in range(6):
        asset(f"Theirs {number}", body="A mortgage")
    for number in range(3):
        asset(f"Ours {number}", body="A mortgage", team=team)
    asset("Not ours", body="Nothing", team=team)
    client.force_login(UserFactory())
    page = client.get(reverse("asset-list"), {"q": "mortgage", "team": team.key})
    assert [one.name for one in page.context["assets"]] == ["Ours 0", "Ours 1", "Ours 2"]


def test_names_stand_before_texts_and_live_before_not():
    asset("In text", body="A mortgage offer")
    asset("Mortgage draft", is_live=False)
    asset("Mortgage offer")
    assert found("mortgage") == ["Mortgage offer", "Mortgage draft", "In text"]


def test_another_word_stands_in_for_a_typo_unless_it_is_meant():
    asset("Rates", body="Your mortgage")
    search = searching.Search(UserFactory(), "mortgaeg")
    assert (search.used.text, search.is_corrected) == ("mortgage", True)
    assert found("mortgaeg", is_exact=True) == []


def test_restricted_words_are_nobody_elses(client):
    owner, stranger = UserFactory(), UserFactory()
    asset("Secret", body="Zanzibarite", team=TeamFactory(members=[owner]), is_restricted=True)
    assert found("zanzibarite", owner) == ["Secret"]
    assert found("zanzibarite", stranger) == []
    # Neither is it what was meant.
    assert not searching.Search(stranger, "zanzibarate").is_corrected
    client.force_login(stranger)
    page = text_of(client.get(reverse("asset-list"), {"q": "zanzibarate"}))
    assert "Zanzibarite" not in page
    assert "zanzibarite" not in page


def test_the_row_follows_what_is_live():
    one = asset("Rates", body="First words")
    owner = UserFactory(is_superuser=True)
    import content.services  # noqa: PLC0415

    document = one.live_version.get_document()
    document = {**document, "renditions": [{**document["renditions"][0], "body": "<p>Second</p>"}]}
    version = content.services.add_version(asset=one, document=document, actor=owner)
    assert (found("first"), found("second")) == (["Rates"], [])
    content.services.make_live(bound={(one.key, version.number)})
    assert (found("first"), found("second")) == ([], ["Rates"])


def test_a_rebuild_repairs_and_a_check_proves(capsys):
    one = asset("Rates", body="Mortgage")
    call_command("rebuild_search", check=True)
    SearchRow.objects.filter(pk=one.pk).update(text="other")
    with pytest.raises(CommandError):
        call_command("rebuild_search", check=True)
    SearchRow.objects.filter(pk=one.pk).delete()
    call_command("rebuild_search")
    call_command("rebuild_search", check=True)
    assert found("mortgage") == ["Rates"]


def test_words_around_what_is_found_are_quoted():
    pieces = snippet("Some text before. Your Crédit card is ready.", asked("credit").needles)
    assert [one.text for one in pieces if one.is_found] == ["Crédit"]
    chinese = snippet("您的信用卡帳單", asked("信用卡账单").needles)
    assert [one.text for one in chinese if one.is_found] == ["信用卡帳單"]


TEXT = (
    "Dear customer, your new account is open. Activate your card in the app within three days, "
    "and get fifty off your first purchase with us. We are glad that you are here."
)
CHINESE = (
    "尊敬的客户，您的新账户已开通。请在三天内通过手机应用激活您的银行卡，"
    "首次消费立减五十元。感谢您的信任。"
)


@pytest.mark.parametrize(
    ("text", "other"),
    [(TEXT, TEXT.replace("fifty", "sixty")), (CHINESE, CHINESE.replace("五十", "六十"))],
)
def test_what_says_nearly_the_same_is_found(text, other):
    one, reader = asset("One", body=text), UserFactory()
    asset("Two", body=other)
    asset("Far", body="Something else altogether, about mortgages and their rates in this spring.")
    (near,) = queries.resembling(reader, one)
    assert (near.asset.name, near.percent >= 80) == ("Two", True)
    assert next(iter(resembling.resembling_text(reader, other))).asset.name == "Two"


def test_what_is_alike_is_told_to_those_who_see_it():
    one = asset("One", body=TEXT)
    owner = UserFactory()
    asset("Two", body=TEXT, team=TeamFactory(members=[owner]), is_restricted=True)
    assert [near.asset.name for near in queries.resembling(owner, one)] == ["Two"]
    assert queries.resembling(UserFactory(), one) == []


def test_facets_count_what_is_seen_and_can_be_combined(client):
    team = TeamFactory()
    asset("One", team=team, document={"rights": {"valid_until": "2020-01-01"}})
    asset("Two", is_live=False)
    asset("Hidden", is_restricted=True)
    client.force_login(UserFactory())
    page = reverse("asset-list")
    assert "One" in text_of(client.get(page, {"team": team.key}))
    assert "Two" not in text_of(client.get(page, {"team": team.key}))
    assert "Two" in text_of(client.get(page, {"state": ["not-live", "live"]}))
    ended = text_of(client.get(page, {"ends": "ended"}))
    assert "One" in ended
    assert "Two" not in ended
    assert "Hidden" not in text_of(client.get(page))
    assert Asset.objects.count() == 3


def test_the_list_takes_as_many_queries_for_more_rows(client, django_assert_max_num_queries):
    for number in range(4):
        asset(f"Mortgage {number}")
    client.force_login(UserFactory())
    with django_assert_max_num_queries(20):
        client.get(reverse("asset-list"))
    with django_assert_max_num_queries(24):
        client.get(reverse("asset-list"), {"q": "mortgage"})
