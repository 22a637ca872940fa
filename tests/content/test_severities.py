"""What admins set: it counts at once, for whoever submits content and for whoever looks at it."""

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import Client

from cjops.core.errors import DomainError
from content import sendable
from content.models import LibraryRule, Severity, Variable, Wording
from content.rulebook import rules_for
from content.validation import validate
from content.validation.catalogue import CATALOGUE
from governance import services
from governance.transitions import Action, State
from tests.cast import build, email_document, take
from tests.content.checking import asset, codes, in_two
from tests.factories import AssetFactory, JourneyFactory, UserFactory
from tests.real import real_path

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return build()


def submitted(cast, **fields):
    """A change of the welcome e-mail with these fields in English, sent to its reviewers."""
    change = services.open_change(
        kind="asset",
        key=cast.asset.key,
        title="Warmer welcome",
        rationale="People drop out here",
        actor=cast.mei,
    )
    edits = [{"op": "update", "element": "renditions", "key": "en", "fields": fields}]
    services.edit_change(number=change.number, edits=edits, actor=cast.mei)
    take(change, Action.SUBMIT, cast.mei)
    return change


def test_a_forbidden_word_keeps_a_change_from_being_submitted(cast):
    Wording.objects.create(words="risk-free", reason="Nothing is.")
    with pytest.raises(DomainError) as refusal:
        submitted(cast, subject="A risk-free account")
    assert "Nothing is." in str(refusal.value.extra) + str(refusal.value)


def test_a_word_that_is_only_told_of_keeps_nobody(cast):
    Wording.objects.create(words="risk-free", weight="warning")
    assert submitted(cast, subject="A risk-free account").state == State.IN_REVIEW


def test_a_check_that_is_turned_off_keeps_nobody(cast):
    Wording.objects.create(words="risk-free")
    Severity.objects.create(code="word-forbidden", weight="off")
    assert submitted(cast, subject="A risk-free account").state == State.IN_REVIEW


def test_a_warning_that_is_made_an_error_keeps_a_change_from_being_submitted(cast):
    assert submitted(cast, subject="W" * 90).state == State.IN_REVIEW
    Severity.objects.create(code="subject-long", weight="error")
    with pytest.raises(DomainError):
        submitted(cast, subject="W" * 91)


def test_what_cannot_be_sent_at_all_stays_an_error(cast):
    Severity.objects.create(code="liquid-broken", weight="off")
    with pytest.raises(DomainError):
        submitted(cast, subject="{{ a")


def test_a_variable_that_nobody_has_listed_is_an_error_once_some_are(cast):
    assert submitted(cast, subject="Hi {{ a | default: 'you' }}").state == State.IN_REVIEW
    Variable.objects.create(name="first_name", label="First name")
    with pytest.raises(DomainError):
        submitted(cast, subject="Hello {{ frist_name | default: 'you' }}")


def test_findings_that_are_kept_are_those_of_the_rules_of_the_moment():
    version = AssetFactory(key="kept", document=email_document("Hi")).live_version
    bound = {("kept", 1): version.digest}
    assert sendable.errors_in(bound) == {}
    rule = Wording.objects.create(words="hi")
    assert "“Hi”" in sendable.errors_in(bound)[version.digest][0]
    rule.delete()
    assert sendable.errors_in(bound) == {}


def test_a_version_whose_file_is_not_stored_is_looked_at_again(django_assert_num_queries):
    document = asset("in-app", files={"picture": {"file": "a" * 64, "alt": "A"}})
    version = AssetFactory(key="seen", kind="in-app", document=document).live_version
    bound = {("seen", 1): version.digest}
    assert "not stored" in sendable.errors_in(bound)[version.digest][0]
    with django_assert_num_queries(3):
        sendable.errors_in(bound)


def test_rights_are_kept_with_the_version(django_assert_num_queries):
    document = {**email_document("Hi"), "rights": {"valid_until": "2099-12-31"}}
    version = AssetFactory(key="lent", document=document).live_version
    bound = {("lent", 1): version.digest}
    sendable.looked_at(bound)
    with django_assert_num_queries(1):
        assert sendable.looked_at(bound)[version.digest].until == "2099-12-31"


def test_words_of_a_market_are_kept_by_market(django_assert_num_queries):
    document = {**email_document("Hi"), "rights": {"territories": ["Macau"]}}
    version = AssetFactory(key="abroad", document=document).live_version
    bound = {("abroad", 1): version.digest}
    Wording.objects.create(words="hi", market="Hong Kong")
    Wording.objects.create(words="welcome", market="Hong Kong", weight="warning")
    there = sendable.looked_at(bound, "hong kong")[version.digest]
    assert "“Hi”" in there.errors[0]
    assert "“Welcome”" in there.advised[0]
    with django_assert_num_queries(1):
        assert sendable.looked_at(bound, "Hong Kong")[version.digest] == there
    assert sendable.looked_at(bound)[version.digest].errors == ()
    assert there.territories == ("Macau",)


@pytest.fixture
def admin(client: Client):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    return client


