"""The watch over the content policy sees what a page does against it."""

import json
import time
import urllib.request

import pytest

from cjops.core.paths import REPORTS

pytestmark = pytest.mark.browser

POLICY = "default-src 'none'; script-src 'self'"
ADDRESS = "http://violating.test/"


def shown(browser, page, policy=POLICY):
    """The body as a page under that policy."""
    context = browser.new_context()
    tab = context.new_page()
    tab.route(
        f"{ADDRESS}**",
        lambda route: route.fulfill(
            body=f"<!doctype html><title>x</title>{page}",
            headers={"Content-Security-Policy": policy, "Content-Type": "text/html"},
        ),
    )
    tab.goto(ADDRESS)
    tab.wait_for_timeout(300)
    context.close()


@pytest.mark.parametrize(
    ("page", "directive"),
    [
        ("<script>document.title = 'inline'</script>", "script-src-elem: inline"),
        ("<p style='color: red'>inline</p>", "style-src-attr: inline"),
        ("<img src='http://elsewhere.test/x.png' alt=''>", "img-src: http://elsewhere.test"),
    ],
)
def test_a_page_that_violates_its_policy_is_told(browser, violations, page, directive):
    shown(browser, page)

    told = list(violations.seen)
    violations.forgive()

    assert len(told) == 1
    assert told[0].startswith(f"enforce {directive}")
    assert told[0].endswith(f"on {ADDRESS}")


def test_a_page_that_keeps_to_it_is_not(browser, violations):
    shown(browser, "<p>plain</p>")

    assert violations.seen == []


def test_a_report_to_the_portal_is_told(demo, violations):
    report = {"csp-report": {"effective-directive": "script-src-elem", "blocked-uri": "inline"}}
    request = urllib.request.Request(f"{demo.url}{REPORTS}", json.dumps(report).encode())
    with urllib.request.urlopen(request, timeout=20) as answer:
        assert answer.status == 204

    # Written by another process.
    for _ in range(50):
        if told := violations.reported():
            break
        time.sleep(0.1)
    violations.forgive()

    assert len(told) == 1
    assert "script-src-elem" in told[0]
