"""Language and time zone, and the switch between languages."""

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone, translation

from people.middleware import PersonalSettingsMiddleware
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def seen_by(user, cookies=None):
    """The language and time zone a view finds."""
    found = {}

    def view(request):
        found.update(language=translation.get_language(), zone=timezone.get_current_timezone_name())
        return HttpResponse()

    request = RequestFactory().get("/")
    request.user = user
    request.COOKIES.update(cookies or {})
    PersonalSettingsMiddleware(view)(request)
    return found


def test_a_person_reads_in_their_language_and_time_zone():
    person = UserFactory(locale="zh-hant", time_zone="Asia/Hong_Kong")
    assert seen_by(person) == {"language": "zh-hant", "zone": "Asia/Hong_Kong"}
    assert timezone.get_current_timezone_name() == "UTC"


def test_the_choice_of_a_browser_wins_over_the_account():
    person = UserFactory(locale="zh-hant")
    assert seen_by(person, {"django_language": "en"})["language"] == "en"


def test_a_zone_that_the_machine_does_not_know_is_utc():
    person = UserFactory.build(time_zone="Mars/Olympus")
    assert seen_by(person)["zone"] == "UTC"


def test_the_switch_is_remembered_by_browser_and_account(client: Client):
    person = UserFactory()
    client.force_login(person)
    response = client.post("/language/", {"language": "zh-hans", "next": "/people/"})
    assert (response.status_code, response["Location"]) == (302, "/people/")
    assert response.cookies["django_language"].value == "zh-hans"
    person.refresh_from_db()
    assert person.locale == "zh-hans"
    assert person.history.first().history_user == person


def test_the_switch_works_for_whoever_is_not_signed_in(client: Client):
    response = client.post("/language/", {"language": "zh-hant"})
    assert response["Location"] == "/"
    assert response.cookies["django_language"].value == "zh-hant"


@pytest.mark.parametrize(
    "address", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "\\\\evil", ""]
)
def test_the_switch_never_leads_elsewhere(client: Client, address):
    response = client.post("/language/", {"language": "en", "next": address})
    assert response["Location"] == "/"


def test_a_language_that_is_none_changes_nothing(client: Client):
    person = UserFactory()
    client.force_login(person)
    response = client.post("/language/", {"language": "../../etc"})
    assert response.status_code == 400
    assert "django_language" not in response.cookies
    person.refresh_from_db()
    assert person.locale == "en"


def test_the_switch_takes_no_get(client: Client):
    assert client.get("/language/").status_code == 405