def test_admins_choose_checks_by_what_they_are_called(admin):
    page = admin.get("/admin/content/severity/add/").text
    assert "The subject is cut by inboxes (subject-long)" in page
    fixed = [code for code, check in CATALOGUE.items() if check.is_fixed]
    assert not [code for code in fixed if f'value="{code}"' in page]
    Severity.objects.create(code="subject-long", weight="off")
    listed = admin.get("/admin/content/severity/").text
    assert "The subject is cut by inboxes" in listed
    assert "Is told" in listed


def test_a_word_rule_is_offered_the_markets_of_journeys(admin):
    JourneyFactory(market="Hong Kong", is_live=False)
    page = admin.get("/admin/content/wording/add/").text
    assert '<option value="Hong Kong">' in page
    assert 'list="id_market-list"' in page


def test_a_fixed_check_cannot_be_sent_by_hand(admin):
    admin.post("/admin/content/severity/add/", {"code": "mjml-broken", "weight": "off"})
    assert not Severity.objects.exists()


@pytest.mark.parametrize(
    "fields", [{"words": "\u200b"}, {"words": "free", "language": "english please"}]
)
def test_a_word_rule_that_finds_nothing_is_refused(fields):
    with pytest.raises(ValidationError):
        Wording(**fields).full_clean()
    Wording(words="free", language="zh-Hans").full_clean()


def printed(capsys, *arguments):
    """What the command says, and whether it found errors."""
    failed = False
    try:
        call_command("check_content", *arguments)
    except CommandError as error:
        failed = error.returncode == 1
    return capsys.readouterr().out, failed


def test_a_file_is_checked_as_a_table(capsys, tmp_path):
    good, bad = tmp_path / "good.html", tmp_path / "bad.mjml"
    good.write_text('<title>Hi</title><p>Hi</p><a href="https://bank.example/unsubscribe">No</a>')
    bad.write_text("<mjml>\n<mj-body>\n<mj-include path='x'/></mj-body></mjml>")
    said, failed = printed(capsys, str(good))
    assert (said.splitlines()[-1], failed) == ("0 errors, 0 warnings.", False)
    said, failed = printed(capsys, str(good), str(bad))
    row = next(line for line in said.splitlines() if "mjml-include" in line)
    assert row.split()[1:4] == ["error", "mjml-include", "3"]
    assert failed


def test_assets_are_checked_as_they_are_live(capsys):
    AssetFactory(key="bad", document={**email_document("Hi"), "name": ""})
    said, failed = printed(capsys, "--asset", "bad")
    assert "name-missing" in said
    assert failed
    assert printed(capsys, "--all")[1]
    with pytest.raises(CommandError, match="There is no asset"):
        call_command("check_content", "--asset", "none")
    with pytest.raises(CommandError, match="Name files"):
        call_command("check_content")


def test_a_file_that_is_none_is_a_clear_refusal(tmp_path):
    path = tmp_path / "a.html"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("check_content", str(path))


@pytest.mark.real_data
def test_every_real_email_is_reported(capsys):
    paths = sorted(real_path("email").glob("*/*.html"))
    assert len(paths) == 16
    said, failed = printed(capsys, *map(str, paths))
    assert failed
    assert {line.split()[0] for line in said.splitlines() if ".html" in line} == {
        f"{path.parent.name}/{path.name}" for path in paths
    }
    for code in ("image-without-alt", "link-placeholder", "contrast-low", "unsubscribe-missing"):
        assert code in said
    assert "liquid-broken" not in said
    assert "Finding" not in said


# --- what all content is expected to have ---------------------------------------------------------


@pytest.mark.parametrize(
    ("languages", "missing"),
    [
        (["en"], []),
        ([], []),
        (["en", "de"], ["language-missing"]),
        (["zh"], ["language-missing"]),
        (["EN"], []),
    ],
)
def test_the_languages_that_are_missed_are_those_an_admin_lists(languages, missing):
    LibraryRule.objects.create(languages=languages)
    assert codes(asset(), rules_for(asset())) == missing


@pytest.mark.parametrize(
    ("asked", "has", "missing"), [("zh", "zh-hant", []), ("zh-hans", "zh-hant", ["zh-hans"])]
)
def test_a_family_is_any_of_it_and_a_language_itself(asked, has, missing):
    LibraryRule.objects.create(languages=["en", asked])
    document = in_two("poster", {}, {}, key=has)
    found = [one for one in validate(document, rules_for(document)) if "version" in one.message]
    assert [one.code for one in found] == ["language-missing"] * len(missing)


def test_the_tags_of_what_has_to_be_sent_are_those_an_admin_lists():
    LibraryRule.objects.create(languages=["en"], service_tags=["must-go"])
    bare = {"body": "<p>Your password</p>", "text": "Your password"}
    tagged = asset(header={"tags": ["topics:must-go"]}, **bare)
    service = asset(header={"tags": ["topics:service"]}, **bare)
    assert "unsubscribe-missing" not in codes(tagged, rules_for(tagged))
    assert "unsubscribe-missing" in codes(service, rules_for(service))


def test_what_is_no_language_is_refused():
    with pytest.raises(ValidationError):
        LibraryRule(languages=["<b>"]).full_clean()
