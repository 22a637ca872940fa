"""What has broken other portals, sent to this one: addresses, formulas, markup, JSON, mail."""

import csv
import io
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from rest_framework import serializers

import cjops.api
from content.mjml import DoesNotCompile, compile_mjml
from content.sanitising import sanitised
from governance.views.trying.replays import as_csv
from tests.api.conftest import Bank, is_problem
from tests.factories import PASSWORD, UserFactory

ELSEWHERE = [
    "https://evil.example", "//evil.example", "///evil.example", "/\\evil.example",
    "\\\\evil.example", "\\/evil.example", "http:evil.example", "https:/evil.example",
    "https:///evil.example", "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x",
    "//evil.example@testserver", "https://testserver@evil.example", "/\t/evil.example",
    "/\n/evil.example", "\t//evil.example", " //evil.example", "//\u2025evil.example",
    "／／evil.example", "/\x00/evil.example", "//evil%E3%80%82example", "https://evil。example",
    "/%0d%0aLocation: https://evil.example", "/x\r\nLocation: https://evil.example",
]  # fmt: skip


def leads_out(location: str) -> bool:
    """Whether a browser would leave the portal."""
    plain = location.replace("\\", "/").replace("\t", "").replace("\n", "").strip()
    return plain.startswith("//") or bool(urlsplit(plain).scheme or urlsplit(plain).netloc)


@pytest.mark.parametrize("wanted", ELSEWHERE, ids=ascii)
def test_no_form_leads_elsewhere(db: None, wanted: str) -> None:
    user = UserFactory()
    client = Client(raise_request_exception=False)
    answer = client.post("/language/", {"language": "en", "next": wanted})
    assert not leads_out(answer.headers["Location"])
    client.force_login(user)
    answer = client.post("/accounts/logout/", {"next": wanted})
    assert not leads_out(answer.headers.get("Location", "/"))
    answer = client.post(
        f"/accounts/login/?next={wanted}", {"login": user.email, "password": PASSWORD}
    )
    assert answer.status_code == 302
    assert not leads_out(answer.headers["Location"])
    assert "\n" not in answer.headers["Location"]


@pytest.mark.parametrize("wanted", ELSEWHERE, ids=ascii)
def test_the_administration_leads_nowhere_else(client: Client, db: None, wanted: str) -> None:
    answer = client.get("/admin/login/", {"next": wanted})

    assert answer.headers["Location"].startswith("/accounts/login/")
    assert not leads_out(answer.headers["Location"])


