"""A seeded portal, and people who click in it."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.violations import Watch
from tests.plugins.servers import portal_of_its_own

RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}}


@pytest.fixture(autouse=True)
def violations(request, browser, monkeypatch):
    """What any page of the test did against its content policy: nothing, or the test fails."""
    portal = request.getfixturevalue("demo") if "demo" in request.fixturenames else None
    watch = Watch(portal)
    opened = browser.new_context

    def watched(**options):
        context = opened(**options)
        watch.over(context)
        return context

    monkeypatch.setattr(browser, "new_context", watched)
    yield watch
    assert watch.seen == []
    assert watch.reported() == []


@pytest.fixture(scope="session")
def demo():
    """What `make demo` serves: seeded, with web, worker and beat, in a folder of its own."""
    with portal_of_its_own(is_seeded=True) as portal:
        # Mail that was sent stays to be counted, also when everything is killed.
        portal.settings["EMAIL_URL"] = f"filemail:///{portal.var}/mail"
        portal.start()
        portal.wait_until_ready(400)
        yield portal


class Person:
    """Somebody at a browser; `at` opens a page and fails on what a browser complains about."""

    def __init__(self, browser, portal, **context):
        self.portal = portal
        self.context = browser.new_context(viewport={"width": 1280, "height": 900}, **context)
        self.page = self.context.new_page()
        self.complaints = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._hear)

    def _hear(self, message):
        if message.type == "error" and "status of 4" not in message.text:
            self.complaints.append(message.text)

    def sign_in(self, name):
        self.page.goto(f"{self.portal.url}/accounts/login/")
        self.page.locator("[name=login]").fill(f"{name}@bank.example")
        self.page.locator("[name=password]").fill("demo")
        self.page.locator("main button[type=submit]").first.click()
        self.page.wait_for_url(f"{self.portal.url}/")
        return self

    def at(self, path):
        self.page.goto(f"{self.portal.url}{path}")
        return self

    def check(self):
        """Nothing that axe or the browser's console finds wrong on the page that is open."""
        self._settle()
        found = Axe().run(self.page, options=RULES)
        assert found.violations_count == 0, found.generate_report()
        assert self.complaints == []
        return self

    def _settle(self):
        """Wait until nothing is fetched any more.

        Where previews take each other's place, one that goes while it loads keeps the driver from
        ever calling the page idle; what the page itself knows is asked then.
        """
        if self.page.locator("iframe.preview-frame").count():
            self.page.wait_for_function(
                "() => !document.querySelector('.htmx-request, .preview-frame.coming')"
            )
        else:
            self.page.wait_for_load_state("networkidle")

    def leave(self):
        self.context.close()


@pytest.fixture
def visit(browser, demo):
    """Sign somebody in: `visit("mei")`."""
    people = []

    def enter(name, **context):
        person = Person(browser, demo, **context).sign_in(name)
        people.append(person)
        return person

    yield enter
    for person in people:
        person.leave()
