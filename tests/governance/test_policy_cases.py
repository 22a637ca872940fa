"""What policies ask of changes, as a table: the change, the policies, and what follows.

Each row: what it shows; the edits; the policies in force (the portal's own where None); by key of
each requirement the people who may meet it, and the kinds of reasons. `blocked` is the code of the
refusal where the change cannot be submitted.
"""

from dataclasses import dataclass, field
from typing import Any

import pytest

import tags.services
from cjops.core.errors import Conflict
from governance import queries, rules
from governance.models import Change
from governance.proposals import proposal_of
from tags.models import Concept
from tests.cast import propose, rename, wait_for
from tests.governance.enforcing import leaf, need, only, policy

STEWARD = need("steward", reviewers=[{"stewards": True}], scope="parts")
OWNER = need("owner")


@dataclass(frozen=True)
class Case:
    says: str
    edits: tuple[dict[str, Any], ...]
    policies: tuple[dict[str, Any], ...] | None = None
    asked: dict[str, set[str]] = field(default_factory=dict)
    # By key the facts whose conditions matched, and how many hunks are to be decided on.
    why: dict[str, set[str]] = field(default_factory=dict)
    hunks: dict[str, int] = field(default_factory=dict)
    blocked: str = ""
    by: str = "mei"


def update(step: str, **fields: Any) -> dict[str, Any]:
    return {"op": "update", "element": "steps", "key": step, "fields": fields}


def add_step(key: str, **fields: Any) -> dict[str, Any]:
    return {
        "op": "add",
        "element": "steps",
        "key": key,
        "fields": {"name": key, "stage": "start", **fields},
    }


HEADER = {"op": "update", "element": "", "key": "", "fields": {"purpose": "Better"}}
IMPORTANT = {"op": "update", "element": "", "key": "", "fields": {"importance": "critical"}}
MARKET = {"op": "update", "element": "", "key": "", "fields": {"market": "business"}}
TAGGED = update("welcome-email", tags=["rules:regulated"])
AUDIENCE = {
    "op": "update",
    "element": "entries",
    "key": "applied",
    "fields": {"rule": "Applied twice"},
}
EMAIL, CALL = rename("Hello"), rename("Call", step="call")
SMS = add_step("sms-2", kind="message", channel="sms", team="sms")
GONE = {"op": "remove", "element": "steps", "key": "call"}
TO_SMS = update("welcome-email", channel="sms")
SUBTLE = update("welcome-email", frequency_class="marketing")


def when(*leaves: dict[str, Any]) -> dict[str, Any]:
    return {"all": list(leaves)}


def decides(key: str, fact: str, op: str, value: Any, scope: str = "change", **said: Any):
    """One policy that asks the journey manager under one condition."""
    return policy(key, need(key, scope=scope), when=when(leaf(fact, op, value, **said)))


BASE = policy("base", need("base"))
T, N, A, OPS, J = {"tom"}, {"nora"}, {"ana"}, {"omar"}, {"jun"}
STEWARDS = T | N

