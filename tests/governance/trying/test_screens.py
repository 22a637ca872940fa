"""Test bench, replays and health as pages and for programs."""

import csv
import io
import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.utils import timezone

import people.services
from cjops.core.spreadsheets import safe_cell
from governance.models import Change, Replay, Requirement
from governance.queries.health import Clock, health
from governance.ruling.definitions import complete
from governance.ruling.texts import dump
from governance.services import replaying, ruling
from people.calendars import Calendar, working_hours_between, zone
from tests.cast import approved, go_live, propose, reach, rename, wait_for
from tests.governance.policies.writing import definition, make_lead
from tests.governance.policies.writing import propose as propose_policy

NOBODY = definition(require=[{"key": "late", "reviewers": [{"team_kind": "legal"}]}])
ZOE = definition(
    when={"all": [{"fact": "kinds", "op": "any_of", "value": ["timing"]},
                  {"not": {"fact": "emergency", "op": "is", "value": True}}]},
    require=[{"key": "web", "reviewers": [{"team": "sms"}], "scope": "parts"}],
)  # fmt: skip


def text(answer):
    return answer.content.decode()


@pytest.fixture
def page(client, cast):
    client.force_login(make_lead(cast.ana))
    return client


@pytest.fixture
def api(client, cast):
    """A client that speaks for the lead by token."""
    lead = make_lead(cast.ana)
    token = people.services.issue_token(user=lead)
    client.defaults["HTTP_AUTHORIZATION"] = f"Token {token}"
    return client


@pytest.fixture
def change(cast):
    return reach(cast, "in_review")


@pytest.fixture
def replay(cast, change):
    lead = make_lead(cast.ana)
    now = timezone.now()
    started = replaying.start_replay(
        candidate=replaying.candidate_with({"letters": complete(NOBODY)}),
        since=now - timedelta(days=1), until=now, title="Try", actor=lead,
    )  # fmt: skip
    return replaying.run_replay(id=started.pk)


def yaml(*raws):
    return dump([complete(raw) for raw in raws])


# --- test bench -----------------------------------------------------------------------------------


def test_the_bench_shows_facts_reasons_and_people(page, change):
    said = text(page.get(f"/policies/test/?change={change.pk}"))
    for words in ("not measured", "Channel team: E-mail", "Nora, Tom", "does not hold:",
                  "The same was asked.", "It is no plain roll-back.", "Found: no"):  # fmt: skip
        assert words in said, words


def test_it_finds_changes_by_words_and_offers_several(page, cast, change):
    other = propose(cast, rename("Second"))
    said = text(page.get("/policies/test/?change=warmer"))
    assert "Which change?" in said
    assert f"?change={other.pk}" in said
    assert "No change that you see" in text(page.get("/policies/test/?change=nowhere"))


def test_a_text_is_tried_in_place_of_what_is_in_force(page, cast):
    change = approved(cast, wait_for(7))
    answer = page.post("/policies/test/", {"change": change.pk, "facts": "then", "text": yaml(ZOE)})
    said = text(answer)
    assert answer.status_code == 200
    assert "Asked besides: About letters" in said
    assert "Jun" in said
    upload = SimpleUploadedFile("ours.yaml", yaml(NOBODY).encode())
    said = text(page.post("/policies/test/", {"change": change.pk, "file": upload}))
    assert "Nobody could make one of the decisions" in said
    assert "ours.yaml" in said
    only = {"change": change.pk, "text": yaml(definition("other", when={"any": [
        {"fact": "emergency", "op": "is", "value": True}]})), "only": "on"}  # fmt: skip
    assert "No policy says who decides on all of it" in text(page.post("/policies/test/", only))


def test_a_proposed_version_is_tried(page, cast, change):
    propose_policy(make_lead(cast.ana), require=NOBODY["require"])
    said = text(page.get(f"/policies/test/?change={change.pk}&policy=letters&version=1"))
    assert "in its version 1" in said
    assert "Cannot be met by those who are there" in said


def test_facts_as_they_are_now_and_drafts(page, cast, change):
    said = text(page.get(f"/policies/test/?change={change.pk}&facts=now"))
    assert "By the facts as they are now." in said
    draft = propose(cast, rename("Draft"))
    said = text(page.get(f"/policies/test/?change={draft.pk}&revision=1"))
    assert "Nobody was asked about this revision" in said


