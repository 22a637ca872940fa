"""What every answer tells the browser, and what comes back from it."""

import json

import pytest
from django.test import override_settings

from cjops.core import hardening
from tests.test_settings import GOOD, value

REPORT = {
    "csp-report": {
        "effective-directive": "script-src",
        "blocked-uri": "https://evil.example/a.js?token=hush",
        "document-uri": "https://user:hush@cjops.example.com/changes/1/?key=hush#hush",
        "disposition": "enforce",
    }
}
ADDRESS = "/security/reports/"
PAGES = ("/accounts/login/", "/health/live", "/api/schema/", "/api/v1/journeys/", "/nowhere/",
         "/admin/", "/static/cjops/app.js")  # fmt: skip


@pytest.fixture(autouse=True)
def _no_reports_yet(db):
    hardening.cache.clear()


def send(client, body, kind="application/csp-report"):
    return client.post(ADDRESS, body, content_type=kind)


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_is_hardened(client, path):
    headers = client.get(path).headers

    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "camera=()" in headers["Permissions-Policy"]


@pytest.mark.parametrize("path", ["/", "/journeys/", "/admin/", "/preferences/", "/people/"])
def test_pages_cannot_be_framed_and_run_nothing_inline(client, cast, path):
    client.force_login(cast.omar)
    headers = client.get(path).headers
    policy = headers["Content-Security-Policy"]

    assert headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in policy
    for name in ("script-src 'self'", "style-src 'self'", "object-src 'none'"):
        assert f"{name};" in f"{policy};"
    assert "unsafe" not in policy
    assert "nonce" not in policy
    assert f"report-uri {ADDRESS}" in policy
    assert headers["Reporting-Endpoints"] == f'csp="{ADDRESS}"'


def test_pages_of_somebody_are_not_kept(client, cast):
    assert "no-store" not in client.get("/accounts/password/reset/").headers.get(
        "Cache-Control", ""
    )
    client.force_login(cast.mei)
    for path in ("/", "/journeys/", "/changes/", "/content/onboarding-welcome/"):
        assert client.get(path).headers["Cache-Control"] == "private, no-store", path
    assert "no-store" not in client.get("/static/cjops/app.js").headers.get("Cache-Control", "")


def test_a_violation_becomes_a_line_without_secrets(client, caplog):
    assert send(client, json.dumps(REPORT)).status_code == 204

    said = " ".join(
        record.getMessage() for record in caplog.records if "csp" in record.getMessage()
    )
    assert "https://evil.example/a.js" in said
    assert "https://cjops.example.com/changes/1/" in said
    assert "hush" not in said


def test_the_newer_format_is_read_as_well(client, caplog):
    body = [{"type": "csp-violation", "body": {"effectiveDirective": "img-src",
                                               "blockedURL": "data"}}]  # fmt: skip
    assert send(client, json.dumps(body), "application/reports+json").status_code == 204

    assert "img-src" in caplog.text


@pytest.mark.parametrize(
    "body",
    [b"", b"[", b"\xff", b"[" * 10_000, b"{}", b"[1, null]", b'{"csp-report": []}', b"NaN",
     b'{"csp-report": {"blocked-uri": "http://["}}', b'{"csp-report": {"blocked-uri": 1}}'],
    ids=lambda body: ascii(body[:20]),
)  # fmt: skip
def test_what_is_no_report_does_no_harm(client, body):
    assert send(client, body).status_code == 204


def test_a_report_forges_no_line(client, caplog):
    send(client, json.dumps({"csp-report": {"blocked-uri": "a\r\nforged"}}))

    assert not any("\nforged" in record.getMessage() for record in caplog.records)


def test_a_large_report_is_refused(client):
    assert send(client, b"x" * (hardening.MOST_BYTES + 1)).status_code == 413


def test_many_reports_are_refused(client, monkeypatch):
    monkeypatch.setattr(hardening, "MOST_A_MINUTE", 3)
    assert [send(client, b"{}").status_code for _ in range(4)] == [204, 204, 204, 429]


@override_settings(SECURITY_CONTACT="mailto:security@bank.example")
def test_it_is_said_where_to_report(client):
    text = client.get("/.well-known/security.txt").content.decode()

    assert "Contact: mailto:security@bank.example\n" in text
    assert "Expires: 20" in text


def test_without_a_contact_nothing_is_said(client):
    assert client.get("/.well-known/security.txt").status_code == 404


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("SESSION_COOKIE_NAME", "__Host-session"),
        ("CSRF_COOKIE_NAME", "__Host-csrf"),
        ("SESSION_COOKIE_SECURE", "True"),
        ("CSRF_COOKIE_SECURE", "True"),
        ("SESSION_COOKIE_HTTPONLY", "True"),
        ("CSRF_COOKIE_HTTPONLY", "True"),
        ("SESSION_COOKIE_DOMAIN", "None"),
        ("SESSION_COOKIE_PATH", "/"),
        ("SECURE_HSTS_SECONDS", "31536000"),
        ("SECURE_HSTS_INCLUDE_SUBDOMAINS", "True"),
        ("SECURE_SSL_REDIRECT", "True"),
    ],
)
def test_production_cookies_and_transport(name, wanted):
    assert value(name, **GOOD) == wanted


@pytest.mark.parametrize(
    "host",
    ["evil.example", "testserver.evil.example", "testserver@evil.example", "testserver:80:80",
     "testserver/evil", "", "[::1", "localhost\r\nX: y", "TESTSERVER\x00"],
    ids=ascii,
)  # fmt: skip
def test_another_host_is_refused(client, host):
    answer = client.get("/accounts/password/reset/", headers={"Host": host})

    assert answer.status_code == 400
    assert "evil" not in answer.content.decode()


def test_a_forwarded_host_is_not_believed(client):
    answer = client.get("/journeys/", headers={"X-Forwarded-Host": "evil.example"})

    assert "evil" not in answer.headers["Location"]