FORMULAS = ["=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "=HYPERLINK(\"x\")",
            "=cmd|'/C calc'!A0", "＝1+1", "\u200b=1", "|calc", "%0A=1"]  # fmt: skip


@pytest.mark.parametrize("text", FORMULAS, ids=ascii)
def test_no_cell_is_taken_for_a_formula(text: str) -> None:
    answer = as_csv([[text, 'a"b', "c,d"]], "x.csv")
    written = b"".join(answer.streaming_content).decode().removeprefix("\ufeff")  # type: ignore[arg-type]
    (row,) = csv.reader(io.StringIO(written, newline=""))

    assert row[0].lstrip()[:1] not in {"=", "+", "-", "@"}
    assert row[1:] == ['a"b', "c,d"]
    assert "attachment" in answer.headers["Content-Disposition"]


MARKUP = [
    "<script>alert(1)</script>", "<ScRiPt src=//evil.example>", "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>", "<svg><script>alert(1)</script></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x>", "<svg><a xlink:href=javascript:alert(1)>",
    "<math><mtext><img src=x onerror=alert(1)></mtext></math>", "<iframe src=//evil.example>",
    "<object data=//evil.example>", "<embed src=//evil.example>", "<base href=//evil.example>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>", "<link rel=stylesheet href=//evil>",
    "<form action=//evil.example><input name=x></form>", "<a href=javascript:alert(1)>x</a>",
    "<a href='java\tscript:alert(1)'>x</a>", "<a href=' javascript:alert(1)'>x</a>",
    "<a href=data:text/html,<script>alert(1)</script>>x</a>",
    "<div style='background:url(//evil.example)'>", "<div style='width:expression(alert(1))'>",
    "<style>@import '//evil.example';</style>", "<style>a{background:url(//evil.example)}</style>",
    "<p style='behavior:url(x)'>", "<img src=//evil.example/pixel.gif>",
    "<img srcset='//evil.example 1x'>", "<video src=//evil.example>", "<table background=//evil>",
    "<!--[if IE]><script>alert(1)</script><![endif]-->",
    "<noscript><p title='</noscript><script>x'>",
    "<template><script>alert(1)</script></template>", "<textarea><script>alert(1)</script>",
    "<x onclick=alert(1)>", "<p onclick=alert(1)>", "<svg/onload=alert(1)//",
    "<<script>alert(1)//<</script>",
    "<a href=vbscript:x>", "<input autofocus onfocus=alert(1)>", "<details open ontoggle=alert(1)>",
]  # fmt: skip
BAD = ("<script", "onerror", "onload", "onclick", "onfocus", "ontoggle", "onbegin", "javascript:",
       "vbscript:", "<iframe", "<object", "<embed", "<base", "<meta", "<link", "<form", "<input",
       "<svg", "<math", "<style", "expression", "url(", "//evil", "@import", "srcset", "<video",
       "behavior", "<template", "<textarea", "text/html")  # fmt: skip


def tags_of(html: str) -> str:
    """The markup of it, without what is only text."""
    return "".join(part.partition(">")[0] for part in html.lower().split("<")[1:]).join("<>")


@pytest.mark.parametrize("source", MARKUP, ids=ascii)
def test_no_markup_does_anything(source: str) -> None:
    for one in (source, f"<p>{source}", f"<table><tr><td>{source}", f"<div><a>{source}</a>"):
        html = sanitised(one).lower()
        assert not [bad for bad in BAD if bad in tags_of(html).replace("data:image/svg+xml", "")]


MJML = [
    "<mj-include path='/etc/passwd' />", "<mj-include path='../../secret.mjml'/>",
    "<mj-include path='file:///etc/passwd' type='html' />", "<mj-include path='http://127.0.0.1/'/>",
    "<MJ-INCLUDE path='/etc/passwd'/>", "<mj-raw><script>alert(1)</script></mj-raw>",
]  # fmt: skip


@pytest.mark.parametrize("source", MJML, ids=ascii)
def test_no_template_reads_a_file_or_an_address(source: str) -> None:
    message = f"<mjml><mj-body>{source}<mj-section><mj-column><mj-text>Hi</mj-text></mj-column>"
    message += "</mj-section></mj-body></mjml>"
    try:
        html = compile_mjml(message).html.lower()
    except DoesNotCompile:
        return
    assert "root:" not in html
    assert "alert" not in sanitised(html)


JSON = [
    b'{"title": "a", "title": "b"}', b'{"subject": {"kind": "journey", "kind": "asset"}}',
    b'{"a": NaN}', b'{"a": Infinity}', b'{"a": -Infinity}', b"{'a': 1}", b'{"a": 1,}', b"",
    b'{"a": "\xff"}', b'{"a": "\\ud800"}', b"\xef\xbb\xbf{}", b"[]", b"1", b"null", b'"x"',
    b'{"a": ' + b"[" * 60 + b"]" * 60 + b"}", b"{} {}", b'{"a": 1e999}',
    b'{"__proto__": {}, "title": 1}',
]  # fmt: skip


@pytest.mark.parametrize("body", JSON, ids=lambda body: ascii(body[:40]))
def test_no_odd_json_is_guessed_at(bank: Bank, body: bytes) -> None:
    answer = bank.mei.send("POST", "/changes/", body)

    is_problem(answer, 400)


HEADERS = ["a@bank.example\r\nBcc: all@bank.example", "a@bank.example\nX: y", "a@bank.example\x00",
           "a@bank.example%0aBcc: x@x.example"]  # fmt: skip


@pytest.mark.parametrize("address", HEADERS, ids=ascii)
def test_no_mail_gets_another_header(
    client: Client, db: None, mailoutbox: list[Any], address: str
) -> None:
    client.post("/accounts/password/reset/", {"email": address})

    assert all("all@bank.example" not in mail.recipients() for mail in mailoutbox)
    assert all("Bcc" not in mail.message() for mail in mailoutbox)


# Whoever adds a member that can be sent looks here whether the person may set it.
NOT_FOR_ANYBODY = {
    "is_superuser", "is_staff", "is_active", "password", "user_permissions", "groups", "author",
    "actor", "state", "created_at", "created_by", "digest_sent_on", "approved_by", "met_at",
    "published_at", "published_number", "glass_broken_by", "revision", "live_version",
}  # fmt: skip


def inputs(kind: type[serializers.Serializer[Any]]) -> list[type[serializers.Serializer[Any]]]:
    found = []
    for one in kind.__subclasses__():
        found += [one, *inputs(one)]
    return found


def test_no_input_of_the_api_takes_what_nobody_may_set() -> None:
    assert cjops.api.v1
    from cjops.core.api.fields import Input  # noqa: PLC0415

    wrong = {
        one.__name__: sorted(NOT_FOR_ANYBODY & set(one().fields))
        for one in inputs(Input)
        if not one.__name__.endswith("Filters") and NOT_FOR_ANYBODY & set(one().fields)
    }
    assert wrong == {}


def test_more_members_than_asked_for_are_not_taken(bank: Bank) -> None:
    body = {"subject": {"kind": "journey", "key": "account-opening"}, "title": "x",
            "rationale": "y", "state": "approved", "author": "omar@bank.example"}  # fmt: skip
    answer = bank.mei.call("/changes/", body)

    if answer.status_code == 201:
        assert answer.json()["state"] == "draft"
        assert answer.json()["author"]["email"] == "mei@bank.example"
    else:
        is_problem(answer, 400)


@pytest.mark.parametrize("name", ["is_superuser", "is_staff", "email", "user_permissions"])
def test_preferences_give_nobody_a_right(client: Client, bank: Bank, name: str) -> None:
    user = bank.user("mei")
    client.force_login(user)
    sent = {"name": "Mei", "locale": "en", "time_zone": "UTC", name: "1"}
    assert client.post("/preferences/", sent).status_code == 302
    user.refresh_from_db()

    assert not user.is_superuser
    assert not user.is_staff
    assert user.email == "mei@bank.example"
    assert not user.user_permissions.exists()
