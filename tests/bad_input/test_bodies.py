"""Bodies that no form of ours would send: too large, cut off, in the wrong coding."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from django.urls import reverse

from tests.api.conftest import Bank
from tests.bad_input.conftest import Browser, is_refused, written
from tests.cast import propose

Browse = Callable[[str], Browser]
FORM = "application/x-www-form-urlencoded"

# route, arguments: everything in the portal that takes a form.
FORMS: list[tuple[str, dict[str, Any]]] = [
    ("change-open", {"kind": "journey", "key": "account-opening"}),
    ("change-take", {"number": None, "action": "submit"}),
    ("change-take", {"number": None, "action": "comment"}),
    ("change-take", {"number": None, "action": "schedule"}),
    ("change-edit-element", {"number": None, "element": "steps", "key": "welcome-email"}),
    ("change-edit-element", {"number": None, "element": "header", "key": "header"}),
    ("change-new-element", {"number": None, "element": "transitions"}),
    ("change-move-element", {"number": None, "element": "steps", "key": "wait"}),
    ("change-remove-element", {"number": None, "element": "steps", "key": "wait"}),
    ("content-submit", {"journey": "account-opening", "step": "welcome-email"}),
    ("journey-create", {}),
    ("asset-create", {}),
    ("asset-write", {"key": "onboarding-welcome"}),
    ("notification-read-all", {}),
    ("preferences", {}),
    ("set_language", {}),
    ("account_login", {}),
    ("account_logout", {}),
    ("account_reset_password", {}),
    ("account_change_password", {}),
    ("admin:people_user_add", {}),
]


@pytest.fixture(params=[True, False], ids=["debug", "production"])
def debug(request: pytest.FixtureRequest) -> Iterator[None]:
    """With DEBUG on, as `make demo` has it, Django would show pages of its own."""
    with override_settings(DEBUG=request.param):
        yield


@pytest.fixture
def post(bank: Bank, browse: Browse) -> Callable[..., list[Any]]:
    """Sends one body to every form there is; checks that nothing is written; the answers."""
    number = propose(bank.cast).number

    def to_all(body: bytes, content_type: str = FORM, **headers: str) -> list[Any]:
        browser = browse("omar")
        before = written()
        answers = []
        for name, arguments in FORMS:
            filled = {key: number if value is None else value for key, value in arguments.items()}
            address = reverse(name, kwargs=filled)
            answers.append(
                browser.generic("POST", address, body, content_type=content_type, headers=headers)
            )
            browser.forget()
        assert written() == before
        return answers

    return to_all


@pytest.mark.usefixtures("debug")
def test_more_than_ten_megabytes(post: Callable[..., list[Any]]) -> None:
    for answer in post(b"title=" + b"x" * (10 * 1024 * 1024)):
        is_refused(answer, 413, "larger than 10 MB")


@pytest.mark.usefixtures("debug")
def test_more_than_ten_megabytes_in_parts(post: Callable[..., list[Any]]) -> None:
    head = b'--x\r\nContent-Disposition: form-data; name="title"\r\n\r\n'
    body = head + b"x" * (10 * 1024 * 1024 + 1) + b"\r\n--x--\r\n"
    for answer in post(body, "multipart/form-data; boundary=x"):
        is_refused(answer, 413, "larger than 10 MB")


@pytest.mark.usefixtures("debug")
def test_more_fields_than_any_form_has(post: Callable[..., list[Any]]) -> None:
    body = b"&".join(b"a%d=1" % number for number in range(6_000))
    for answer in post(body):
        is_refused(answer, 400, "more fields")


@pytest.mark.usefixtures("debug")
@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"x", "multipart/form-data"),
        (b"x", "multipart/form-data; boundary="),
        (b"x", "multipart/form-data; boundary=" + "é" * 3),
        (b"x", "multipart/form-data; boundary=" + "x" * 500),
        (b"title=x", FORM + "; charset=utf-16"),
    ],
    ids=ascii,
)
def test_what_is_no_form(post: Callable[..., list[Any]], body: bytes, content_type: str) -> None:
    for answer in post(body, content_type):
        is_refused(answer, 400, "cannot read this request")


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (
            b"--x\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\ncut",
            "multipart/form-data; boundary=x",
        ),
        (b"\xff\xfe\x00", FORM),
        (b"title=%FF%FE&%FF=%FF", FORM),
        (b"%", FORM),
        (b"&&&===", FORM),
        (b'{"title": "x"}', "application/json"),
        (b"title", "text/plain"),
        (b"title", "x" * 300),
        (b"title=x", FORM + "; charset=nonsense"),
    ],
    ids=ascii,
)  # fmt: skip
def test_what_is_hardly_one(bank: Bank, browse: Browse, body: bytes, content_type: str) -> None:
    """Read as far as it goes: the form comes back and says what is missing."""
    browser = browse("mei")
    before = written()
    for address in ("/journeys/+new/", "/changes/new/journey/account-opening/", "/preferences/"):
        answer = browser.generic("POST", address, body, content_type=content_type)
        assert answer.status_code in (200, 400, 422), (address, answer.status_code)
    assert written() == before


@pytest.mark.parametrize("name", ["x.json", "x.html", "../../etc/passwd", "\u202egnp.x", "a" * 500])
def test_a_file_where_none_is_asked_for(bank: Bank, browse: Browse, name: str) -> None:
    """A picture that calls itself something else is not even kept."""
    file = SimpleUploadedFile(name, b"\x89PNG\r\n\x1a\n\x00" * 100, "application/json")
    before = written()
    answer = browse("mei").post("/journeys/+new/", {"name": file, "key": file})
    is_refused(answer, 422, "required")
    assert written() == before


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "a b"},
        {"Host": "testserver:x"},
        {"Cookie": "sessionid=\x00; django_language=\x00"},
        {"Cookie": "sessionid=" + "x" * 5_000},
        {"Cookie": "messages=[[\"__json_message\",0,20,\"x\"]]:forged"},
        {"Accept-Language": "x" * 5_000},
        {"Accept-Language": "../../etc, \x00;q=a"},
        {"X-Forwarded-For": "not an address, \x00"},
        {"X-Forwarded-For": "1, 2, 3"},
        {"HX-Request": "true", "HX-Current-URL": "\x00"},
        {"HX-Request": "true", "HX-Target": "<script>"},
        {"X-Request-Id": "x" * 5_000},
        {"If-None-Match": "W/\"" + "x" * 5_000},
        {"If-Modified-Since": "yesterday"},
        {"Range": "bytes=9-1"},
        {"Authorization": "Token \x00é"},
        {"Authorization": "Basic !!!"},
    ],
    ids=ascii,
)  # fmt: skip
@pytest.mark.usefixtures("debug")
def test_odd_headers(bank: Bank, browse: Browse, headers: dict[str, str]) -> None:
    for browser in (browse("mei"), Browser()):
        for address in ("/", "/journeys/", "/accounts/login/", "/api/v1/journeys/", "/nowhere"):
            answer = browser.get(address, headers=headers)
            assert answer.status_code < 500, address
            if "Host" in headers:
                assert answer.status_code == 400
            if answer.status_code >= 400 and not address.startswith("/api/"):
                assert b"cjops" in answer.content or b"data-refusal" in answer.content


@pytest.mark.usefixtures("debug")
@pytest.mark.parametrize(
    "address", ["/nowhere", "/journeys/a/b/c/", "/%00", "/%E2%80%AE/", "/x" * 900]
)
def test_an_address_that_leads_nowhere(browse: Browse, db: None, address: str) -> None:
    for browser in (browse("mei"), Browser()):
        is_refused(browser.get(address), 404, "This line ends here")
    fragment = browse("mei").get(address, headers={"HX-Request": "true"})
    assert fragment.status_code == 404
    assert "<html" not in fragment.content.decode()


def test_a_missing_slash_is_put_right(client: Client, db: None) -> None:
    assert client.get("/journeys")["Location"] == "/journeys/"


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("", ""),
        ("mei@bank.example", ""),
        ("mei@bank.example", "x" * 100_000),
        ("mei@bank.example\x00", "x"),
        ("mei@bank.example", "a\x00b"),
        ("x" * 5_000 + "@bank.example", "x"),
        ("\u202emei@bank.example", "x"),
        ("mei@bank.example\r\nBcc: all@bank.example", "x"),
        ("<script>alert(1)</script>@bank.example", "x"),
        ("' OR 1=1 --@bank.example", "x"),
        ("ＭＥＩ@bank.example", "x"),
    ],
    ids=ascii,
)
def test_signing_in_with_nonsense(db: None, email: str, password: str) -> None:
    answer = Browser().post("/accounts/login/", {"login": email, "password": password})
    assert answer.status_code == 200
    text = is_refused(answer, 200)
    assert "<script>alert" not in text
    assert "_auth_user_id" not in answer.client.session


def test_too_many_tries_are_told_to_wait(db: None) -> None:
    browser = Browser()
    form = {"email": "mei@bank.example"}
    answers = [browser.post("/accounts/password/reset/", form) for _ in range(12)]
    is_refused(answers[-1], 429, "Wait a few minutes")
