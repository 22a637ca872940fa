"""The rest of the matrix: methods without a row, the administration, and routes of others.

`test_permission_matrix` and `api/test_matrix` say who gets what; here every route that there is
answers every other method, and every person who has no business there, with a refusal.
"""

import pytest
from django.urls import URLPattern, get_resolver
from django.urls.converters import IntConverter

import cjops.api
from tests.bad_input.test_walk import ADMIN, PORTAL
from tests.doors import ELSEWHERE, PAGES, WRITES
from tests.test_permission_matrix import address, changes, enter, routes

__all__ = ["changes"]

OUTSIDE = ("nobody", "ana", "ida")
# Of django-allauth: for signing in, and closed otherwise. Another one has to be looked at first.
ACCOUNTS = {
    "account_login", "account_logout", "account_inactive", "account_signup",
    "account_reauthenticate", "account_email", "account_email_verification_sent",
    "account_change_password", "account_set_password", "account_reset_password",
    "account_confirm_login_code", "account_confirm_email",
    "account_reset_password_from_key_done", "account_reset_password_from_key",
    "account_reset_password_done", "mfa_index", "mfa_authenticate", "mfa_reauthenticate",
    "mfa_activate_totp", "mfa_deactivate_totp", "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes", "mfa_download_recovery_codes",
    "mfa_login_webauthn", "mfa_edit_webauthn", "mfa_remove_webauthn",
    # Sent on to what the portal has in its place.
    "mfa_list_webauthn", "usersessions_list",
}  # fmt: skip
API = {"api-schema", "api-docs", "api-nothing"}
METHODS = ("get", "post", "put", "patch", "delete", "trace")


def test_every_route_there_is_belongs_to_some_table():
    listed = {route for route, *_rest in (*PAGES, *WRITES)} | ELSEWHERE | ACCOUNTS | API
    listed |= {pattern.name for pattern in cjops.api.v1}
    found = {name for _route, _arguments, name in PORTAL if name}
    assert found <= listed, found - listed


@pytest.mark.parametrize("person", OUTSIDE)
def test_the_administration_is_closed(client, cast, person):
    """To everybody who is not of the staff, whatever they ask for and send."""
    enter(client, cast, person)
    wrong = []
    for route, arguments, _name in ADMIN:
        url = "/" + route.format(*("1" for _ in arguments))
        for method in ("get", "post"):
            answer = getattr(client, method)(url)
            login = answer.headers.get("Location", "").startswith(("/accounts/login/", "/admin/"))
            if not (answer.status_code in (403, 404) or (answer.status_code == 302 and login)):
                wrong.append((method, url, answer.status_code))
    assert wrong == []


def test_head_is_get_without_the_page(client, cast, changes):
    wrong = []
    for route, arguments, *_expected in PAGES:
        for person in ("zoe", "omar"):
            enter(client, cast, person)
            url = address(changes, route, arguments)
            get, head = client.get(url), client.head(url)
            # Some pages are looked at by GET alone.
            if head.status_code not in (get.status_code, 405) or head.content:
                wrong.append((route, person, get.status_code, head.status_code))
    assert wrong == []


def test_no_page_answers_other_methods(client, cast, changes):
    """A method that is no method of a page changes nothing and shows nothing."""
    client.force_login(cast.omar)
    wrong = []
    known = {route: arguments for route, arguments, *_rest in (*PAGES, *WRITES)}
    for route in set(routes(get_resolver())) - ELSEWHERE:
        url = address(changes, route, known[route])
        wrong += [
            (route, method, answer.status_code)
            for method in ("options", "trace")
            if (answer := getattr(client, method)(url)).status_code not in (200, 405)
        ]
    assert wrong == []


@pytest.mark.parametrize("person", ["nobody", "zoe", "omar"])
def test_every_endpoint_refuses_the_methods_it_does_not_have(client, cast, person):
    enter(client, cast, person)
    wrong = []
    for pattern in cjops.api.v1:
        assert isinstance(pattern, URLPattern)
        url = f"/api/v1/{pattern.pattern}"
        for name, converter in pattern.pattern.converters.items():
            if isinstance(converter, IntConverter):
                url = url.replace(f"<int:{name}>", "1")
            url = url.replace(f"<slug:{name}>", "account-opening")
        assert "<" not in url
        for method in METHODS:
            if hasattr(pattern.callback.cls, method):
                continue
            answer = getattr(client, method)(url)
            refused = {401, 403, 405} if person == "nobody" else {405}
            if answer.status_code not in refused:
                wrong.append((method, url, answer.status_code))
    assert wrong == []
