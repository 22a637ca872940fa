"""Who gets what from each endpoint: every address of the API is in this table."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.urls import URLPattern
from django.utils import timezone

import cjops.api
from tests.api.conftest import CONTENT, RENAME, V1, Bank, is_problem
from tests.cast import email_document

WELCOME = "onboarding-welcome"

# method, address, body, and the status for: Mei (contributor on the journey), Zoe (elsewhere).
# `{n}` is a draft of Mei's on the restricted journey.
CALLS: list[tuple[str, str, Any, int, int]] = [
    ("GET", "/journeys/", None, 200, 200),
    ("POST", "/journeys/", {"key": "fresh", "name": "Fresh"}, 201, 201),
    ("GET", "/journeys/account-opening/", None, 200, 404),
    ("POST", "/journeys/account-opening/halt/", {"kind": "pause"}, 403, 404),
    # Nothing is halted.
    ("POST", "/journeys/account-opening/resume/", {}, 409, 404),
    ("GET", "/journeys/account-opening/versions/", None, 200, 404),
    ("GET", "/journeys/account-opening/versions/1/", None, 200, 404),
    ("GET", "/journeys/account-opening/versions/1/compare/1/", None, 200, 404),
    # It is live already.
    ("POST", "/journeys/account-opening/versions/1/restore/", {}, 409, 404),
    (
        "POST",
        CONTENT,
        {
            "slot": "body",
            "asset": "onboarding-welcome",
            "document": email_document("Hi"),
            "rationale": "x",
        },
        201,
        404,
    ),
    ("GET", "/changes/", None, 200, 200),
    (
        "POST",
        "/changes/",
        {"subject": {"kind": "journey", "key": "account-opening"}, "title": "x"},
        201,
        404,
    ),
    ("GET", "/changes/{n}/", None, 200, 404),
    ("PATCH", "/changes/{n}/", {"title": "Warmer still"}, 200, 404),
    ("GET", "/changes/{n}/document/", None, 200, 404),
    ("PUT", "/changes/{n}/document/", {}, 428, 428),
    ("POST", "/changes/{n}/edits/", RENAME, 200, 404),
    ("GET", "/changes/{n}/diff/", None, 200, 404),
    ("GET", "/changes/{n}/checks/", None, 200, 404),
    ("GET", "/changes/{n}/requirements/", None, 200, 404),
    ("POST", "/changes/{n}/evidence/", {}, 200, 404),
    ("POST", "/journeys/account-opening/versions/1/evidence/", {}, 200, 404),
    ("POST", "/assets/onboarding-welcome/versions/1/evidence/", {}, 200, 200),
    # There is no such version.
    ("POST", "/taxonomies/topics/versions/1/evidence/", {}, 404, 404),
    ("GET", "/changes/{n}/clashes/", None, 200, 404),
    ("GET", "/changes/{n}/conflicts/", None, 200, 404),
    # Live has not moved under it.
    ("POST", "/changes/{n}/resolutions/", {"resolutions": []}, 409, 404),
    ("GET", "/changes/{n}/viewed/", None, 200, 404),
    ("PUT", "/changes/{n}/viewed/1/", None, 400, 404),
    ("DELETE", "/changes/{n}/viewed/1/", None, 400, 404),
    ("GET", "/changes/{n}/suggestions/", None, 200, 404),
    # The author edits and does not suggest.
    ("POST", "/changes/{n}/suggestions/", {"edits": RENAME}, 403, 404),
    ("POST", "/changes/{n}/suggestions/1/apply/", {}, 404, 404),
    ("POST", "/changes/{n}/suggestions/1/decline/", {"comment": "No"}, 404, 404),
    ("POST", "/changes/{n}/suggestions/1/withdraw/", {}, 404, 404),
    # A draft asks nobody yet.
    ("PUT", "/changes/{n}/pick-up/", None, 409, 404),
    ("DELETE", "/changes/{n}/pick-up/", None, 200, 404),
    ("GET", "/delegations/", None, 200, 200),
    (
        "POST",
        "/delegations/",
        {
            "taker": "jun@bank.example",
            "starts_at": f"{timezone.now():%Y-%m-%dT%H:%M:%SZ}",
            "ends_at": f"{timezone.now() + timedelta(days=2):%Y-%m-%dT%H:%M:%SZ}",
        },
        201,
        201,
    ),
    ("DELETE", "/delegations/1/", None, 404, 404),
    ("POST", "/changes/{n}/actions/comment/", {"comment": "Hm"}, 200, 404),
    ("GET", "/policies/", None, 200, 200),
    ("POST", "/policies/", {"definition": {}}, 403, 403),
    ("GET", "/policies/health/", None, 403, 403),
    ("GET", "/policies/replays/", None, 403, 403),
    ("POST", "/policies/replays/", {"text": "x", "since": "2026-01-01T00:00Z"}, 403, 403),
    ("GET", "/policies/replays/1/", None, 403, 403),
    ("GET", "/policies/replays/1/rows/", None, 403, 403),
    ("GET", "/policies/owner/", None, 200, 200),
    ("GET", "/policies/owner/versions/", None, 200, 200),
    ("POST", "/policies/owner/end/", {"comment": "x"}, 403, 403),
    ("POST", "/policies/owner/versions/1/activate/", {}, 403, 403),
    ("POST", "/policies/owner/versions/1/decline/", {"comment": "x"}, 403, 403),
    ("GET", "/facts/", None, 200, 200),
    ("GET", "/inbox/", None, 200, 200),
    ("GET", "/assets/", None, 200, 200),
    (
        "POST",
        "/assets/",
        {"key": "second", "kind": "email", "team": "email", "document": email_document("x")},
        201,
        403,
    ),
    ("GET", "/assets/onboarding-welcome/", None, 200, 200),
    ("GET", "/assets/onboarding-welcome/versions/", None, 200, 200),
    (
        "POST",
        "/assets/onboarding-welcome/versions/",
        {"document": email_document("Another")},
        201,
        403,
    ),
    ("GET", "/assets/onboarding-welcome/versions/1/", None, 200, 200),
    ("POST", "/assets/onboarding-welcome/versions/1/restore/", {}, 409, 409),
    ("GET", "/taxonomies/", None, 200, 200),
    ("GET", "/taxonomies/topics/", None, 404, 404),
    ("GET", "/taxonomies/topics/concepts/", None, 404, 404),
    ("GET", "/teams/", None, 200, 200),
    ("GET", "/teams/email/", None, 200, 200),
    ("GET", "/users/me/", None, 200, 200),
    ("GET", "/ledger/", None, 200, 200),
    ("GET", "/why/?subject=account-opening", None, 200, 404),
    ("GET", "/why/?subject=account-opening&person=tom@bank.example", None, 403, 403),
    ("GET", "/schemas/journey.json", None, 200, 200),
    ("GET", "/schemas/asset.json", None, 200, 200),
    ("GET", "/schemas/taxonomy.json", None, 200, 200),
]
METHODS = ("get", "post", "put", "patch", "delete")
IDS = [f"{method} {path}" for method, path, *_ in CALLS]
PUBLIC = "/schemas/"


@pytest.mark.parametrize("person", ["mei", "zoe"])
@pytest.mark.parametrize(("method", "path", "body", "mei", "zoe"), CALLS, ids=IDS)
def test_insiders_get_in_and_outsiders_do_not(
    bank: Bank,
    draft: Callable[[], int],
    person: str,
    method: str,
    path: str,
    body: Any,
    mei: int,
    zoe: int,
) -> None:
    address = path.format(n=draft())
    answer = getattr(bank, person).send(method, address, body)
    wanted = {"mei": mei, "zoe": zoe}[person]
    assert answer.status_code == wanted, answer.content
    if wanted >= 400:
        is_problem(answer, wanted)


@pytest.mark.parametrize(("method", "path", "body"), [row[:3] for row in CALLS], ids=IDS)
def test_strangers_are_asked_to_sign_in(anonymous: Any, method: str, path: str, body: Any) -> None:
    answer = anonymous.send(method, path.format(n=1), body)
    if path.startswith(PUBLIC):
        assert answer.status_code == 200
        return
    is_problem(answer, 401, "not_authenticated")
    assert answer["WWW-Authenticate"] == "Token"


def test_every_endpoint_is_in_the_table() -> None:
    listed = {(method, _shape(path)) for method, path, *_ in CALLS}
    assert set(_routes()) == listed


def _routes() -> Iterator[tuple[str, str]]:
    for pattern in cjops.api.v1:
        assert isinstance(pattern, URLPattern)
        view = pattern.callback.cls  # type: ignore[attr-defined]
        for method in METHODS:
            if hasattr(view, method):
                yield method.upper(), _shape(f"/{pattern.pattern}")


def _shape(path: str) -> str:
    """The address without what stands for one thing or another."""
    concrete = (
        "account-opening",
        "welcome-email",
        "onboarding-welcome",
        "topics",
        "owner",
        "{n}",
        "comment",
        "1",
    )
    parts = path.partition("?")[0].split("/")
    parent = ["", *parts]
    return "/".join(
        "*"
        if part.startswith("<")
        or (part in concrete and parent[at] not in ("", "/"))
        or (part == "email" and parent[at] == "teams")
        else part
        for at, part in enumerate(parts)
    )


def test_the_invisible_looks_like_the_missing(bank: Bank, draft: Callable[[], int]) -> None:
    number = draft()
    pairs = [
        ("/journeys/account-opening/", "/journeys/no-such-journey/"),
        ("/journeys/account-opening/versions/1/", "/journeys/no-such-journey/versions/1/"),
        (f"/changes/{number}/", "/changes/999999/"),
        (f"/changes/{number}/document/", "/changes/999999/document/"),
        (f"/changes/{number}/diff/", "/changes/999999/diff/"),
    ]
    for hidden, missing in pairs:
        assert _told(bank.zoe.read(hidden)) == _told(bank.zoe.read(missing))
    for path, body in (("edits/", RENAME), ("actions/submit/", {}), ("actions/approve/", {})):
        hidden = bank.zoe.call(f"/changes/{number}/{path}", body)
        assert _told(hidden) == _told(bank.zoe.call(f"/changes/999999/{path}", body))
    for key in ("account-opening", "no-such-journey"):
        answer = bank.zoe.call(
            "/changes/", {"subject": {"kind": "journey", "key": key}, "title": "x"}
        )
        assert _told(answer) == _told(bank.zoe.read("/journeys/no-such-journey/"))


def _told(answer: Any) -> dict[str, Any]:
    """The whole of a refusal but the id of its request."""
    body = is_problem(answer, 404, "not_found")
    body.pop("request_id")
    return {**body, "headers": sorted(set(answer.headers) - {"Content-Length"})}


def test_lists_leave_out_what_is_invisible(bank: Bank, submitted: Callable[[], int]) -> None:
    submitted()
    assert bank.mei.read("/journeys/").json()["results"]
    assert bank.mei.read("/changes/").json()["results"]
    assert bank.mei.read("/ledger/").json()["results"]
    for path in ("/journeys/", "/changes/", "/ledger/", "/inbox/"):
        for query in ("", "?subject=account-opening", "?author=mei@bank.example"):
            assert bank.zoe.read(path + query).json()["results"] == []


def test_the_auditor_reads_everything_and_decides_nothing(
    bank: Bank, submitted: Callable[[], int]
) -> None:
    number = submitted()
    assert bank.ida.read(f"/changes/{number}/diff/").status_code == 200
    assert bank.ida.read("/ledger/").json()["results"]
    for action, body in (
        ("approve", {}),
        ("request-changes", {"comment": "x"}),
        ("reject", {"comment": "x"}),
        ("withdraw", {}),
    ):
        assert is_problem(bank.ida.act(number, action, body), 403)["detail"]


def test_a_session_needs_the_csrf_token(bank: Bank, draft: Callable[[], int]) -> None:
    number = draft()
    browser = type(bank.mei)()
    browser.handler.enforce_csrf_checks = True
    browser.force_login(bank.user("mei"), backend="people.backends.AccountBackend")
    assert browser.read(f"/changes/{number}/").status_code == 200
    is_problem(browser.call(f"/changes/{number}/edits/", RENAME), 403)
    browser.cookies["csrftoken"] = token = "a" * 32
    answer = browser.call(f"/changes/{number}/edits/", RENAME, X_CSRFToken=token)
    assert answer.status_code == 200, answer.content


def test_a_token_of_a_closed_account_opens_nothing(bank: Bank) -> None:
    client = bank.mei
    assert client.read("/users/me/").status_code == 200
    bank.user("mei").is_active = False
    bank.user("mei").save(update_fields=["is_active"])
    is_problem(client.read("/users/me/"), 401)


@pytest.mark.parametrize(
    "header", ["Token", "Token x", "Token a b", "Token \xff", "Basic eDp5", "Bearer x", ""]
)
def test_an_odd_authorization_is_refused(anonymous: Any, header: str) -> None:
    answer = anonymous.get(f"{V1}/users/me/", headers={"Authorization": header})
    is_problem(answer, 401)
