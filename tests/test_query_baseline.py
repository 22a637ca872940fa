"""How many queries each main page and each decision takes, held by `query_baseline.json`.

A count that rises fails and shows the statements. One that falls fails too, so that the file stays
true; write what is there now with

    QUERY_BASELINE=write .venv/bin/python -m pytest tests/test_query_baseline.py

and look at the difference before it is committed.
"""

import json
import os
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from governance.models import Change
from people.models import ApiToken
from tests.query_scene import BIG, build_scene, grow, proposed

FILE = Path(__file__).with_name("query_baseline.json")
WRITES = os.environ.get("QUERY_BASELINE") == "write"
AGAIN = "QUERY_BASELINE=write .venv/bin/python -m pytest tests/test_query_baseline.py"
PAGE, LIST, BENCH = 23, 12, 28  # what no page, no list and no test bench may exceed
LIBRARY = 16  # counts each of its facets beside the list
SHOWN = 400  # characters of a statement

# Who opens what; {big} is the change of 50 hunks under review, {draft} one that is being written.
LISTS = [
    ("tom", "/"),
    ("ana", "/"),
    ("mei", "/changes/"),
    ("ana", "/journeys/"),
    ("mei", "/content/"),
    ("mei", "/people/"),
    ("mei", "/policies/"),
    ("omar", "/policies/replays/"),
    ("tom", "/api/v1/policies/"),
    ("tom", "/api/v1/facts/"),
    ("tom", "/api/v1/journeys/"),
    ("tom", "/api/v1/changes/"),
    ("tom", "/api/v1/changes/?subject=account-opening&state=in_review&author=me"),
    ("tom", "/api/v1/inbox/"),
    ("tom", "/api/v1/ledger/"),
    ("tom", "/api/v1/assets/"),
    ("tom", "/api/v1/assets/onboarding-welcome/versions/"),
    ("tom", "/api/v1/taxonomies/"),
    ("tom", "/api/v1/taxonomies/topics/concepts/"),
    ("tom", "/api/v1/teams/"),
    (
        "tom",
        f"/api/v1/journeys/{BIG}/versions/",
    ),
]
PAGES = [
    ("mei", "/changes/{big}/"),
    ("tom", "/changes/{big}/"),
    ("tom", "/changes/{big}/?since=review"),
    ("tom", "/changes/{big}/?tab=revisions&from=1"),
    ("tom", "/changes/{big}/hunks/steps/step-1/"),
    ("tom", "/changes/{big}/picture/"),
    ("tom", "/changes/{big}/suggest/steps/step-1/"),
    ("tom", "/changes/{big}/?tab=conversation"),
    ("tom", "/changes/{big}/?tab=checks"),
    ("tom", "/changes/{big}/?tab=revisions"),
    ("tom", "/changes/{big}/take/approve/"),
    ("mei", "/changes/{draft}/edit/"),
    ("mei", "/changes/{draft}/edit/header/header/"),
    ("mei", "/changes/{draft}/edit/steps/step-1/"),
    ("mei", "/changes/{draft}/edit/steps/new/"),
    ("mei", f"/changes/new/journey/{BIG}/"),
    ("mei", f"/journeys/{BIG}/steps/step-1/submit/"),
    ("ana", f"/journeys/{BIG}/"),
    ("ana", f"/journeys/{BIG}/?tab=flow"),
    ("ana", f"/journeys/{BIG}/?tab=content"),
    ("ana", f"/journeys/{BIG}/?tab=versions"),
    ("ana", f"/journeys/{BIG}/?tab=changes"),
    ("ana", f"/journeys/{BIG}/?tab=people"),
    ("ana", f"/journeys/{BIG}/versions/1/"),
    ("ana", f"/journeys/{BIG}/versions/1/compare/2/"),
    ("ana", f"/journeys/{BIG}/versions/1/compare/2/?view=flow"),
    ("ana", f"/journeys/{BIG}/versions/1/compare/2/?view=list"),
    ("ana", f"/journeys/{BIG}/versions/1/restore/"),
    ("mei", f"/journeys/{BIG}/steps/step-1/"),
    ("mei", "/journeys/+new/"),
    ("mei", "/content/onboarding-welcome/"),
    ("mei", "/content/onboarding-welcome/write/"),
    ("mei", "/content/+new/"),
    ("mei", "/people/email/"),
    ("mei", "/preferences/"),
    ("omar", "/policies/test/?change={big}"),
    ("omar", "/policies/health/"),
    ("omar", "/policies/replays/new/"),
    ("mei", "/policies/owner/"),
    ("tom", "/api/v1/policies/owner/versions/"),
    ("tom", f"/api/v1/journeys/{BIG}/"),
    ("tom", f"/api/v1/journeys/{BIG}/versions/1/"),
    ("tom", f"/api/v1/journeys/{BIG}/versions/1/compare/2/"),
    ("tom", "/api/v1/changes/{big}/"),
    ("tom", "/api/v1/changes/{big}/document/"),
    ("tom", "/api/v1/changes/{big}/diff/"),
    ("tom", "/api/v1/changes/{big}/checks/"),
    ("tom", "/api/v1/changes/{big}/requirements/"),
    ("tom", "/api/v1/changes/{big}/clashes/"),
    ("tom", "/api/v1/changes/{big}/conflicts/"),
    ("tom", "/api/v1/changes/{big}/viewed/"),
    ("tom", "/api/v1/changes/{big}/suggestions/"),
    ("tom", "/api/v1/assets/onboarding-welcome/"),
    ("tom", "/api/v1/teams/email/"),
    ("tom", "/api/v1/users/me/"),
]
DECISIONS = (("submit", "mei"), ("approve", "tom"), ("approve", "ana"), ("publish", "ana"))
TWO_APPROVALS = 46  # submit and two of them, by the buttons

