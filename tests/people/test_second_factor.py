"""The second factor: set up, asked for at sign-in and before what cannot be taken back."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core.cache import cache

from cjops.core.errors import Conflict, Invalid
from people import second_factor
from people.models import Locale
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
LOGIN, INDEX, AUTHENTICATE = "/accounts/login/", "/accounts/2fa/", "/accounts/2fa/authenticate/"
ACTIVATE, DEACTIVATE = "/accounts/2fa/totp/activate/", "/accounts/2fa/totp/deactivate/"
CODES = "/accounts/2fa/recovery-codes/"
WRONG = "This code is not right"


@pytest.fixture(autouse=True)
def counter(monkeypatch):
    """Time stands still for codes: none grows old between making and entering it."""
    # Wrong tries of the tests before would count: all come from one address.
    cache.clear()
    now = {"at": 50_000_000}
    monkeypatch.setattr(auth, "yield_hotp_counters_from_time", lambda: iter([now["at"]]))
    return now


def code_at(counter, secret=SECRET):
    return format_hotp_value(hotp_value(secret, counter["at"]))


def other_than(code):
    return f"{(int(code) + 1) % 1_000_000:06}"


@pytest.fixture
def person():
    """Somebody with an app and recovery codes."""
    found = UserFactory()
    TOTP.activate(found, SECRET)
    RecoveryCodes.activate(found)
    return found


def recovery_codes(person):
    one = Authenticator.objects.get(user=person, type=Authenticator.Type.RECOVERY_CODES)
    return RecoveryCodes(one).get_unused_codes()


def enter_password(client, person):
    return client.post(LOGIN, {"login": person.email, "password": PASSWORD})


def is_in(client):
    return "_auth_user_id" in client.session


def confirm(client, path):
    """A page that asks for the password once more, after that is given."""
    answer = client.get(path)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/accounts/reauthenticate/")
    return client.post(answer.headers["Location"], {"password": PASSWORD}, follow=True)


def test_the_password_alone_does_not_sign_in(client, person):
    answer = enter_password(client, person)
    assert answer.headers["Location"] == AUTHENTICATE
    assert not is_in(client)
    assert client.get("/").status_code == 302


def test_the_code_signs_in(client, person, counter):
    enter_password(client, person)
    assert client.get(AUTHENTICATE).status_code == 200
    answer = client.post(AUTHENTICATE, {"code": code_at(counter)})
    assert answer.headers["Location"] == "/"
    assert client.session["_auth_user_id"] == str(person.pk)


@pytest.mark.parametrize("entered", [None, "", "abc", "１２３４５６", "\x00", "9" * 5000])
def test_a_wrong_code_is_refused(client, person, counter, entered):
    enter_password(client, person)
    sent = other_than(code_at(counter)) if entered is None else entered
    answer = client.post(AUTHENTICATE, {"code": sent})
    assert answer.status_code == 200
    assert "data-error-summary" in answer.content.decode()
    assert not is_in(client)


def test_a_code_is_good_for_one_sign_in(client, person, counter):
    enter_password(client, person)
    client.post(AUTHENTICATE, {"code": code_at(counter)})
    client.logout()
    enter_password(client, person)
    answer = client.post(AUTHENTICATE, {"code": code_at(counter)})
    assert WRONG in answer.content.decode()
    assert not is_in(client)


def test_codes_are_not_guessed_without_end(client, person, counter):
    enter_password(client, person)
    for _try in range(5):
        client.post(AUTHENTICATE, {"code": other_than(code_at(counter))})
    answer = client.post(AUTHENTICATE, {"code": code_at(counter)})
    assert answer.status_code in (200, 429)
    assert not is_in(client)


def test_a_recovery_code_signs_in_once(client, person):
    code = recovery_codes(person)[0]
    enter_password(client, person)
    client.post(AUTHENTICATE, {"code": code})
    assert is_in(client)
    assert code not in recovery_codes(person)
    client.logout()
    enter_password(client, person)
    assert WRONG in client.post(AUTHENTICATE, {"code": code}).content.decode()
    assert not is_in(client)


def test_nobody_comes_to_the_second_step_without_the_first(client, person):
    assert client.get(AUTHENTICATE).headers["Location"] == LOGIN


def test_an_app_is_set_up_with_its_first_code(client, counter):
    person = UserFactory()
    client.force_login(person)
    page = confirm(client, ACTIVATE).content.decode()
    secret = re.search(r'class="secret"[^>]*>(\w+)<', page).group(1)
    assert 'src="data:image/svg+xml;base64,' in page
    refused = client.post(ACTIVATE, {"code": other_than(code_at(counter, secret))})
    assert WRONG in refused.content.decode()
    assert not second_factor.is_set_up(person)
    answer = client.post(ACTIVATE, {"code": code_at(counter, secret)}, follow=True)
    assert answer.redirect_chain[-1][0] == CODES
    assert all(code in answer.content.decode() for code in recovery_codes(person))
    assert second_factor.is_set_up(person)


def test_an_address_nobody_has_proved_does_not_stand_in_the_way(client):
    person = UserFactory()
    person.emailaddress_set.create(email=person.email, primary=True, verified=False)
    client.force_login(person)
    assert 'class="qr"' in confirm(client, ACTIVATE).content.decode()


def test_recovery_codes_are_downloaded_and_made_anew(client, person):
    client.force_login(person)
    before = recovery_codes(person)
    page = confirm(client, CODES).content.decode()
    assert all(code in page for code in before)
    file = client.get(f"{CODES}download/")
    assert file.content.decode().split() == before
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert "stop working" in client.get(f"{CODES}generate/").content.decode()
    assert client.post(f"{CODES}generate/").headers["Location"] == CODES
    assert not set(before) & set(recovery_codes(person))


def test_switching_off_takes_the_recovery_codes_along(client, person):
    client.force_login(person)
    assert "Switch off" in confirm(client, DEACTIVATE).content.decode()
    assert client.post(DEACTIVATE).headers["Location"] == INDEX
    assert not Authenticator.objects.filter(user=person).exists()
    client.logout()
    enter_password(client, person)
    assert is_in(client)


def test_a_code_confirms_that_it_is_still_the_same_person(client, person, counter):
    client.force_login(person)
    path = "/accounts/2fa/reauthenticate/?next=" + CODES
    assert "Use your password instead" in client.get(path).content.decode()
    wrong = client.post(path, {"code": other_than(code_at(counter))})
    assert WRONG in wrong.content.decode()
    assert client.post(path, {"code": code_at(counter)}).headers["Location"] == CODES
    assert client.get(CODES).status_code == 200


@pytest.mark.parametrize("path", [CODES, f"{CODES}download/", DEACTIVATE])
def test_without_a_second_factor_there_is_nothing_to_show(client, path):
    client.force_login(UserFactory())
    assert client.get(path).status_code == 404


def test_codes_are_not_made_without_an_app(client):
    client.force_login(UserFactory())
    confirm(client, f"{CODES}generate/")
    answer = client.post(f"{CODES}generate/")
    assert "Set up an authenticator app or a passkey first." in answer.content.decode()
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize("locale", Locale.values)
def test_all_pages_hold_to_the_content_policy_in_each_language(client, person, locale):
    client.cookies["django_language"] = locale
    enter_password(client, person)
    pages = [client.get(AUTHENTICATE)]
    client.force_login(person)
    pages += [client.get(INDEX), client.get("/accounts/2fa/reauthenticate/")]
    confirm(client, CODES)
    pages += [client.get(path) for path in (CODES, f"{CODES}generate/", DEACTIVATE)]
    second_factor.take_off(user=person)
    pages += [client.get(path) for path in (INDEX, ACTIVATE)]
    for page in pages:
        text = page.content.decode()
        assert page.status_code == 200
        assert not re.search(r"<style\b|\sstyle=|\son[a-z]+=", text)
        assert all("src=" in tag for tag in re.findall(r"<script\b[^>]*>", text))
        # Of allauth's own words none is left: its catalogue and ours do not speak alike.
        assert not re.search(r"Two-Factor|Authenticator secret|双因素|二階", text)


def test_who_has_none_needs_none():
    second_factor.require(user=UserFactory(), code="")


def test_require_takes_the_code_of_the_app(person, counter):
    second_factor.require(user=person, code=code_at(counter))


def test_require_uses_a_recovery_code_up(person):
    code = recovery_codes(person)[0]
    second_factor.require(user=person, code=code)
    with pytest.raises(Invalid):
        second_factor.require(user=person, code=code)


@pytest.mark.parametrize("code", ["", "000", "\x00", "１２３４５６", "9" * 5000])
def test_require_refuses_what_is_not_the_code(person, code):
    with pytest.raises(Invalid) as refused:
        second_factor.require(user=person, code=code)
    assert refused.value.code == "second_factor"
    assert "code" in refused.value.errors


def test_require_refuses_somebody_elses_code(person, counter):
    other = UserFactory()
    TOTP.activate(other, "KRSXG5CTMVRXEZLUKN2XAZLSONSWG4TF")
    with pytest.raises(Invalid):
        second_factor.require(user=other, code=code_at(counter))


def test_an_admin_takes_it_off_and_never_reads_the_key(client, person):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    app = Authenticator.objects.get(user=person, type=Authenticator.Type.TOTP)
    page = client.get(f"/admin/mfa/authenticator/{app.pk}/change/")
    assert page.status_code == 200
    assert SECRET not in page.content.decode()
    client.post(f"/admin/mfa/authenticator/{app.pk}/delete/", {"post": "yes"})
    assert not Authenticator.objects.filter(user=person).exists()


STORED = {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}


def test_tries_are_counted_in_every_cache(person, counter, settings):
    settings.CACHES = {"default": STORED}
    cache.clear()
    wrong = other_than(code_at(counter))
    for _try in range(4):
        with pytest.raises(Invalid):
            second_factor.require(user=person, code=wrong)
    second_factor.require(user=person, code=code_at(counter))
    # What was right makes those before it forgotten.
    for _try in range(5):
        with pytest.raises(Invalid):
            second_factor.require(user=person, code=wrong)
    counter["at"] += 1
    with pytest.raises(Conflict) as refused:
        second_factor.require(user=person, code=code_at(counter))
    assert refused.value.code == "too_many_tries"
    cache.clear()