@pytest.mark.parametrize("bad", [
    {"text": "policies: 1"}, {"text": "\t"}, {"revision": "x"}, {"facts": "never"},
    {"policy": "nowhere", "version": "1"}, {"policy": "owner", "version": "x"},
    {"definition": "{"}, {"definition": "[]"}, {"definition": "[" * 100_000},
])  # fmt: skip
def test_what_is_wrong_is_told(page, change, bad):
    answer = page.post("/policies/test/", {"change": change.pk, **bad})
    assert answer.status_code in (200, 400, 404, 422)
    if bad != {"text": "\t"}:
        assert answer.status_code != 200


def test_others_may_not(client, cast, change, replay):
    for path in ("test/", "health/", "replays/", "replays/new/", f"replays/{replay.pk}/",
                 f"replays/{replay.pk}.csv"):  # fmt: skip
        client.force_login(cast.mei)
        answer = client.get(f"/policies/{path}")
        assert answer.status_code == 403, path
        assert "Only governance leads" in text(answer)
        client.force_login(cast.ida)
        answer = client.get(f"/policies/{path}")
        assert answer.status_code == 200, path


def test_what_the_reader_does_not_see_is_not_tried(client, cast, change):
    client.force_login(make_lead(cast.zoe))
    said = text(client.get(f"/policies/test/?change={change.pk}"))
    assert "No change that you see is called so." in said


def test_the_administration_has_the_same_bench(client, cast, change):
    client.force_login(cast.omar)
    assert "/admin/governance/policy/test/" in text(client.get("/admin/governance/policy/"))
    said = text(client.get(f"/admin/governance/policy/test/?change={change.pk}"))
    assert "What each policy says" in said
    client.force_login(cast.mei)
    assert client.get("/admin/governance/policy/test/").status_code == 302


def test_the_command_says_who_decides(cast, change, tmp_path):
    out = StringIO()
    call_command("policies", "test", str(change.pk), stdout=out)
    assert "Channel team: E-mail: Nora, Tom" in out.getvalue()
    file = tmp_path / "ours.yaml"
    file.write_text(yaml(NOBODY))
    with pytest.raises(CommandError, match="Nobody could make one") as refused:
        call_command("policies", "test", str(change.pk), "--file", str(file), stdout=out)
    assert refused.value.returncode == 1
    with pytest.raises(CommandError, match="There is no change 999"):
        call_command("policies", "test", "999", stdout=out)
    file.write_text("policies: 1")
    with pytest.raises(CommandError, match="cannot be taken over"):
        call_command("policies", "test", str(change.pk), "--file", str(file), stdout=out)


# --- replays --------------------------------------------------------------------------------------


def test_a_replay_is_started_by_form(page, cast, change):
    today = timezone.localdate().isoformat()
    sent = {"do": "start", "since": today, "until": today, "text": yaml(NOBODY)}
    answer = page.post("/policies/replays/new/", sent)
    assert answer.status_code == 302, text(answer)
    replay = Replay.objects.get()
    assert "It waits for a worker." in text(page.get(answer.url))
    assert 'hx-trigger="every 2s"' in text(page.get(answer.url))
    assert "every 2s" not in text(page.get(f"{answer.url}?still=1"))
    assert [one["key"] for one in replay.candidate] == ["steward", "owner", "roll-back", "letters"]
    answer = page.post(f"/policies/replays/{replay.pk}/cancel/")
    assert answer.status_code == 302
    assert "It was cancelled" in text(page.get(answer.url))
    assert page.post(f"/policies/replays/{replay.pk}/cancel/").status_code == 409


def test_what_the_editor_holds_is_tried(page, cast):
    raw = json.dumps(NOBODY)
    said = text(page.post("/policies/replays/new/", {"definition": raw}))
    assert "as it is being written" in said
    today = timezone.localdate().isoformat()
    sent = {"do": "start", "since": today, "until": today, "definition": raw}
    assert page.post("/policies/replays/new/", sent).status_code == 302
    propose_policy(make_lead(cast.ana))
    sent = {"do": "start", "since": today, "until": today, "policy": "letters", "version": "1"}
    assert page.post("/policies/replays/new/", sent).status_code == 302
    assert Replay.objects.first().title == "“About letters” in its version 1"


def test_the_end_of_a_policy_is_tried(page, cast):
    ruling.propose_end(key="owner", comment="No", actor=make_lead(cast.ana))
    today = timezone.localdate().isoformat()
    sent = {"do": "start", "since": today, "until": today, "policy": "owner", "version": "2"}
    assert page.post("/policies/replays/new/", sent).status_code == 302
    assert "owner" not in [one["key"] for one in Replay.objects.get().candidate]