CASES = [
    # --- the policies a portal starts with -----------------------------------------------------
    Case("wording of an e-mail: its team and the journey manager", (EMAIL,),
         asked={"steward:email": STEWARDS, "owner": A}),
    Case("the channel's team decides on its part, the manager on all", (EMAIL, CALL),
         asked={"steward:email": STEWARDS, "steward:call-centre": J, "owner": A},
         hunks={"steward:email": 1, "steward:call-centre": 1, "owner": 2}),
    Case("a wait touches no channel", (wait_for(9),), asked={"owner": A}),
    Case("the header touches no channel", (HEADER,), asked={"owner": A}),
    Case("a step that moves to another channel concerns both", (TO_SMS,),
         asked={"steward:email": STEWARDS, "steward:sms": J, "owner": A}),
    Case("a new step concerns its channel", (SMS,), asked={"steward:sms": J, "owner": A}),
    Case("a removed step concerns the channel it had", (GONE,),
         asked={"steward:call-centre": J, "owner": A}),
    Case("who answers for it but edited it leaves it to operations", (wait_for(9),), by="ana",
         asked={"owner/otherwise": OPS}),
    Case("a lead who edited leaves it to the other one", (EMAIL,), by="tom",
         asked={"steward:email": N, "owner": A}),
    Case("the only lead edited: nobody is left", (CALL,), by="jun", blocked="nobody_eligible"),
    # --- no policy, no way ---------------------------------------------------------------------
    Case("no policy at all blocks", (EMAIL,), (), blocked="no_policy"),
    Case("a policy that does not match blocks", (EMAIL,),
         (decides("x", "channels", "any_of", ["sms"]),), blocked="no_policy"),
    Case("a part that nobody decides on blocks", (EMAIL, wait_for(9)),
         (policy("x", STEWARD),), blocked="no_policy"),
    Case("parts covered by different policies together are enough", (EMAIL, wait_for(9)),
         (policy("x", STEWARD), decides("timing", "kinds", "any_of", ["timing"], "parts")),
         asked={"x.steward:email": STEWARDS, "timing": A}),
    Case("stewards alone ask nobody where no channel is touched", (HEADER,),
         (policy("x", STEWARD),), blocked="no_policy"),
    # --- all that match add up -----------------------------------------------------------------
    Case("two policies that match both count", (EMAIL,), (BASE, policy("more", need("more"))),
         asked={"base": A, "more": A}),
    Case("three requirements of one policy all count", (EMAIL,),
         (policy("p", need("a"), need("b"), need("c")),), asked={"p.a": A, "p.b": A, "p.c": A}),
    Case("one that does not match adds nothing", (EMAIL,),
         (BASE, decides("x", "channels", "any_of", ["sms"])), asked={"base": A}),
    # --- facts: texts --------------------------------------------------------------------------
    Case("kind content", (update("welcome-email", **{"slots/body/purpose": "Greet"}),),
         (BASE, decides("x", "kinds", "any_of", ["content"])), asked={"base": A, "x": A},
         why={"x": {"kinds"}}),
    Case("kind audience", (AUDIENCE,), (BASE, decides("x", "kinds", "any_of", ["audience"])),
         asked={"base": A, "x": A}),
    Case("kind timing", (wait_for(9),), (BASE, decides("x", "kinds", "any_of", ["timing"])),
         asked={"base": A, "x": A}),
    Case("kind structure", (GONE,), (BASE, decides("x", "kinds", "any_of", ["structure"])),
         asked={"base": A, "x": A}),
    Case("kind frequency", (SUBTLE,), (BASE, decides("x", "kinds", "any_of", ["frequency"])),
         asked={"base": A, "x": A}),
    Case("kind tags", (TAGGED,), (BASE, decides("x", "kinds", "any_of", ["tags"])),
         asked={"base": A, "x": A}),
    Case("kind metadata", (EMAIL,), (BASE, decides("x", "kinds", "any_of", ["metadata"])),
         asked={"base": A, "x": A}),
    Case("none of these kinds", (EMAIL,), (BASE, decides("x", "kinds", "none_of", ["content"])),
         asked={"base": A, "x": A}),
    Case("nothing but this kind", (EMAIL,), (BASE, decides("x", "kinds", "only", ["metadata"])),
         asked={"base": A, "x": A}),
    Case("more than this kind", (EMAIL, wait_for(9)),
         (BASE, decides("x", "kinds", "only", ["metadata"])), asked={"base": A}),
    Case("all of these kinds", (EMAIL, wait_for(9)),
         (BASE, decides("x", "kinds", "all_of", ["metadata", "timing"])),
         asked={"base": A, "x": A}),
    Case("not all of these kinds", (EMAIL,),
         (BASE, decides("x", "kinds", "all_of", ["metadata", "timing"])), asked={"base": A}),
    Case("channel", (EMAIL,), (BASE, decides("x", "channels", "any_of", ["email", "sms"])),
         asked={"base": A, "x": A}, why={"x": {"channels"}}),
    Case("no channel touched", (HEADER,), (BASE, decides("x", "channels", "empty", True)),
         asked={"base": A, "x": A}),
    Case("stage of a touched step", (CALL,), (BASE, decides("x", "stages", "any_of", ["use"])),
         asked={"base": A, "x": A}),
    Case("another stage", (EMAIL,), (BASE, decides("x", "stages", "any_of", ["use"])),
         asked={"base": A}),
    Case("one step by its key", (EMAIL,),
         (BASE, decides("x", "steps", "any_of", ["welcome-email"])),
         asked={"base": A, "x": A}),
    Case("market before the change", (EMAIL,),
         (BASE, decides("x", "market", "any_of", ["private"])), asked={"base": A, "x": A}),
    Case("market it moves to", (MARKET,), (BASE, decides("x", "market", "any_of", ["business"])),
         asked={"base": A, "x": A}),
    Case("market it leaves", (MARKET,), (BASE, decides("x", "market", "any_of", ["private"])),
         asked={"base": A, "x": A}),
    Case("importance it will have", (IMPORTANT,),
         (BASE, decides("x", "importance", "any_of", ["critical"])), asked={"base": A, "x": A}),
    Case("tag on what is touched", (TAGGED,),
         (BASE, decides("x", "tags", "any_of", ["rules:regulated"])), asked={"base": A, "x": A}),
    Case("tag on something else", (wait_for(9),),
         (BASE, decides("x", "tags", "any_of", ["rules:regulated"])), asked={"base": A}),
    Case("teams of touched steps", (CALL,), (BASE, decides("x", "teams", "any_of", ["sms"])),
         asked={"base": A, "x": A}),
    Case("teams of the author", (EMAIL,), (BASE, decides("x", "author_teams", "any_of", ["email"])),
         asked={"base": A, "x": A}),
    Case("who answers for it", (EMAIL,),
         (BASE, decides("x", "owners", "any_of", ["ana@bank.example"])), asked={"base": A, "x": A}),
    Case("kind of subject", (EMAIL,), (BASE, decides("x", "subject", "any_of", ["journey"])),
         asked={"base": A, "x": A}),
    Case("its key", (EMAIL,), (BASE, decides("x", "key", "any_of", ["account-opening"])),
         asked={"base": A, "x": A}),
    # --- facts: numbers and truths -------------------------------------------------------------
    Case("many parts", (EMAIL, CALL, wait_for(9)), (BASE, decides("x", "hunks", "at_least", 3)),
         asked={"base": A, "x": A}),
    Case("few parts", (EMAIL,), (BASE, decides("x", "hunks", "at_least", 3)), asked={"base": A}),
    Case("at most so many", (EMAIL,), (BASE, decides("x", "hunks", "at_most", 1)),
         asked={"base": A, "x": A}),
    Case("steps touched", (EMAIL, CALL), (BASE, decides("x", "step_count", "at_least", 2)),
         asked={"base": A, "x": A}),
    Case("share of the steps: two of four", (EMAIL, CALL),
         (BASE, decides("x", "step_share", "at_least", 50)), asked={"base": A, "x": A}),
    Case("share of the steps: one of four", (EMAIL,),
         (BASE, decides("x", "step_share", "at_least", 50)), asked={"base": A}),
    Case("a message more on a channel", (SMS,),
         (BASE, decides("x", "messages_added", "at_least", 1, of="sms")),
         asked={"base": A, "x": A}),
    Case("a message more on another channel", (SMS,),
         (BASE, decides("x", "messages_added", "at_least", 1, of="email")), asked={"base": A}),
    Case("a message more anywhere", (SMS,), (BASE, decides("x", "messages_added", "at_least", 1)),
         asked={"base": A, "x": A}),
    Case("a message that moves is one less there", (TO_SMS,),
         (BASE, decides("x", "messages_removed", "at_least", 1, of="email")),
         asked={"base": A, "x": A}),
    Case("a removed step", (GONE,), (BASE, decides("x", "steps_removed", "at_least", 1)),
         asked={"base": A, "x": A}),
    Case("people a month are not measured and count as none", (EMAIL,),
         (BASE, decides("x", "people_per_month", "at_least", 1)), asked={"base": A}),
    Case("no emergency", (EMAIL,), (BASE, decides("x", "emergency", "is", True)),
         asked={"base": A}),
    Case("no roll-back", (EMAIL,), (BASE, decides("x", "roll_back", "is", False)),
         asked={"base": A, "x": A}),
    # --- scope ---------------------------------------------------------------------------------
    Case("matching parts only", (EMAIL, wait_for(9)),
         (BASE, decides("x", "kinds", "any_of", ["timing"], "parts")),
         asked={"base": A, "x": A}, hunks={"base": 2, "x": 1}),
    Case("two conditions that no single part meets do not ask for parts", (EMAIL, wait_for(9)),
         (BASE, policy("x", need("x", scope="parts"),
                       when=when(leaf("channels", "any_of", ["email"]),
                                 leaf("kinds", "any_of", ["timing"])))),
         asked={"base": A}),
    Case("the same two ask for the whole", (EMAIL, wait_for(9)),
         (BASE, policy("x", need("x"), when=when(leaf("channels", "any_of", ["email"]),
                                                 leaf("kinds", "any_of", ["timing"])))),
         asked={"base": A, "x": A}, hunks={"x": 2}),
    # --- reviewers -----------------------------------------------------------------------------
    Case("leads of a team", (EMAIL,), (policy("x", need("x", reviewers=[{"team": "email"}])),),
         asked={"x": STEWARDS}),
    Case("members of a team, but not the author", (EMAIL,),
         (policy("x", need("x", reviewers=[{"team": "email", "who": "members"}])),),
         asked={"x": STEWARDS}),
    Case("a role on the journey, held by teams: not the author", (EMAIL,),
         (policy("x", need("x", reviewers=[{"role": "contributor"}])),),
         asked={"x": STEWARDS | J}),
    Case("named people", (EMAIL,),
         (policy("x", need("x", reviewers=[{"people": ["jun@bank.example"]}])),), asked={"x": J}),
    Case("a kind of team", (EMAIL,),
         (policy("x", need("x", reviewers=[{"team_kind": "journey_operations"}])),),
         asked={"x": OPS}),
    Case("any of several", (EMAIL,),
         (policy("x", need("x", reviewers=[{"team": "email"}, {"owner": True}])),),
         asked={"x": STEWARDS | A}),
    Case("who does not see the journey is nobody to ask", (EMAIL,),
         (policy("x", need("x", reviewers=[{"people": ["zoe@bank.example"]}])),),
         blocked="nobody_eligible"),
    Case("the author named by a policy is nobody to ask", (EMAIL,),
         (policy("x", need("x", reviewers=[{"people": ["mei@bank.example"]}])),),
         blocked="nobody_eligible"),
    Case("others where the first may not", (EMAIL,),
         (policy("x", need("x", reviewers=[{"people": ["mei@bank.example"]}],
                           otherwise=[{"owner": True}])),), asked={"x/otherwise": A}),
    # --- quorum and different people -----------------------------------------------------------
    Case("two of two", (EMAIL,), (policy("x", need("x", reviewers=[{"team": "email"}], quorum=2)),),
         asked={"x": STEWARDS}),
    Case("more than there are", (EMAIL,),
         (policy("x", need("x", reviewers=[{"team": "email"}], quorum=3)),),
         blocked="nobody_eligible"),
    Case("different people where there are two", (EMAIL,),
         (policy("x", need("a", reviewers=[{"team": "email"}], distinct="six-eyes"),
                 need("b", reviewers=[{"team": "email"}], distinct="six-eyes")),),
         asked={"x.a": STEWARDS, "x.b": STEWARDS}),
    Case("different people where there is one", (EMAIL,),
         (policy("x", need("a", distinct="six-eyes"), need("b", distinct="six-eyes")),),
         blocked="nobody_eligible"),
    Case("different people across policies", (EMAIL,),
         (policy("x", need("x", distinct="six-eyes")), policy("y", need("y", distinct="six-eyes"))),
         blocked="nobody_eligible"),
]  # fmt: skip


def outcome(change: Change) -> rules.Rulings:
    return rules.rulings_on(change, proposal_of(change), queries.editor_ids(change))


@pytest.mark.parametrize("case", CASES, ids=[case.says for case in CASES])
def test_policies_ask_for_what_the_table_says(cast, case):
    taxonomy = tags.services.create_taxonomy(
        key="rules", name="Rules", team=cast.asset.team, actor=cast.omar
    )
    Concept.objects.create(taxonomy=taxonomy, key="regulated", label="Regulated", rank="a1")
    if case.policies is not None:
        only(*case.policies)
    change = propose(cast, *case.edits, by=case.by)

    found = outcome(change)

    if case.blocked:
        with pytest.raises(Conflict) as refused:
            found.require()
        assert refused.value.code == case.blocked
        return
    found.require()
    names = {user.pk: name for name, user in cast.everybody().items()}
    assert {d.key: {names[pk] for pk in d.people} for d in found.drafts} == case.asked
    by_key = {draft.key: draft for draft in found.drafts}
    for key, count in case.hunks.items():
        assert len(by_key[key].hunks) == count
    for key, facts in case.why.items():
        assert {one["fact"] for one in by_key[key].matched} == facts


def test_there_are_enough_cases():
    assert len(CASES) >= 60
