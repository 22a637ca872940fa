"""Every address there is, HTML and API, with junk in path, query and form: never 500."""

import re
import sys
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.core import signals
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

from content.allowed import words
from tests.api.conftest import Bank
from tests.bad_input.conftest import Browser, undone
from tests.cast import reach

SCRIPT = "<script>alert(1)</script>"
HUGE = "9" * 30
# As they stand in an address; %FF is no UTF-8.
JUNK = ["-1", HUGE, "%00", "%FF%FE", quote("\u202e\u200b'\"" + SCRIPT)]
NAMES = words(
    """
    page before q state channel mine tab rendition slot asset version kind team language lane size
    view stage source market product_line lang cursor limit next format number title owner mine
    element key width since from all
"""
)
ADMIN_NAMES = ["o", "p", "q", "_to_field", "id__exact", "kind__exact"]
FORM_NAMES = words(
    """
    title rationale hypothesis comment digest publish_at hunks version as_draft name key purpose
    market product_line is_restricted team do add_language remove language base locale time_zone
    uses_keys next login password email oldpassword password1 password2 kind stage channel wait
    wait_0 wait_1 delay_0 delay_1 share emotion tags support_teams new_slot slot:body step source
    target after before en.subject en.body en.format goal/statement lifecycle/start csrf action
    _selected_action index select_across is_active on off form_token
"""
)
# What regular expressions in addresses stand for: what they find in them is an argument.
BY_EXPRESSION = {
    "account_reset_password_from_key": "accounts/password/reset/key/{0}-{0}/",
    "account_confirm_email": "accounts/confirm-email/{0}/",
    "api-nothing": "api/{0}",
}


def patterns(
    resolver: Any = None, prefix: str = ""
) -> Iterator[tuple[str, list[tuple[str, str]], str]]:
    """Every route: its address with `{}` for arguments, their converters and names, its name."""
    for pattern in (resolver or get_resolver()).url_patterns:
        route = prefix + (
            pattern.pattern._route if isinstance(pattern.pattern, RoutePattern) else ""
        )
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern, route)
        elif isinstance(pattern, URLPattern):
            arguments = [
                (kind or "str", name) for kind, name in re.findall(r"<(?:(\w+):)?(\w+)>", route)
            ]
            if not isinstance(pattern.pattern, RoutePattern):
                if pattern.name not in BY_EXPRESSION:
                    continue
                route, arguments = BY_EXPRESSION[pattern.name], [("str", "x")]
            yield re.sub(r"<[^>]+>", "{}", route), arguments, pattern.name or ""


# Says 503 where no worker runs, whatever it is asked.
APART = {"health-ready"}
ROUTES = sorted({(a, tuple(b), c) for a, b, c in patterns() if c not in APART})
PORTAL = [route for route in ROUTES if not route[0].startswith("admin/")]
ADMIN = [route for route in ROUTES if route[0].startswith("admin/")]

ODD = {
    "int": ["0", HUGE, str(2**63)],
    "slug": ["-", "x" * 300, "__"],
    "str": ["%00", HUGE, quote("\u202e" + SCRIPT, safe=""), "%FF", "_00"],
    "path": ["%00", HUGE, "a/b", "_00", "%FF"],
}


class Walk:
    """One browser that goes everywhere, and what it met that it should not have."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.wrong: list[str] = []
        self.seen = 0

    def visit(self, method: str, address: str, **body: Any) -> None:
        raised: list[str] = []

        def note(sender: Any, **_: Any) -> None:
            raised.append(repr(sys.exc_info()[1])[:200])

        signals.got_request_exception.connect(note)
        try:
            with undone():
                answer = self.browser.generic(method, address, **body)
        except Exception as error:  # noqa: BLE001 - told with the address that it came from
            raised.append(f"raised {error!r}"[:300])
            answer = None
        finally:
            signals.got_request_exception.disconnect(note)
            self.browser.forget()
        self.seen += 1
        if answer is None or raised or answer.status_code >= 500:
            status = answer.status_code if answer is not None else "-"
            self.wrong.append(f"{method} {address[:160]} {status} {raised}")
        elif not answer.streaming and answer["Content-Type"].startswith("text/html"):
            self.look(method, address, answer)

    def look(self, method: str, address: str, answer: Any) -> None:
        """Nothing that was sent is executed, and no refusal is a bare page of Django's."""
        text = answer.content.decode()
        if SCRIPT in text:
            self.wrong.append(f"{method} {address[:160]}: the script is executed")
        if answer.status_code >= 400 and "/static/" not in text and text:
            self.wrong.append(f"{method} {address[:160]}: {answer.status_code} is a bare page")


