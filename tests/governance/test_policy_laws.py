"""Laws of asking, on real changes: nothing is let through, and more policies never ask for less."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cjops.core.errors import Conflict
from governance import queries, rules
from governance.proposals import proposal_of
from governance.services import take
from governance.transitions import Action, State
from tests.cast import propose, rename, wait_for
from tests.governance.enforcing import leaf, need, only, policy

LAWS = settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
JUN = {"people": ["jun@bank.example"]}
REVIEWERS = st.sampled_from(
    [
        [{"stewards": True}],
        [{"owner": True}],
        [{"team": "email"}],
        [{"team": "email", "who": "members"}],
        [{"role": "contributor"}],
        [JUN],
        [{"team_kind": "journey_operations"}],
    ]
)
CONDITIONS = st.sampled_from(
    [
        {"all": []},
        leaf("roll_back", "is", False),
        leaf("channels", "any_of", ["email"]),
        leaf("kinds", "any_of", ["timing"]),
        leaf("hunks", "at_least", 2),
        {"not": leaf("channels", "any_of", ["email"])},
    ]
)
EDITS = st.lists(
    st.sampled_from([rename("Hello"), rename("Call", step="call"), wait_for(9)]),
    min_size=1,
    max_size=3,
    unique_by=lambda edit: edit["key"],
)


@st.composite
def policies(draw: st.DrawFn) -> list[dict[str, object]]:
    """Up to four, each with a decision or two."""
    return [
        policy(
            f"policy-{place}",
            *(
                need(
                    f"need-{number}",
                    reviewers=who,
                    scope=draw(st.sampled_from(["change", "parts"])),
                    quorum=1 if who == [JUN] else draw(st.sampled_from([1, 1, 2])),
                    round=draw(st.sampled_from([1, 1, 2])),
                    distinct=draw(st.sampled_from(["", "", "eyes"])),
                )
                for number, who in enumerate(draw(st.lists(REVIEWERS, min_size=1, max_size=2)))
            ),
            when=draw(CONDITIONS),
        )
        for place in range(draw(st.integers(0, 4)))
    ]


@contextmanager
def undone() -> Iterator[None]:
    """What an example writes is taken back; services take it for the edge of the world."""
    block = transaction.atomic()
    block._from_testcase = True
    with block:
        yield
        transaction.set_rollback(True)


def asked(change):
    return rules.rulings_on(change, proposal_of(change), queries.editor_ids(change))


@LAWS
@given(edits=EDITS, chosen=policies())
def test_every_part_is_decided_on_or_the_change_is_blocked(cast, edits, chosen):
    with undone():
        only(*chosen)
        change = propose(cast, *edits)
        found = asked(change)
        try:
            take(action=Action.SUBMIT, number=change.number, actor=cast.mei)
        except Conflict:
            change.refresh_from_db()
            assert change.state == State.DRAFT
            assert found.uncovered or not found.drafts or found.stuck
        else:
            change.refresh_from_db()
            stored = list(change.requirements.all())
            assert change.state == State.IN_REVIEW
            assert {hunk for one in stored for hunk in one.hunks} == proposal_of(change).digests
            assert any(one.opened_at for one in stored)


@LAWS
@given(edits=EDITS, chosen=policies(), more=policies())
def test_adding_policies_never_takes_a_decision_away(cast, edits, chosen, more):
    with undone():
        change = propose(cast, *edits)
        only(*chosen)
        before = asked(change)
        only(*chosen, *({**one, "key": f"more-{one['key']}"} for one in more))
        after = asked(change)
        wanted = {(draft.key, draft.hunks, draft.need.quorum) for draft in before.drafts}
        assert wanted <= {(draft.key, draft.hunks, draft.need.quorum) for draft in after.drafts}
        assert after.uncovered <= before.uncovered


@LAWS
@given(edits=EDITS, chosen=policies(), names=st.permutations(["tom", "nora", "ana", "jun", "omar"]))
def test_approved_means_that_every_decision_was_made_by_enough_different_people(
    cast, edits, chosen, names
):
    with undone():
        only(*chosen)
        change = propose(cast, *edits)
        try:
            take(action=Action.SUBMIT, number=change.number, actor=cast.mei)
        except Conflict:
            return
        # Twice, since later rounds wait for earlier ones.
        for name in (*names, *names):
            with_right = queries.waiting_for(cast.named(name)).filter(pk=change.pk).exists()
            if with_right:
                take(action=Action.APPROVE, number=change.number, actor=cast.named(name))
        change.refresh_from_db()
        stored = list(change.requirements.filter(revision=change.revision))
        assert stored
        assert (change.state == State.APPROVED) == all(one.met_at for one in stored)
        if change.state == State.APPROVED:
            for one in stored:
                given_by = {
                    review.reviewer_id
                    for review in queries.verdicts_on(change)
                    if one.key in review.covers and set(one.hunks) <= set(review.hunks)
                }
                assert len(given_by - {cast.mei.pk}) >= one.quorum
