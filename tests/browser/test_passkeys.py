"""Passkeys in a real browser, with an authenticator that Chromium plays."""

from urllib.parse import urlsplit

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from playwright.sync_api import expect

from people import second_factor
from tests.factories import PASSWORD, UserFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
INDEX = "/accounts/2fa/"


@pytest.fixture
def person(live_server):
    cache.clear()
    return UserFactory(email="mei@bank.example")


@pytest.fixture
def page(browser, live_server):
    """A page of a browser with a device that has a finger on it."""
    # A passkey belongs to a name; the address of numbers is none.
    context = browser.new_context(base_url=live_server.url.replace("127.0.0.1", "localhost"))
    page = context.new_page()
    page.complaints = []
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on(
        "console",
        lambda said: page.complaints.append(said.text) if "Content Security" in said.text else None,
    )
    page.device = context.new_cdp_session(page)
    page.device.send("WebAuthn.enable")
    page.device.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    yield page
    assert page.complaints == []
    context.close()


def violations(said):
    return [said.text] if "Content Security" in said.text else []


def arrive(page, path):
    page.wait_for_url(lambda url: urlsplit(url).path == path)


def with_password(page, person):
    page.goto("/accounts/login/")
    page.locator("[name=login]").fill(person.email)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def leave(page):
    page.goto("/accounts/logout/")
    page.locator("main").get_by_role("button", name="Sign out").click()
    arrive(page, "/accounts/login/")


def add(page, name="Work laptop"):
    page.goto("/accounts/2fa/webauthn/add/")
    if "reauthenticate" in page.url:
        page.locator("[name=password]").fill(PASSWORD)
        page.get_by_role("button", name="Confirm").first.click()
    page.locator("[name=name]").fill(name)
    page.get_by_role("button", name="Add the passkey").click()
    arrive(page, "/accounts/2fa/recovery-codes/")


def test_the_life_of_a_passkey(page, person):
    with_password(page, person)
    arrive(page, "/")
    add(page)
    assert second_factor.ways(person) == second_factor.Ways(app=False, passkeys=True)

    # It signs in alone.
    leave(page)
    page.goto("/accounts/login/?next=/people/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    arrive(page, "/people/")

    # After the password it is asked for.
    leave(page)
    with_password(page, person)
    arrive(page, "/accounts/2fa/authenticate/")
    page.get_by_role("button", name="Use your passkey").click()
    arrive(page, "/")

    # It is renamed, and removed.
    page.goto(INDEX)
    page.get_by_role("link", name="Rename").click()
    if "reauthenticate" in page.url:
        page.locator("[name=password]").fill(PASSWORD)
        page.get_by_role("button", name="Confirm").first.click()
    page.locator("[name=name]").fill("Old laptop")
    page.get_by_role("button", name="Save").click()
    arrive(page, INDEX)
    expect(page.get_by_text("Old laptop").first).to_be_visible()
    page.get_by_role("link", name="Remove").click()
    page.get_by_role("button", name="Remove it").click()
    arrive(page, INDEX)
    assert not Authenticator.objects.filter(user=person).exists()


def test_a_passkey_takes_the_place_of_a_code(page, person):
    with_password(page, person)
    arrive(page, "/")
    add(page)
    # Adding it is no proof of having it later: a code is asked for.
    page.goto("/preferences/tokens/")
    expect(page.locator("[name=code]")).to_be_visible()
    page.get_by_role("link", name="Confirm with your passkey instead").click()
    page.get_by_role("button", name="Confirm with a passkey").click()
    arrive(page, "/preferences/tokens/")
    expect(page.locator("[name=code]")).to_have_count(0)
    page.locator("[name=name]").fill("import")
    page.get_by_role("button", name="Make it").click()
    expect(page.locator("code.secret")).to_be_visible()


def test_somebody_elses_device_opens_nothing(page, person):
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("No passkey was used.")).to_be_visible()
    assert "/accounts/login/" in page.url


def test_by_its_number_the_portal_says_why_not(page, person, live_server):
    page.goto(live_server.url.replace("localhost", "127.0.0.1") + "/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("Passkeys belong to a name.")).to_be_visible()