def good(bank: Bank, route: str, name: str) -> str:
    """An argument that there is, so that the rest of the request is looked at."""
    if name == "sha256":
        return "0" * 64
    if name == "number":
        return "1" if "version" in route or "preview" in route else str(bank.cast.draft)  # type: ignore[attr-defined]
    if route.startswith(("content/", "api/v1/assets/")):
        return "onboarding-welcome"
    if "people" in route or "teams" in route:
        return "email"
    known = {
        "step": "welcome-email",
        "element": "steps",
        "action": "submit",
        "kind": "journey",
        "journey": "account-opening",
    }
    if "edit/" in route and name == "key":
        return "welcome-email"
    return known.get(name, "account-opening")


@pytest.fixture
def walk(bank: Bank) -> Iterator[Walk]:
    """A walk of the superuser, whom nothing but the input stops."""
    bank.cast.draft = reach(bank.cast, "draft").number  # type: ignore[attr-defined]
    walk = Walk(Browser(bank.user("omar")))
    yield walk
    assert not walk.wrong, "\n" + "\n".join(walk.wrong[:40])


def filled(bank: Bank, route: str, arguments: Any) -> str:
    return "/" + route.replace("{0}", "{}", 1).replace("{0}", "x").format(
        *(good(bank, route, name) for _kind, name in arguments)
    )


def test_junk_in_paths(walk: Walk, bank: Bank) -> None:
    for route, arguments, _name in ROUTES:
        for position, (kind, _argument) in enumerate(arguments):
            for odd in ODD[kind]:
                values = [good(bank, route, name) for _kind, name in arguments]
                values[position] = odd
                address = "/" + route.replace("{0}", "{}").format(*values, *values)
                walk.visit("GET", address)
    assert walk.seen > 100


def test_junk_in_queries(walk: Walk, bank: Bank) -> None:
    for route, arguments, _name in PORTAL:
        address = filled(bank, route, arguments)
        for junk in JUNK:
            walk.visit("GET", address + "?" + "&".join(f"{name}={junk}" for name in NAMES))


def test_junk_in_queries_of_the_admin(walk: Walk, bank: Bank) -> None:
    """One at a time: a list stops at the first parameter it does not understand."""
    for route, _arguments, name in ADMIN:
        for parameter in ADMIN_NAMES if name.endswith("_changelist") else []:
            for junk in ("%00", HUGE):
                walk.visit("GET", f"/{route}?{parameter}={junk}")


@pytest.mark.parametrize("junk", ["", "\x00", HUGE, "\u202e" + SCRIPT, b"\xff\xfe"], ids=ascii)
def test_junk_in_forms(walk: Walk, bank: Bank, junk: Any) -> None:
    for route, arguments, _name in PORTAL:
        if route.startswith("api/"):
            continue
        body = urlencode([(name, junk) for name in FORM_NAMES]).encode()
        walk.visit(
            "POST",
            filled(bank, route, arguments),
            data=body,
            content_type="application/x-www-form-urlencoded",
        )


def test_junk_in_forms_of_the_admin(walk: Walk, bank: Bank) -> None:
    body = urlencode([(name, "\x00" + HUGE) for name in FORM_NAMES]).encode()
    for route, arguments, _name in ADMIN:
        address = "/" + route.format(*("1" for _ in arguments))
        walk.visit("POST", address, data=body, content_type="application/x-www-form-urlencoded")


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "HEAD", "BREW"])
def test_odd_methods(walk: Walk, bank: Bank, method: str) -> None:
    for route, arguments, _name in PORTAL:
        walk.visit(method, filled(bank, route, arguments))
