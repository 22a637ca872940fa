"""What is found in links, wherever they stand."""

import pytest

from content.validation.links import Address, fault_of
from tests.content.checking import asset, body, codes, found
from tests.factories import LEAVING


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("https://bank.example/a?b=c#d", ""),
        ("https://bank.example:8443/a", ""),
        ("https://user@bank.example/a", ""),
        ("https://192.0.2.1/a", ""),
        ("https://[2001:db8::1]/a", ""),
        ("https://bänk.example/ü", ""),
        ("https://银行.example/卡", ""),
        ("bank://cards/1", ""),
        ("weixin://dl/x", ""),
        ("mailto:hello@bank.example?subject=Hi", ""),
        ("tel:+49 800 555 0171", ""),
        ("sms:12345", ""),
        ("#top", ""),
        ("{{ url }}", ""),
        ("https://{{ host }}/a", ""),
        ("https://bank.example/{{ path }}?a={{ b | default: 'c' }}", ""),
        ("mailto:{{ adviser_mail }}", ""),
        ("tel:{{ phone }}", ""),
        ("", "link-placeholder"),
        ("#", "link-placeholder"),
        ("javascript:void(0)", "link-placeholder"),
        ("https://example.com/a", "link-placeholder"),
        ("http://www.example.org", "link-placeholder"),
        ("https://yoursite.com/", "link-placeholder"),
        ("https://localhost:8000/", "link-placeholder"),
        ("https://bank.example/TODO", "link-placeholder"),
        ("https://bank.example/[product]", "link-placeholder"),
        ("javascript:alert(1)", "link-dangerous"),
        ("JaVaScRiPt:alert(1)", "link-dangerous"),
        ("java\u200bscript:alert(1)", "link-dangerous"),
        (" data:text/html,x", "link-dangerous"),
        ("file:///etc/passwd", "link-dangerous"),
        ("vbscript:x", "link-dangerous"),
        ("http://bank.example/", "link-insecure"),
        ("www.bank.example", "link-broken"),
        ("bank.example/a", "link-broken"),
        ("/cards", "link-broken"),
        ("htp://bank.example", "link-broken"),
        ("https:/bank.example", "link-broken"),
        ("https://", "link-broken"),
        ("https:///a", "link-broken"),
        ("https://bank", "link-broken"),
        ("https://bank..example", "link-broken"),
        ("https://bank .example\\a", "link-broken"),
        ("https://[::1", "link-broken"),
        ("mailto:hello", "link-broken"),
        ("mailto:", "link-broken"),
        ("tel:", "link-broken"),
        ("https://bank.example/?utm_source=a&utm_source=b", "link-tracking-doubled"),
        ("https://bank.example/?a=1?utm_source=b", "link-tracking-doubled"),
    ],
)
def test_an_address(address, code):
    assert fault_of(Address(address, "body", 1)) == code


@pytest.mark.parametrize(
    ("kind", "fields", "line"),
    [
        ("push", {"link": "www.bank.example"}, 0),
        ("in-app", {"link": "www.bank.example"}, 0),
        ("in-app", {"body": "Hello\n\n[here](www.bank.example)"}, 3),
        ("web-block", {"body": "One\ntwo [here](www.bank.example)"}, 2),
        ("sms", {"text": "See\nhttps://bank"}, 2),
        ("email", {"text": f"Welcome to the bank {LEAVING}\nwww.b"}, 2),
    ],
)
def test_links_are_found_in_every_kind(kind, fields, line):
    finding = found(asset(kind, **fields))["link-broken"]
    assert finding.line == line
    assert finding.severity == "error"


def test_links_of_the_body_say_their_lines():
    finding = found(body('<a href="www.a.example">a</a>\n<a href="/b">b</a>'))["link-broken"]
    assert finding.line == 3
    assert "“www.a.example” (line 3), “/b” (line 4)" in finding.message


def test_links_of_one_site_of_which_only_some_are_counted_are_told():
    counted = "https://bank.example/a?utm_source=mail&amp;utm_medium=email"
    inner = f'<a href="{counted}">a</a><a href="https://bank.example/b">b</a>'
    finding = found(body(inner))["link-untracked"]
    assert "utm_medium, utm_source" in finding.message
    assert "https://bank.example/b" in finding.message
    # Who leaves is not counted, and neither is another site.
    other = f'<a href="{counted}">a</a><a href="https://shop.example/b">b</a>'
    assert "link-untracked" not in codes(body(other))


def test_many_addresses_are_named_in_part():
    inner = "".join(f'<a href="/{number}">x</a>' for number in range(50))
    assert "and 46 more" in found(body(inner))["link-broken"].message