@pytest.mark.parametrize("bad", [
    {}, {"text": "policies: 1"}, {"since": "soon", "text": "x"}, {"definition": "{"},
    {"since": "2030-01-01", "until": "2030-01-02", "text": "schema: policies/1\npolicies: []\n"},
    {"policy": "owner", "version": "99"},
])  # fmt: skip
def test_a_bad_replay_is_refused_and_nothing_lost(page, bad):
    sent = {"do": "start", "since": "2026-01-01", "until": "2026-11-01", "title": "Keep me", **bad}
    answer = page.post("/policies/replays/new/", sent)
    assert answer.status_code in (400, 404, 422)
    assert answer.status_code == 404 or "Keep me" in text(answer)
    assert not Replay.objects.exists()


def test_what_came_of_it_is_told(page, replay, change):
    said = text(page.get(f"/policies/replays/{replay.pk}/"))
    for words in ("2 of 2 changes would have been decided on by others", "2 with decisions nobody",
                  "Nobody could have decided: About letters", f"CR-{change.pk}"):  # fmt: skip
        assert words in said, words
    assert "Try" in text(page.get("/policies/replays/"))
    said = text(page.get(f"/policies/replays/{replay.pk}/?only=gaps"))
    assert "None of the changes is of this kind." in said


def test_rows_of_what_the_reader_does_not_see_are_counted_only(client, cast, replay):
    client.force_login(make_lead(cast.zoe))
    said = text(client.get(f"/policies/replays/{replay.pk}/"))
    assert "2 more changes differ that you do not see." in said
    assert "Warmer welcome" not in said


def test_csv_holds_no_formula(page, replay, change):
    Change.objects.filter(pk=change.pk).update(title="=1+1")
    answer = page.get(f"/policies/replays/{replay.pk}.csv")
    body = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(body)))
    assert rows[0][:2] == ["Change", "Title"]
    assert [row[1] for row in rows if row[0] == str(change.pk)] == ["'=1+1"]
    assert [safe_cell(one) for one in ("+1", "-1", "@a", "a", 3, -1)] == [
        "'+1", "'-1", "'@a", "a", 3, -1,
    ]  # fmt: skip


def test_replays_by_api(api, cast, change):
    now = timezone.now()
    body = {"text": yaml(NOBODY), "since": (now - timedelta(days=1)).isoformat()}
    made = api.post("/api/v1/policies/replays/", json.dumps(body), "application/json")
    assert made.status_code == 201, made.content
    assert made["Location"] == f"/api/v1/policies/replays/{made.json()['id']}/"
    replaying.run_replay(id=made.json()["id"])
    said = api.get(made["Location"]).json()
    assert (said["state"], said["summary"]["deadlocks"]) == ("done", 2)
    assert "run" not in said["summary"]
    rows = api.get(f"{made['Location']}rows/?only=deadlocks").json()["results"]
    assert {row["stuck"][0] for row in rows} == {"letters.late"}
    assert len(api.get("/api/v1/policies/replays/").json()["results"]) == 1
    assert api.get("/api/v1/policies/replays/99/").status_code == 404


@pytest.mark.parametrize("bad", [
    {}, {"since": "2026-01-01T00:00Z"}, {"since": "soon", "text": "x"},
    {"since": "2026-01-01T00:00Z", "text": "policies: 1"},
    {"since": "2026-01-01T00:00Z", "definitions": [1]},
    {"since": "2026-01-01T00:00Z", "definitions": [{"key": "x"}]},
    {"since": "2026-01-01T00:00Z", "definitions": [{"key": ["x"]}]},
    {"since": "2026-01-01T00:00Z", "definitions": [{"key": "x"}], "text": "x"},
])  # fmt: skip
def test_bad_calls_are_refused(api, bad):
    answer = api.post("/api/v1/policies/replays/", json.dumps(bad), "application/json")
    assert answer.status_code in (400, 422), answer.content
    assert answer["Content-Type"] == "application/problem+json"


def test_the_command_replays_in_the_foreground(cast, change, tmp_path):
    make_lead(cast.ana)
    out, file = StringIO(), tmp_path / "ours.yaml"
    file.write_text(yaml(ZOE))
    call_command("policies", "replay", str(file), "--as", cast.ana.email, stdout=out)
    assert "1 of 2 changes would have been decided on by others" in out.getvalue()
    file.write_text(yaml(NOBODY))
    with pytest.raises(CommandError, match="gaps, or decisions nobody could make"):
        call_command("policies", "replay", str(file), "--as", cast.ana.email, stdout=out)
    assert "DEADLOCK" in out.getvalue()
    with pytest.raises(CommandError, match="is no day"):
        call_command("policies", "replay", str(file), "--since", "x", "--as", cast.ana.email)
    with pytest.raises(CommandError, match="Only governance leads"):
        call_command("policies", "replay", str(file), "--as", cast.mei.email)
    with pytest.raises(CommandError, match="Nobody signs in"):
        call_command("policies", "replay", str(file), "--as", "x@bank.example")


