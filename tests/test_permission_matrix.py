"""Who gets what at every address: one row a route and method, one column a person.

A route that is not in the table fails the last test, so that none is added without a thought.
"""

import pytest
from django.urls import get_resolver, reverse

from tests.cast import reach

PEOPLE = ("nobody", "mei", "tom", "ana", "omar", "ida", "zoe")
IN, OUT = 200, 302  # OUT: sent to the sign-in page, or on after a POST
J = {"key": "account-opening"}
STEP = {"key": "account-opening", "step": "welcome-email"}
FILL = {"journey": "account-opening", "step": "welcome-email"}
ASSET = {"key": "onboarding-welcome"}
CR = {"number": None}  # the change under review
EDIT = {"number": "draft"}  # a draft of Mei's
ELEMENT = {"number": "draft", "element": "steps", "key": "welcome-email"}

# fmt: off
# route, arguments, method,                          nobody mei  tom  ana omar  ida  zoe
PAGES = [
    ("inbox", {}, "get",                              (OUT,  200, 200, 200, 200, 200, 200)),
    ("notification-read-all", {}, "post",             (OUT,  302, 302, 302, 302, 302, 302)),
    ("preferences", {}, "get",                        (OUT,  200, 200, 200, 200, 200, 200)),
    ("team-list", {}, "get",                          (OUT,  200, 200, 200, 200, 200, 200)),
    ("team-detail", {"key": "email"}, "get",          (OUT,  200, 200, 200, 200, 200, 200)),
    ("journey-list", {}, "get",                       (OUT,  200, 200, 200, 200, 200, 200)),
    ("journey-create", {}, "get",                     (OUT,  200, 200, 403, 200, 403, 200)),
    ("journey-detail", J, "get",                      (OUT,  200, 200, 200, 200, 200, 404)),
    ("version-detail", {**J, "number": 1}, "get",     (OUT,  200, 200, 200, 200, 200, 404)),
    ("step-detail", STEP, "get",                      (OUT,  200, 200, 200, 200, 200, 404)),
    ("content-submit", FILL, "get",                   (OUT,  200, 200, 200, 200, 403, 404)),
    ("asset-list", {}, "get",                         (OUT,  200, 200, 200, 200, 200, 200)),
    ("asset-create", {}, "get",                       (OUT,  200, 200, 403, 200, 403, 200)),
    ("asset-detail", ASSET, "get",                    (OUT,  200, 200, 200, 200, 200, 200)),
    ("asset-write", ASSET, "get",                     (OUT,  200, 200, 403, 200, 403, 403)),
    ("asset-preview", {**ASSET, "number": 1}, "get",  (OUT,  200, 200, 200, 200, 200, 200)),
    ("change-list", {}, "get",                        (OUT,  200, 200, 200, 200, 200, 200)),
    ("change-open", {"kind": "journey", **J}, "get",  (OUT,  200, 200, 200, 200, 403, 404)),
    ("change-detail", CR, "get",                      (OUT,  200, 200, 200, 200, 200, 404)),
    ("change-take", {**CR, "action": "approve"}, "get",
                                                      (OUT,  403, 200, 200, 403, 403, 404)),
    ("change-take", {**CR, "action": "withdraw"}, "get",
                                                      (OUT,  200, 403, 403, 403, 403, 404)),
    ("change-take", {**CR, "action": "reject"}, "get",
                                                      (OUT,  403, 403, 200, 200, 403, 404)),
    ("change-take", {**CR, "action": "publish"}, "get",
                                                      (OUT,  409, 409, 409, 409, 409, 404)),
    ("change-take", {**CR, "action": "approve"}, "post",
                                                      (OUT,  403, 302, 302, 403, 403, 404)),
    ("change-edit", EDIT, "get",                      (OUT,  200, 200, 200, 200, 403, 404)),
    ("change-edit-element", ELEMENT, "get",           (OUT,  200, 200, 200, 200, 403, 404)),
    ("change-new-element", {"number": "draft", "element": "steps"}, "get",
                                                      (OUT,  200, 200, 200, 200, 403, 404)),
    ("change-move-element", ELEMENT, "post",          (OUT,  302, 302, 302, 302, 403, 404)),
    ("change-remove-element", ELEMENT, "get",         (OUT,  200, 200, 200, 200, 403, 404)),
    ("set_language", {}, "get",                       (405,  405, 405, 405, 405, 405, 405)),
    ("health-live", {}, "get",                        (200,  200, 200, 200, 200, 200, 200)),
    ("admin:index", {}, "get",                        (OUT,  OUT, OUT, OUT, 200, OUT, OUT)),
    ("metrics", {}, "get",                            (OUT,  403, 403, 403, 200, 403, 403)),
]
# fmt: on
# Looked at elsewhere: readiness needs a worker (tests/core), the API has its own (tests/api).
ELSEWHERE = {"health-ready"}


@pytest.fixture
def changes(cast):
    return {None: reach(cast, "in_review").number, "draft": reach(cast, "draft").number}


def visit(client, cast, changes, route, arguments, method, person):
    """The answer to one person at one address."""
    client.logout()
    if person != "nobody":
        client.force_login(cast.named(person))
    filled = {
        name: changes[value] if name == "number" and value in changes else value
        for name, value in arguments.items()
    }
    return getattr(client, method)(reverse(route, kwargs=filled))


READS = [row for row in PAGES if row[2] == "get"]
WRITES = [
    (*row[:3], person, status)
    for row in PAGES
    if row[2] == "post"
    for person, status in zip(PEOPLE, row[3], strict=True)
]


def test_reading(client, cast, changes):
    """All rows at once: nothing is written, and setting the scene takes longer than looking."""
    wrong = []
    for route, arguments, method, expected in READS:
        for person, status in zip(PEOPLE, expected, strict=True):
            answer = visit(client, cast, changes, route, arguments, method, person)
            if answer.status_code != status:
                wrong.append((route, arguments, person, answer.status_code, status))
            policy = answer.headers["Content-Security-Policy"]
            assert "script-src 'self'" in policy or route == "asset-preview"
    assert wrong == []


@pytest.mark.parametrize(("route", "arguments", "method", "person", "status"), WRITES)
def test_writing(client, cast, changes, route, arguments, method, person, status):
    answer = visit(client, cast, changes, route, arguments, method, person)

    assert answer.status_code == status


def routes(resolver, prefix=""):
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            inner = prefix + str(pattern.pattern)
            if not inner.startswith(("admin/", "accounts/", "api/")):
                yield from routes(pattern, inner)
        elif pattern.name:
            yield pattern.name


def test_every_route_has_a_row():
    listed = {route for route, *_rest in PAGES} | ELSEWHERE
    assert set(routes(get_resolver())) <= listed
