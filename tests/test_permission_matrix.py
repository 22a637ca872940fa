"""Who gets what at every address, as the tables of `tests.doors` say.

A route that is not in the table fails, and so does a method: what has no row must answer 405.
"""

from datetime import timedelta
from io import BytesIO

import pytest
from django.db import transaction
from django.urls import get_resolver, reverse
from django.utils import timezone

from content.media.services import upload_picture
from governance import services
from governance.models import Change
from governance.transitions import TRANSITIONS, WITH_OWN_DOORS, Action
from tests.bad_input.pictures import saved
from tests.cast import propose, reach, rename, reword, take
from tests.doors import ELSEWHERE, LOCKED_UP, PAGE, PAGES, PEOPLE, READ, WRITES
from tests.governance.posting import as_posted


@pytest.fixture
def changes(cast):
    """Numbers of changes by the state they are in; None is the one under review."""
    found = {"published": reach(cast, "published")}
    for state in ("draft", "in_review", "approved", "scheduled"):
        found[state] = found.get(state) or proposed(cast, state)
    suggestion = services.suggest(
        number=found["in_review"].number, actor=cast.tom, edits=[rename("Suggested")]
    )
    content = reword(cast, subject="Hi")
    remark = services.say_about(
        number=content.number,
        actor=cast.tom,
        place=READ["place"],
        passage="field:subject",
        text="Shorter?",
    )
    campaign = services.start_campaign(
        actor=cast.mei,
        asset_key=cast.asset.key,
        version=1,
        places=[("account-opening", "welcome-email", "body")],
        title="Once more",
    )
    picture, _is_new = upload_picture(
        asset=cast.asset, file=BytesIO(saved("PNG")), name="logo.png", actor=cast.mei
    )
    now = timezone.now()
    delegation = services.delegate(
        giver=cast.tom,
        taker=cast.nora,
        starts_at=now,
        ends_at=now + timedelta(days=3),
        actor=cast.tom,
    )
    return {
        "campaign": campaign.pk,
        "content": content.number,
        "remark": remark.pk,
        "delegated": delegation.pk,
        "picture": picture.file.sha256,
        None: found["in_review"].number,
        "suggested": suggestion.pk,
        **{s: c.number for s, c in found.items()},
    }


def proposed(cast, state):
    """A change of the second version, in that state."""
    change = propose(cast, rename(f"A welcome that is {state}"))
    if state != "draft":
        take(change, Action.SUBMIT, cast.mei)
    if state in ("approved", "scheduled"):
        take(change, Action.APPROVE, cast.tom)
        take(change, Action.APPROVE, cast.ana)
    if state == "scheduled":
        take(change, Action.SCHEDULE, cast.ana, publish_at=timezone.now() + timedelta(days=1))
    return change


def address(changes, route, arguments):
    filled = {
        name: changes[value]
        if name in ("number", "suggestion", "remark", "pk", "sha256") and value in changes
        else value
        for name, value in arguments.items()
    }
    return reverse(route, kwargs=filled)


def enter(client, cast, person):
    client.logout()
    if person != "nobody":
        client.force_login(cast.named(person))


def test_reading(client, cast, changes):
    """All rows at once: nothing is written, and setting the scene takes longer than looking."""
    wrong = []
    for route, arguments, expected in PAGES:
        for person, status in zip(PEOPLE, expected, strict=True):
            enter(client, cast, person)
            answer = client.get(address(changes, route, arguments))
            if answer.status_code != status:
                wrong.append((route, arguments, person, answer.status_code, status))
            policy = answer.headers["Content-Security-Policy"]
            assert "script-src 'self'" in policy or route in LOCKED_UP
    assert wrong == []


def test_writing(client, cast, changes):
    """Each in a transaction that is undone, so that everybody finds the same scene."""
    wrong = []
    for route, arguments, sent, expected in WRITES:
        url = address(changes, route, arguments)
        if sent is PAGE:
            client.force_login(cast.omar)
            sent = as_posted(client.get(url).content.decode()) | {"name": "Another name"}
        if "number" in arguments and arguments["number"] in changes:
            # Every form about a change says which document it was filled in for.
            number = changes[arguments["number"]]
            sent = {**sent, "digest": Change.objects.get(pk=number).digest}
        for person, status in zip(PEOPLE, expected, strict=True):
            before = transaction.savepoint()
            enter(client, cast, person)
            answer = client.post(url, sent)
            transaction.savepoint_rollback(before)
            if answer.status_code != status:
                wrong.append((route, arguments, person, answer.status_code, status))
            if person == "nobody" and route not in {"set_language", "csp-reports"}:
                assert answer.headers["Location"].startswith("/accounts/login/")
    assert wrong == []


def test_every_step_of_a_change_has_a_row():
    tried = {arguments["action"] for _r, arguments, *_rest in WRITES if "action" in arguments}
    assert tried == set(TRANSITIONS) - WITH_OWN_DOORS


def routes(resolver, prefix=""):
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            inner = prefix + str(pattern.pattern)
            if not inner.startswith(("admin/", "accounts/", "api/")):
                yield from routes(pattern, inner)
        elif pattern.name:
            yield pattern.name


def test_every_route_has_a_row():
    listed = {route for route, *_rest in (*PAGES, *WRITES)} | ELSEWHERE
    assert set(routes(get_resolver())) <= listed


def test_every_method_without_a_row_is_refused(client, cast, changes):
    """To somebody who may do everything, so that no other refusal stands before this one."""
    client.force_login(cast.omar)
    rows = {(route, "get"): arguments for route, arguments, *_rest in PAGES}
    rows |= {(route, "post"): arguments for route, arguments, *_rest in WRITES}
    arguments_of = {route: arguments for (route, _method), arguments in rows.items()}
    for route in set(routes(get_resolver())) - ELSEWHERE:
        url = address(changes, route, arguments_of[route])
        for method in ("get", "post", "put", "patch", "delete"):
            if (route, method) not in rows:
                assert getattr(client, method)(url).status_code == 405, (route, method)