# --- health ---------------------------------------------------------------------------------------


def test_health_counts_what_waits_and_what_was_decided(cast, change):
    go_live(cast, wait_for(9))
    found = health(cast.omar, days=90)
    teams = {one.key: one for one in found.teams}
    # Tom and Nora both lead the team that is asked; the founding change asked it too.
    assert (teams["email"].waiting, teams["email"].able, teams["email"].load) == (1, 2, 0.5)
    assert teams["email"].decided == 1
    people = {one.name: one for one in found.people}
    assert (people["Tom"].waiting, people["Nora"].waiting) == (1, 1)
    assert (people["Ana"].waiting, people["Ana"].decided) == (1, 2)
    assert "Mei" not in people


def test_what_is_late_is_overdue(cast, change):
    Requirement.objects.filter(change=change).update(due_at=timezone.now() - timedelta(hours=1))
    found = health(cast.omar, days=90)
    assert {one.key: one.overdue for one in found.teams}["email"] == 1
    assert found.teams[0].key == "email"


def test_where_one_person_is_all_there_is(cast):
    found = health(cast.omar, days=90)
    fragile = {(one.kind, one.key): one.people for one in found.fragile}
    assert fragile["channel", "sms"] == ("Jun",)
    assert fragile["team", "web"] == ("Zoe",)
    assert fragile["journey", "account-opening"] == ("Ana",)
    assert ("channel", "email") not in fragile
    assert fragile["channel", "push"] == ()
    assert not found.fragile[0].people
    # Restricted: only for those who see it.
    assert "account-opening" not in [one.key for one in health(cast.zoe, days=90).fragile]


def test_of_one_team_only(cast, change):
    found = health(cast.omar, days=90, team="sms")
    assert [one.key for one in found.teams] == ["sms"]
    assert {one.kind for one in found.fragile} <= {"channel", "team"}


def test_health_takes_as_many_queries_for_more(cast, change, django_assert_max_num_queries):
    for number in range(3):
        go_live(cast, wait_for(10 + number))
    lead = make_lead(cast.ana)
    lead.get_all_permissions()
    with django_assert_max_num_queries(13):
        health(lead, days=90)


def test_the_clock_counts_as_calendars_do():
    begin = timezone.now().replace(year=2026, month=3, day=2, hour=7)
    calendar = Calendar(zone("Europe/Berlin"), frozenset({1, 2, 3, 4, 5}),
                        begin.time().replace(hour=9), begin.time().replace(hour=17))  # fmt: skip
    clock = Clock(calendar, begin - timedelta(days=30), begin + timedelta(days=60))
    for start in range(0, 200, 7):
        for hours in (1, 5, 30, 100, 400):
            a = begin + timedelta(hours=start)
            b = a + timedelta(hours=hours)
            assert clock.hours(a, b) == pytest.approx(working_hours_between(a, b, calendar))
    plain = Clock(None, begin, begin)
    assert plain.hours(begin, begin + timedelta(hours=3)) == 3


def test_the_page_of_health(page, change):
    said = text(page.get("/policies/health/"))
    for words in ("No team is late", "Only one, or nobody", "Journey manager of Account opening",
                  "<caption", "Median, hours"):  # fmt: skip
        assert words in said, words
    answer = page.get("/policies/health/?team=sms&days=30&csv=people")
    body = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert body.startswith("Name,Key,Waiting")
    assert page.get("/policies/health/?team=nowhere&days=x").status_code == 200


def test_health_by_api(api, change):
    said = api.get("/api/v1/policies/health/").json()
    assert {one["key"] for one in said["teams"]} >= {"email", "sms"}
    assert said["fragile_total"] == len(said["fragile"])
    assert api.get("/api/v1/policies/health/?days=0").status_code == 400


def test_programs_of_others_are_refused(client, cast, change, replay):
    token = people.services.issue_token(user=cast.mei)
    headers = {"Authorization": f"Token {token}"}
    for path in ("replays/", f"replays/{replay.pk}/", f"replays/{replay.pk}/rows/", "health/"):
        assert client.get(f"/api/v1/policies/{path}", headers=headers).status_code == 403
