"""Replays: the same verdicts as the portal's own, written once, stopped and gone on with."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cjops.core.errors import Conflict, DocumentInvalid, Forbidden, Invalid
from governance import gathering, queries, rules, schedules
from governance.models import Change, FactSheet, Replay, ReplayRow
from governance.queries.directory import about_changes, directory_for
from governance.queries.ruling import Ruling, ruling
from governance.replaying import Pair, _Asking
from governance.ruling.definitions import complete, load
from governance.ruling.evaluating import PolicySet, Rule
from governance.services import replaying
from governance.transitions import Action
from tests.cast import approved, propose, reach, rename, take, wait_for
from tests.governance.policies.writing import definition, make_lead

State = Replay.State
NOBODY = {"key": "late", "reviewers": [{"team_kind": "legal"}]}
TWO = {"key": "two", "reviewers": [{"team": "email"}], "quorum": 2}


@pytest.fixture
def lead(cast):
    return make_lead(cast.zoe)


@pytest.fixture
def past(cast):
    """Three changes: in review, approved, and never submitted."""
    found = [reach(cast, "in_review"), approved(cast, wait_for(7)), propose(cast, rename("Draft"))]
    return [change.number for change in found]


def started(lead, *changed, only=False, **more):
    definitions = {one["key"]: complete(one) for one in changed}
    now = timezone.now()
    return replaying.start_replay(
        candidate=replaying.candidate_with(definitions, only=only),
        since=now - timedelta(days=1),
        until=now + timedelta(days=1),
        actor=lead,
        **more,
    )


def run(lead, *changed, **more):
    return replaying.run_replay(id=started(lead, *changed, **more).pk)


def differences(replay):
    return {row.change_id: row.difference for row in replay.rows.all()}


def test_the_same_policies_ask_the_same(lead, past):
    replay = run(lead)
    assert (replay.state, replay.rows.count()) == (State.DONE, 0)
    # The journey itself was founded by a change.
    assert replay.summary["changes"] == replay.total == replay.done == 3
    assert replay.summary["differ"] == 0


def test_what_is_asked_besides_is_an_extra_approval_of_the_team(lead, past):
    replay = run(
        lead,
        definition(
            when={"fact": "kinds", "op": "any_of", "value": ["timing"]},
            require=[{"key": "sms", "reviewers": [{"team": "sms"}]}],
        ),
    )
    # The one that founded the journey sets a wait as well.
    assert replay.rows.count() == 2
    row = replay.rows.get(change=past[1])
    assert row.difference["added"] == ["letters.sms"]
    assert (row.gap, row.deadlock) == (False, False)
    month = f"{timezone.now():%Y-%m}"
    assert replay.summary["desks"] == [["team", "sms", month, 2.0, 0.0]]
    assert (replay.summary["extra"], replay.summary["saved"]) == (2.0, 0.0)


def test_a_policy_that_ends_saves_approvals_and_may_leave_a_gap(lead, past):
    definitions = {"owner": None}
    now = timezone.now()
    replay = replaying.start_replay(
        candidate=replaying.candidate_with(definitions),
        since=now - timedelta(days=1), until=now, actor=lead,
    )  # fmt: skip
    replay = replaying.run_replay(id=replay.pk)
    found = differences(replay)
    assert found[past[0]]["removed"] == ["owner"]
    assert found[past[0]]["saved"] == 1.0
    # A wait is on no channel: nobody would have decided on it.
    assert replay.rows.get(change=past[1]).gap
    assert not replay.rows.get(change=past[0]).gap
    assert found[past[1]]["uncovered"] == 1
    assert replay.summary["gaps"] == 2


def test_whom_nobody_can_be_is_a_deadlock(lead, past):
    replay = run(lead, definition(require=[NOBODY]))
    assert replay.summary["deadlocks"] == 3
    assert differences(replay)[past[0]]["stuck"] == ["letters.late"]


def test_more_are_wanted_than_there_are(cast, lead, past):
    enough = run(lead, definition(require=[TWO]))
    assert enough.summary["deadlocks"] == 0
    take(Change.objects.get(pk=past[0]), Action.WITHDRAW, cast.mei)
    by_tom = approved(cast, rename("Better"), by=())
    Change.objects.filter(pk=by_tom.pk).update(author=cast.tom)
    short = run(lead, definition(require=[TWO]))
    assert [row.change_id for row in short.rows.filter(deadlock=True)] == [by_tom.pk]


def test_people_who_may_not_serve_twice(lead, past):
    twice = [{"key": key, "reviewers": [{"people": ["tom@bank.example"]}], "distinct": "both"}
             for key in ("one", "two")]  # fmt: skip
    replay = run(lead, definition(require=twice))
    assert replay.summary["deadlocks"] == 3
    assert differences(replay)[past[0]]["stuck"] == ["letters.two"]


def test_what_is_asked_otherwise_is_altered(lead, past):
    owner = next(one for one in queries_of() if one["key"] == "owner")
    need = {**owner["require"][0], "quorum": 2, "escalate": None}
    replay = run(lead, {**owner, "require": [need]})
    row = differences(replay)[past[0]]
    assert (row["altered"], row["added"], row["extra"]) == ([], ["owner/otherwise"], 2.0)


def queries_of():
    return replaying.definitions_in_force()


POLICIES = [
    definition(require=[NOBODY]),
    definition(require=[{**NOBODY, "otherwise": [{"team": "web"}, {"stewards": True}]}]),
    definition(require=[{"key": "a", "reviewers": [{"stewards": True}, {"owner": True}]}]),
    definition(require=[{"key": "a", "reviewers": [{"role": "contributor"}], "scope": "parts",
                         "quorum": 2, "distinct": "x"},
                        {"key": "b", "reviewers": [{"team": "email", "who": "members"}],
                         "distinct": "x", "round": 2}]),
    definition(when={"fact": "channels", "op": "any_of", "value": ["email"]},
               require=[{"key": "a", "scope": "parts", "reviewers": [{"stewards": True}],
                         "otherwise": [{"people": ["zoe@bank.example", "ida@bank.example"]}],
                         "escalate": {"after": 2, "to": [{"team_kind": "channel"}]}}]),
]  # fmt: skip


@pytest.mark.parametrize("raw", POLICIES)
def test_it_judges_as_the_portal_does(cast, past, raw):
    """The one that looks at thousands beside the one that looks at each by itself."""
    now = ruling()
    rule = Rule(load(complete(raw)), 1)
    both = Ruling((*now.rules, rule), {**now.versions, ("letters", 1): 0})
    directory = directory_for(both.rules)
    about = about_changes(past[:2])
    for number in past[:2]:
        change = Change.objects.get(pk=number)
        sheet = gathering.from_row(change.fact_sheets.latest("revision"))
        editors = queries.editor_ids(change)
        assert about[number].editors == editors
        said = rules.rulings_for(change, sheet, editors, both)
        asks = list(PolicySet(both.rules).asks(sheet))
        found = _Asking(PolicySet(both.rules), sheet, about[number], directory).ruled(asks)
        assert {d.key: d.people for d in said.drafts} == {
            key: one.people for key, one in found.wanted.items()
        }
        assert {d.key: set(d.hunks) for d in said.drafts} == {
            key: set(one.hunks) for key, one in found.wanted.items()
        }
        assert (said.uncovered, said.stuck) == (found.uncovered, found.stuck)


def test_asking_without_reasons_is_evaluating(past):
    both = PolicySet((*ruling().rules, *(Rule(load(complete(raw)), 1) for raw in POLICIES)))
    for row in FactSheet.objects.all():
        sheet = gathering.from_row(row)
        said = [(one.policy, one.need, one.hunks) for one in both.evaluate(sheet).asked]
        asks = [(both.rules[at].policy, need, hunks) for at, need, hunks in both.asks(sheet)]
        assert said == asks


def test_without_kept_facts_they_are_computed(lead, past):
    FactSheet.objects.all().delete()
    replay = run(lead, definition(require=[NOBODY]))
    assert (replay.summary["deadlocks"], replay.summary["unreadable"]) == (3, 0)


def test_what_cannot_be_read_is_counted(lead, past, monkeypatch):
    FactSheet.objects.all().delete()
    monkeypatch.setattr(replaying, "proposal_of", lambda _change: 1 / 0)
    replay = run(lead)
    assert (replay.state, replay.summary["unreadable"]) == (State.DONE, 3)


# --- who may, and what is refused -----------------------------------------------------------------


def test_leads_and_auditors_start_one_and_nobody_else(cast, lead):
    assert started(cast.ida).asked_by == cast.ida
    with pytest.raises(Forbidden):
        started(cast.mei)
    with pytest.raises(Forbidden):
        replaying.cancel_replay(id=Replay.objects.get().pk, actor=cast.mei)


def test_a_period_begins_before_it_ends(lead):
    now = timezone.now()
    with pytest.raises(Invalid) as refused:
        replaying.start_replay(candidate=[], since=now + timedelta(hours=1),
                               until=now + timedelta(days=1), actor=lead)  # fmt: skip
    assert "since" in refused.value.errors


def test_what_is_no_policy_is_refused(lead):
    with pytest.raises(DocumentInvalid):
        replaying.candidate_from_text("policies: 1")
    now = timezone.now()
    with pytest.raises(DocumentInvalid):
        replaying.start_replay(candidate=[{"key": "x"}], since=now - timedelta(days=1),
                               until=now, actor=lead)  # fmt: skip
    assert not Replay.objects.exists()


def test_nobody_fills_the_queue(lead):
    for _number in range(replaying.MOST_WAITING):
        started(lead)
    with pytest.raises(Conflict):
        started(lead)


# --- background -----------------------------------------------------------------------------------


def test_the_worker_is_told_after_the_commit(lead, django_capture_on_commit_callbacks, monkeypatch):
    sent = []
    monkeypatch.setattr(replaying, "after_commit", lambda name, **kw: sent.append((name, kw)))
    replay = started(lead)
    assert sent == [("replay", {"id": replay.pk})]
    schedules.replay(id=replay.pk)
    replay.refresh_from_db()
    assert replay.state == State.DONE


def test_it_is_run_once(lead, past):
    replay = run(lead, definition(require=[NOBODY]))
    assert replaying.run_replay(id=replay.pk) is None
    assert replay.rows.count() == 3


def test_one_that_is_cancelled_stops(lead, past, monkeypatch):
    monkeypatch.setattr(replaying, "AT_ONCE", 1)
    replay = started(lead, definition(require=[NOBODY]))
    compare = Pair.compare

    def cancelling(*args):
        if Replay.objects.get().done == 1:
            Replay.objects.update(state=State.CANCELLED)
        return compare(*args)

    monkeypatch.setattr(Pair, "compare", cancelling)
    done = replaying.run_replay(id=replay.pk)
    assert (done.state, done.done, done.rows.count()) == (State.CANCELLED, 1, 1)
    with pytest.raises(Conflict):
        replaying.cancel_replay(id=replay.pk, actor=lead)


def test_another_worker_goes_on_where_one_was_lost(lead, past, monkeypatch):
    monkeypatch.setattr(replaying, "AT_ONCE", 1)
    replay = started(lead, definition(require=[NOBODY]))
    look = replaying._Run._looked_at

    def dying(self, numbers):
        if self.replay.done == 2:
            raise SystemExit
        return look(self, numbers)

    monkeypatch.setattr(replaying._Run, "_looked_at", dying)
    with pytest.raises(SystemExit):
        replaying.run_replay(id=replay.pk)
    monkeypatch.setattr(replaying._Run, "_looked_at", look)
    replay.refresh_from_db()
    assert (replay.state, replay.done) == (State.RUNNING, 2)
    # Its worker may be alive: nobody else takes it before it is silent for long.
    assert replaying.run_replay(id=replay.pk) is None
    assert replaying.stalled(timezone.now()) == []
    later = timezone.now() + timedelta(hours=1)
    assert replaying.stalled(later) == [replay.pk]
    monkeypatch.setattr(replaying.timezone, "now", lambda: later)
    done = replaying.run_replay(id=replay.pk)
    assert (done.state, done.done, done.summary["deadlocks"]) == (State.DONE, 3, 3)
    assert done.rows.count() == ReplayRow.objects.count() == 3


def test_a_long_one_is_handed_on(lead, past, monkeypatch):
    sent = []
    monkeypatch.setattr(replaying, "AT_ONCE", 1)
    replay = started(lead, definition(require=[NOBODY]))
    monkeypatch.setattr(replaying, "after_commit", lambda name, **kw: sent.append((name, kw)))
    looked = replaying._Run._write

    def slowly(self, *args, **kwargs):
        looked(self, *args, **kwargs)
        monkeypatch.setattr(replaying.time, "monotonic", lambda: 1e12)

    monkeypatch.setattr(replaying._Run, "_write", slowly)
    half = replaying.run_replay(id=replay.pk, seconds=60)
    assert (half.state, half.done) == (State.RUNNING, 1)
    assert sent == [("replay", {"id": replay.pk})]
    done = replaying.run_replay(id=replay.pk)
    assert (done.state, done.done, done.rows.count()) == (State.DONE, 3, 3)


def test_a_failure_is_told_in_a_sentence(lead, past, monkeypatch):
    replay = started(lead)
    monkeypatch.setattr(Pair, "compare", lambda *_args: 1 / 0)
    done = replaying.run_replay(id=replay.pk)
    assert done.state == State.FAILED
    assert done.error.startswith("Something went wrong after 0 of 3 changes.")
    assert done.finished_at


def test_so_many_queries_for_so_many_changes(lead, cast, django_assert_max_num_queries):
    for number in range(6):
        propose_one(cast, number)
    replay = started(lead, definition(require=[NOBODY]))
    with django_assert_max_num_queries(45):
        done = replaying.run_replay(id=replay.pk)
    assert done.summary["changes"] == 7


def propose_one(cast, number):
    change = propose(cast, rename(f"Name {number}"))
    take(change, Action.SUBMIT, cast.mei)
