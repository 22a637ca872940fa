"""Clashes with other open changes, on the page of a change, on its parts and by the API."""

import pytest

import people.services
from governance.models import Change
from tests.cast import propose, reach, rename
from tests.governance.clashing import change_of, path, remove, second_journey, update
from tests.governance.test_clashes import entry
from tests.pages import text_of

pytestmark = pytest.mark.django_db


def page(client, change):
    answer = client.get(f"/changes/{change.pk}/")
    assert answer.status_code == 200
    return answer


def main_and_aside(answer):
    return answer.content.decode().split("<aside", 1)


def test_what_breaks_stands_above_the_parts(cast, signed_in):
    one = propose(cast, path("welcome-email", "call"))
    other = propose(cast, remove("steps", "call"), path("wait", "end"))
    answer = page(signed_in("mei"), one)
    main, aside = main_and_aside(answer)
    assert "Other open changes here" in main
    assert "Other open changes here" not in aside
    assert main.index('id="clashes"') < main.index('class="card hunk"')
    text = text_of(answer)
    assert f"leads customers to “Courtesy call”, which CR-{other.number} removes." in text
    assert "1 breaks something" in text
    assert f"Clashes with CR-{other.number}" in text
    assert f"/changes/{other.pk}/" in main


def test_mere_overlaps_stand_beside_them(cast, signed_in):
    one = propose(cast, rename("Hello"))
    other = propose(cast, update("steps", "welcome-email", purpose="Warm"))
    answer = page(signed_in("mei"), one)
    main, aside = main_and_aside(answer)
    assert "Other open changes here" not in main
    assert "Other open changes here" in aside
    assert "They merge without a conflict." in text_of(answer)
    assert f"Also changed by CR-{other.number}" in main


def test_nothing_is_said_where_nothing_clashes(cast, signed_in):
    one = propose(cast, rename("Hello"))
    propose(cast, rename("Pause", "wait"))
    assert "Other open changes here" not in text_of(page(signed_in("mei"), one))


def test_a_draft_is_called_one_and_an_ended_change_is_left_alone(cast, signed_in):
    one = propose(cast, rename("Hello"))
    propose(cast, rename("Good day"))
    _main, aside = main_and_aside(page(signed_in("mei"), one))
    assert "Draft" in aside
    ended = reach(cast, "withdrawn")
    assert "Other open changes here" not in text_of(page(signed_in("mei"), ended))


def test_a_change_can_be_queued_behind_one_of_the_same_journey(cast, signed_in):
    one = propose(cast, rename("Hello"))
    other = propose(cast, rename("Good day"))
    client = signed_in("mei")
    assert f"Publish after CR-{other.number}" in text_of(page(client, one))
    sent = {"digest": one.digest, "after": other.number}
    answer = client.post(f"/changes/{one.pk}/take/queue/", sent)
    assert answer.status_code == 302
    assert Change.objects.get(pk=one.pk).queued_behind == other
    text = text_of(page(client, one))
    assert f"Publish after CR-{other.number}" not in text
    assert f"This change goes live after CR-{other.number}." in text
    text = text_of(page(client, other))
    assert f"Publish after CR-{one.number}" not in text
    assert f"CR-{one.number} goes live after this change." in text


def test_who_may_not_edit_is_not_offered_the_queue(cast, signed_in):
    one = propose(cast, rename("Hello"))
    propose(cast, rename("Good day"))
    text = text_of(page(signed_in("ida"), one))
    assert "Other open changes here" in text
    assert "Publish after CR-" not in text


def test_waiting_for_a_change_of_another_journey_is_not_offered(cast, signed_in):
    one = propose(cast, entry("New customers"), by="ana")
    change_of(second_journey(cast), cast.ana, entry("New customers"))
    text = text_of(page(signed_in("ana"), one))
    assert "Other open changes here" in text
    assert "second" in text
    assert "Publish after CR-" not in text


def test_what_others_wrote_is_escaped(cast, signed_in):
    one = propose(cast, rename("Hello"))
    other = propose(cast, rename("Good day"))
    Change.objects.filter(pk=other.pk).update(title="<script>alert(1)</script>")
    content = page(signed_in("mei"), one).content.decode()
    assert "<script>alert(1)" not in content
    assert "&lt;script&gt;alert(1)" in content


# --- the API -------------------------------------------------------------------------------------


def clashes(client, cast, name, change):
    token = people.services.issue_token(user=cast.named(name))
    headers = {"Authorization": f"Token {token}"}
    return client.get(f"/api/v1/changes/{change.pk}/clashes/", headers=headers)


def test_a_program_reads_the_same(client, cast):
    one = propose(cast, path("welcome-email", "call"), rename("Hello"))
    other = propose(cast, remove("steps", "call"), path("wait", "end"), rename("Good day"))
    body = clashes(client, cast, "mei", one).json()
    assert body["breaking"] == 1
    assert [change["number"] for change in body["changes"]] == [other.number]
    assert body["changes"][0]["state"] == "draft"
    breaking, overlapping = body["clashes"]
    assert breaking["kind"] == "point"
    assert (breaking["element"], breaking["key"]) == ("transitions", "welcome-email-to-call")
    assert overlapping["is_conflict"]
    assert overlapping["fields"] == ["Name"]
    assert (body["left_out"], body["is_cut"]) == (0, False)


def test_a_change_that_is_not_seen_is_not_there(client, cast):
    one = propose(cast, rename("Hello"))
    assert clashes(client, cast, "zoe", one).status_code == 404


def test_an_ended_change_clashes_with_nothing(client, cast):
    propose(cast, rename("Good day"))
    body = clashes(client, cast, "mei", reach(cast, "published")).json()
    assert body["clashes"] == []
