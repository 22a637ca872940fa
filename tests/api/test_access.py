"""Who gets in and who does not, and how a refusal looks. The whole table is in `test_matrix`."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.api.conftest import RENAME, V1, Bank, is_problem


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
