"""HTML and script in every text there is: shown as text, on every page and in every mail."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse

import content.services
from governance import services, tasks
from governance.models import Change, Notification
from governance.transitions import Action
from people.models import Channel, Team
from tests.api.conftest import Bank, is_problem
from tests.bad_input.conftest import Browser
from tests.cast import take

EVIL = "\"'><img src=x onerror=alert(1)><script>alert(1)</script>{{ 7|add:7 }}&lt;b&gt;"
TOKENS = ("<script>alert", "<img src=x", "onerror=alert(1)>")
LANGUAGE = {"key": "en", "subject": EVIL, "preheader": EVIL, "body": EVIL, "text": EVIL}


def header(**fields: Any) -> dict[str, Any]:
    return {"op": "update", "element": "header", "fields": fields}


def fill(element: str, key: str, op: str = "update", **fields: Any) -> dict[str, Any]:
    return {"op": op, "element": element, "key": key, "fields": fields}


EDITS = [
    header(
        **dict.fromkeys(("name", "purpose", "scenario", "market", "product_line"), EVIL),
        personas=[EVIL],
        goal={"statement": EVIL, "metric": EVIL, "target": EVIL},
    ),
    fill("stages", "start", name=EVIL, description=EVIL),
    fill("entries", "applied", name=EVIL, rule=EVIL, where=EVIL),
    fill("exits", "left", "add", name=EVIL, rule=EVIL, note=EVIL),
    *(
        fill(
            "steps",
            key,
            **dict.fromkeys(
                ("name", "touchpoint", "purpose", "customer_action", "mindset", "pain_points"), EVIL
            ),
            kpi={"metric": EVIL, "target": EVIL, "guardrail": EVIL},
        )
        for key in ("welcome-email", "wait", "call", "end")
    ),
    fill("steps", "welcome-email", **{"slots/body/purpose": EVIL}),
    fill("transitions", "wait-call", condition=EVIL),
]


@pytest.fixture
def evil(bank: Bank) -> Change:
    """A change under review, all of whose words are hostile, as are those of the people."""
    cast = bank.cast
    for user in (cast.mei, cast.tom, cast.ana):
        user.name = EVIL
        user.save()
    for row in (*Team.objects.all(), *Channel.objects.all()):
        row.name = EVIL
        row.save()
    version = content.services.add_version(
        asset=cast.asset,
        document={"name": EVIL, "kind": "email", "purpose": EVIL, "renditions": [LANGUAGE]},
        actor=cast.mei,
    )
    change = services.open_change(
        kind="journey",
        key="account-opening",
        title=EVIL,
        rationale=EVIL,
        hypothesis=EVIL,
        actor=cast.omar,
    )
    slot = {"version": version.number, "digest": version.digest}
    bind = fill("steps", "welcome-email", **{f"slots/body/{n}": v for n, v in slot.items()})
    services.edit_change(number=change.number, actor=cast.omar, edits=[*EDITS, bind])
    change.refresh_from_db()
    take(change, Action.SUBMIT, cast.omar)
    take(change, Action.COMMENT, cast.tom, comment=EVIL)
    return change


def pages(number: int) -> Iterator[str]:
    journey = "/journeys/account-opening/"
    yield from ("/", "/journeys/", "/changes/", "/changes/?state=all", "/content/", "/people/")
    yield from (f"{journey}?tab={tab}" for tab in ("map", "flow", "content", "versions", "people"))
    yield f"{journey}?tab=changes"
    yield from (f"{journey}steps/{step}/" for step in ("welcome-email", "wait", "call", "end"))
    yield f"{journey}steps/welcome-email/submit/?slot=body"
    change = f"/changes/{number}/"
    yield from (f"{change}?tab={tab}" for tab in ("changes", "conversation", "checks", "revisions"))
    yield from (f"{change}take/{action}/" for action in ("withdraw", "comment", "publish"))
    yield from ("/content/onboarding-welcome/", "/content/onboarding-welcome/?version=2")
    yield from ("/content/onboarding-welcome/write/", reverse("asset-create"), "/people/email/")
    yield from ("/preferences/", "/journeys/+new/", "/changes/new/journey/account-opening/")
    yield "/content/onboarding-welcome/versions/2/preview/"
    yield from (f"{journey}versions/{number}/" for number in (1, 2))
    yield from ("/admin/people/user/", "/admin/people/team/", "/admin/journeys/journey/")
    yield from ("/admin/governance/change/", "/admin/governance/ledgerentry/")
    yield from ("/admin/content/asset/", "/admin/content/assetversion/")
    yield from (f"/admin/governance/change/{number}/change/",)


def look(bank: Bank, number: int) -> tuple[list[str], int]:
    """Where on a page the hostile words are more than words; and how often they are shown."""
    wrong, shown = [], 0
    for name in ("omar", "tom", "ana"):
        browser = Browser(bank.user(name))
        for address in pages(number):
            answer = browser.get(address)
            text = answer.content.decode() if not answer.streaming else ""
            assert answer.status_code < 500, address
            wrong += [f"{name} {address}: {token}" for token in TOKENS if token in text]
            shown += text.count("&lt;script&gt;alert(1)&lt;/script&gt;")
    return wrong, shown


def edit_pages(bank: Bank) -> list[str]:
    cast = bank.cast
    draft = services.open_change(
        kind="journey", key="account-opening", title="Draft", actor=cast.omar
    )
    edit = f"/changes/{draft.number}/edit/"
    addresses = [
        edit,
        f"{edit}header/header/",
        f"{edit}steps/welcome-email/",
        f"{edit}steps/welcome-email/remove/",
        f"{edit}stages/start/",
        f"{edit}entries/applied/",
        f"{edit}exits/left/",
        f"{edit}transitions/wait-call/",
        f"{edit}transitions/new/?source=%3Cscript%3Ealert(1)",
    ]
    browser = Browser(cast.omar)
    wrong = []
    for address in addresses:
        answer = browser.get(address)
        assert answer.status_code == 200, address
        wrong += [f"{address}: {token}" for token in TOKENS if token in answer.content.decode()]
    return wrong


def test_on_every_page_before_and_after_publishing(bank: Bank, evil: Change) -> None:
    wrong, shown = look(bank, evil.number)
    assert not wrong
    assert shown > 100
    for name in ("tom", "jun", "ana"):
        take(evil, Action.APPROVE, bank.user(name), comment=EVIL)
    take(evil, Action.PUBLISH, bank.user("ana"))
    wrong, shown = look(bank, evil.number)
    assert not wrong
    assert shown > 300
    assert not edit_pages(bank)


def test_in_every_mail(bank: Bank, evil: Change, settings: Any) -> None:
    take(evil, Action.REQUEST_CHANGES, bank.user("tom"), comment=EVIL)
    tasks.deliver(
        notifications=list(Notification.objects.filter(change=evil).values_list("pk", flat=True))
    )
    assert len(mail.outbox) >= 3
    for message in mail.outbox:
        (html,) = (part.content for part in message.alternatives)
        assert not [token for token in TOKENS if token in html]
        assert "&lt;script&gt;" in html
        assert "{{ 7|add:7 }}" in message.body
        assert "\n" not in message.subject


@pytest.mark.parametrize(
    "title",
    [
        "Hi\r\nBcc: all@bank.example",
        "Hi\nX: y",
        "Hi\u2028there",
        "Hi\x0bthere",
        "\u202eesrever",
        "Hi\x07",
    ],
    ids=ascii,
)
def test_a_title_cannot_add_a_line_to_a_mail(bank: Bank, title: str) -> None:
    answer = bank.mei.call(
        "/changes/", {"subject": {"kind": "journey", "key": "account-opening"}, "title": title}
    )
    if title[2:4] not in ("\r\n", "\nX"):
        is_problem(answer, 400, "invalid")
        return
    assert answer.json()["title"].splitlines() == [answer.json()["title"]]
    number = answer.json()["number"]
    edits = [fill("steps", "welcome-email", name="Other")]
    assert bank.mei.call(f"/changes/{number}/edits/", edits).status_code == 200
    assert bank.mei.act(number, "submit").status_code == 200
    told = Notification.objects.filter(change_id=number)
    tasks.deliver(notifications=list(told.values_list("pk", flat=True)))
    assert len(mail.outbox) == told.count() > 0
    for message in mail.outbox:
        assert "\n" not in message.subject
        assert not message.bcc


def test_in_answers_of_the_api(bank: Bank, evil: Change) -> None:
    """JSON, and said to be: a browser that is shown it runs nothing."""
    for path in ("/journeys/account-opening/", f"/changes/{evil.number}/", "/inbox/", "/ledger/"):
        answer = bank.tom.read(path)
        assert answer["Content-Type"] == "application/json"
        assert answer["X-Content-Type-Options"] == "nosniff"
    odd = bank.tom.read("/journeys/<script>alert(1)</script>/")
    assert odd["Content-Type"] == "application/problem+json"


def test_a_name_that_shows_nothing_is_refused(bank: Bank) -> None:
    for name in ("\u200b", "\u202e", "…", " "):
        answer = Browser(bank.user("mei")).post(
            "/preferences/", {"name": name, "locale": "en", "time_zone": "UTC"}
        )
        assert answer.status_code == 422