pytestmark = pytest.mark.django_db
counted: dict[str, int] = {}


@pytest.fixture(scope="module")
def scene(django_db_setup, django_db_blocker):
    """Built once, in a transaction that is rolled back after the last test."""
    with django_db_blocker.unblock():
        block = transaction.atomic()
        # As in Django's own TestCase: what is durable in earnest may be nested in a test.
        block._from_testcase = True
        with block:
            made = build_scene()
            grow(made, 2)
            yield made
            transaction.set_rollback(True)


@pytest.fixture(scope="module", autouse=True)
def _write_baseline():
    """At the end, where asked to: what was counted, in place of the file."""
    yield
    if WRITES:
        FILE.write_text(json.dumps(dict(sorted(counted.items())), indent=2) + "\n")


def statements(call) -> list[str]:
    """What `call` sends to the database; savepoints stand for the BEGIN they are in earnest."""
    with CaptureQueriesContext(connection) as captured:
        call()
    sent = (query["sql"] for query in captured.captured_queries)
    return [sql for sql in sent if not sql.startswith(("SAVEPOINT", "RELEASE"))]


def by_token(scene, person):
    """Headers of a token just used: its use is noted once a minute, however long the tests take."""
    ApiToken.objects.update(last_used_at=timezone.now())
    return {"Authorization": f"Token {scene.tokens[person]}"}


def opened(client, scene, person, path):
    """The statements of a page for somebody who has just signed in, or comes by token."""
    if path.startswith("/api/"):
        client.cookies.clear()
        headers = by_token(scene, person)
    else:
        headers = {}
        client.force_login(scene.cast.named(person))

    def visit():
        answer = client.get(scene.address(path), headers=headers)
        assert answer.status_code == 200, (path, answer.status_code)

    return statements(visit)


def name_of(person, path):
    return f"{person} GET {path}"


def compare(name, sent):
    """Fail where the count is not that of the baseline."""
    counted[name] = len(sent)
    if WRITES:
        return
    known = json.loads(FILE.read_text())
    shown = "\n".join(sql[:SHOWN] for sql in sent)
    assert name in known, f"{name} is not in {FILE.name} yet. Add it with\n{AGAIN}"
    assert len(sent) <= known[name], (
        f"{name} took {known[name]} queries and takes {len(sent)} now:\n{shown}"
    )
    assert len(sent) == known[name], (
        f"{name} took {known[name]} queries and takes only {len(sent)} now. Write that down with\n"
        f"{AGAIN}\n{shown}"
    )


@pytest.mark.parametrize(("person", "path"), [*LISTS, *PAGES])
def test_a_page_takes_what_it_took(client, scene, person, path):
    opened(client, scene, person, path)  # fills what a process remembers
    sent = opened(client, scene, person, path)
    most = (
        LIBRARY
        if path == "/content/"
        else LIST
        if (person, path) in LISTS
        else BENCH
        if "/test/" in path
        else PAGE
    )
    assert len(sent) <= most, "\n".join(sql[:SHOWN] for sql in sent)
    compare(name_of(person, path), sent)


def test_no_page_takes_more_for_more_rows(client, scene):
    grow(scene, 4)
    grew = {}
    known = counted if WRITES else json.loads(FILE.read_text())
    for person, path in [*LISTS, *PAGES]:
        sent = opened(client, scene, person, path)
        if len(sent) != known[name_of(person, path)]:
            grew[name_of(person, path)] = len(sent), sent
    assert not grew, "\n\n".join(
        f"{name}: {number} queries\n" + "\n".join(sql[:SHOWN] for sql in sent)
        for name, (number, sent) in grew.items()
    )


@pytest.mark.parametrize("way", ["POST", "API"])
def test_a_decision_takes_what_it_took(client, scene, way):
    change = proposed(scene.cast, 1, submit=False)
    taken = []
    for action, person in DECISIONS:
        sent = decided(client, scene, way, change, action, person)
        taken.append(sent)
        compare(f"{person} {way} {action}", sent)
    assert Change.objects.get(pk=change.pk).state == "published"
    if way == "POST":
        shown = "\n\n".join("\n".join(sql[:SHOWN] for sql in sent) for sent in taken[:3])
        assert sum(map(len, taken[:3])) <= TWO_APPROVALS, shown


def decided(client, scene, way, change, action, person):
    """The statements of one step, taken by a button or by a program."""
    if way == "API":
        client.cookies.clear()
        address = f"/api/v1/changes/{change.pk}/actions/{action}/"
        options = {
            "data": "{}",
            "content_type": "application/json",
            "headers": by_token(scene, person),
        }
    else:
        client.force_login(scene.cast.named(person))
        address = f"/changes/{change.pk}/take/{action}/"
        options = {"data": {"digest": change.digest}}

    def take():
        answer = client.post(address, **options)
        assert answer.status_code in (200, 302), answer.content

    return statements(take)
