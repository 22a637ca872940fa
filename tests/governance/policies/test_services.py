"""Policies are proposed, activated, declined and ended by whoever may, and never unnoticed."""

import pytest

from cjops.core.errors import Conflict, DocumentInvalid, Forbidden, Invalid, NotFound, Stale
from governance import coverage
from governance.models import LedgerEntry, Notification, Policy, PolicyVersion
from governance.queries.ruling import active_rules
from governance.services import ruling
from governance.transitions import Action
from tests.governance.policies.writing import clear, definition, in_force, make_lead, propose

State = PolicyVersion.State


@pytest.fixture
def lead(cast):
    clear()
    return make_lead(cast.ana)


@pytest.fixture
def other(cast, lead):
    return make_lead(cast.jun)


def keys():
    return [rule.policy.key for rule in active_rules()]


def entries(key="letters"):
    return list(LedgerEntry.objects.filter(policy__key=key).order_by("pk"))


def test_a_proposal_is_not_in_force(lead):
    version = propose(lead)

    assert (version.number, version.state) == (1, State.PROPOSED)
    assert version.policy.active is None
    assert keys() == []
    (entry,) = entries()
    assert (entry.action, entry.revision, entry.digest, entry.reason) == (
        Action.PROPOSE_POLICY, 1, version.digest, "So be it",
    )  # fmt: skip


def test_activating_puts_it_in_force(lead, mocker_tasks):
    version = propose(lead)

    ruling.activate(key="letters", number=1, comment="From today", actor=lead)

    policy = Policy.objects.get(key="letters")
    assert policy.active == version
    assert policy.active.state == State.ACTIVE
    assert policy.active.decided_by == lead
    assert keys() == ["letters"]
    assert entries()[-1].action == Action.ACTIVATE_POLICY
    assert entries()[-1].data["before"] == ""
    assert mocker_tasks == ["retake_all"]


def test_the_next_version_replaces_it(lead):
    first = in_force(lead)

    in_force(lead, name={"en": "Letters", "zh-hans": "信件"})

    policy = Policy.objects.get(key="letters")
    assert policy.active.number == 2
    assert (policy.name, policy.name_zh_hans) == ("Letters", "信件")
    assert PolicyVersion.objects.get(pk=first.pk).state == State.SUPERSEDED
    assert entries()[-1].data["before"] == first.digest


@pytest.mark.parametrize("name", ["mei", "tom", "ida"])
def test_only_governance_leads_write_policies(cast, lead, name):
    in_force(lead)
    version = propose(lead, name="Other words")
    actor = cast.named(name)
    before = LedgerEntry.objects.count()

    for call in (
        lambda: propose(actor, "another"),
        lambda: ruling.propose_end(key="letters", comment="x", actor=actor),
        lambda: ruling.activate(key="letters", number=version.number, comment="", actor=actor),
        lambda: ruling.decline(key="letters", number=version.number, comment="x", actor=actor),
        lambda: ruling.import_policies(text="", comment="", actor=actor),
    ):
        with pytest.raises(Forbidden):
            call()
    assert LedgerEntry.objects.count() == before


def test_a_superuser_may(cast):
    clear()
    assert in_force(cast.omar).state == State.ACTIVE


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"when": {"fact": "colour", "op": "is", "value": True}}, "/when/fact"),
        ({"when": {"fact": "teams", "op": "any_of", "value": ["nobodys"]}}, "/when/value/0"),
        (
            {"require": [{"key": "x", "reviewers": [{"team": "nobodys"}]}]},
            "/require/0/reviewers/0/team",
        ),
        ({"require": []}, "/require"),
        ({"name": "x" * 121}, "/name/en"),
        ({"key": "new"}, "/key"),
        ({"key": "Not A Key"}, "/key"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place(lead, change, pointer):
    with pytest.raises(DocumentInvalid) as refused:
        ruling.propose_policy(definition={**definition(), **change}, comment="", actor=lead)
    assert pointer in {finding.pointer for finding in refused.value.extra["findings"]}
    assert not Policy.objects.filter(key__in=("letters", "new")).exists()


@pytest.mark.parametrize("raw", [None, [], "text", 3, {"when": []}, {"key": {}}])
def test_what_is_no_policy_is_refused(lead, raw):
    with pytest.raises(DocumentInvalid):
        ruling.propose_policy(definition=raw, comment="", actor=lead)


def test_an_open_proposal_is_replaced_by_its_author_alone(lead, other):
    propose(lead)
    with pytest.raises(Conflict, match="Ana"):
        propose(other, name="Mine")
    assert propose(lead, name="Mine").number == 2
    assert [one.state for one in PolicyVersion.objects.filter(policy__key="letters")] == [
        State.PROPOSED, State.SUPERSEDED,
    ]  # fmt: skip


def test_what_it_says_already_is_not_proposed(lead):
    in_force(lead)
    with pytest.raises(Conflict) as refused:
        propose(lead)
    assert refused.value.code == "nothing_changes"


def test_an_edit_of_an_older_version_is_stale(lead):
    in_force(lead)
    in_force(lead, name="Newer")
    with pytest.raises(Stale):
        ruling.propose_policy(
            definition=definition(name="Mine"), comment="", actor=lead, based_on=1
        )


def test_a_policy_keeps_its_key(lead):
    in_force(lead)
    with pytest.raises(Invalid):
        ruling.propose_policy(
            definition=definition("other"), comment="", actor=lead, key_expected="letters"
        )


def test_a_new_one_does_not_write_over_another(lead):
    in_force(lead)
    with pytest.raises(Conflict) as refused:
        ruling.propose_policy(definition=definition(), comment="", actor=lead, is_new=True)
    assert refused.value.code == "key_taken"


def test_declining_takes_a_reason_and_withdrawing_none(lead, other):
    propose(lead)
    with pytest.raises(Invalid):
        ruling.decline(key="letters", number=1, comment=" ", actor=other)
    ruling.decline(key="letters", number=1, comment="", actor=lead)
    version = PolicyVersion.objects.get(policy__key="letters")
    assert (version.state, version.decided_by) == (State.DECLINED, lead)
    with pytest.raises(Conflict):
        ruling.activate(key="letters", number=1, comment="", actor=other)


@pytest.mark.parametrize(("key", "number"), [("letters", 9), ("nothing", 1)])
def test_what_is_not_there_is_not_found(lead, key, number):
    propose(lead)
    for call in (ruling.activate, ruling.decline):
        with pytest.raises(NotFound):
            call(key=key, number=number, comment="x", actor=lead)


# --- the second person ----------------------------------------------------------------------------


def test_who_wrote_it_may_not_activate_it_where_a_second_person_is_asked_for(lead, other, cast):
    propose(lead, second_admin=True)

    with pytest.raises(Forbidden, match=r"Jun.*Omar"):
        ruling.activate(key="letters", number=1, comment="", actor=lead)
    assert keys() == []

    told = Notification.objects.filter(kind="policy_proposed").values_list("user", flat=True)
    assert set(told) == {other.pk, cast.omar.pk}
    ruling.activate(key="letters", number=1, comment="", actor=other)
    assert keys() == ["letters"]


def test_nobody_lowers_that_bar_alone(lead, other):
    propose(lead, second_admin=True)
    ruling.activate(key="letters", number=1, comment="", actor=other)
    in_force(lead, "spare")
    propose(lead)
    with pytest.raises(Forbidden):
        ruling.activate(key="letters", number=2, comment="", actor=lead)
    ruling.decline(key="letters", number=2, comment="", actor=lead)
    ruling.propose_end(key="letters", comment="Not needed", actor=lead)
    with pytest.raises(Forbidden):
        ruling.activate(key="letters", number=3, comment="", actor=lead)
    ruling.activate(key="letters", number=3, comment="", actor=other)
    assert keys() == ["spare"]


def test_without_a_second_person_the_refusal_says_so(lead, cast):
    cast.omar.is_superuser = False
    cast.omar.save()
    propose(lead, second_admin=True)
    with pytest.raises(Forbidden, match="nobody else"):
        ruling.activate(key="letters", number=1, comment="", actor=lead)


def test_nobody_is_told_of_what_its_author_may_activate(lead, other):
    propose(lead)
    assert not Notification.objects.filter(kind="policy_proposed").exists()


# --- the last one that catches all ----------------------------------------------------------------


def test_the_last_policy_does_not_end(lead):
    in_force(lead)
    ruling.propose_end(key="letters", comment="Away with it", actor=lead)

    with pytest.raises(Conflict) as refused:
        ruling.activate(key="letters", number=2, comment="", actor=lead)

    assert refused.value.code == "catch_all_needed"
    assert "Account opening" in refused.value.message
    assert "Onboarding welcome" in refused.value.message


def test_names_of_what_the_lead_does_not_see_are_not_told(cast, lead):
    stranger = make_lead(cast.zoe)
    in_force(lead)
    ruling.propose_end(key="letters", comment="Away with it", actor=lead)
    with pytest.raises(Conflict) as refused:
        ruling.activate(key="letters", number=2, comment="", actor=stranger)
    assert "Account opening" not in refused.value.message
    assert refused.value.extra["total"] == 2


def test_it_ends_where_another_one_catches_all(lead):
    in_force(lead)
    in_force(lead, "everything")
    ruling.propose_end(key="letters", comment="Away with it", actor=lead)
    ruling.activate(key="letters", number=2, comment="", actor=lead)
    policy = Policy.objects.get(key="letters")
    assert policy.active is None
    assert keys() == ["everything"]


@pytest.mark.parametrize(
    ("when", "is_refused"),
    [
        ({"fact": "market", "op": "any_of", "value": ["private"]}, True),  # the asset has none
        ({"fact": "subject", "op": "any_of", "value": ["journey", "asset", "taxonomy"]}, False),
        ({"fact": "subject", "op": "any_of", "value": ["journey"]}, True),
        ({"fact": "key", "op": "none_of", "value": ["elsewhere"]}, False),
        ({"fact": "channels", "op": "any_of", "value": ["email"]}, True),  # depends on the change
        ({"any": [{"fact": "emergency", "op": "is", "value": True},
                  {"fact": "emergency", "op": "is", "value": False}]}, False),
        ({"fact": "owners", "op": "empty", "value": False}, False),
    ],
)  # fmt: skip
def test_it_narrows_only_as_far_as_all_stay_covered(lead, when, is_refused):
    in_force(lead)
    propose(lead, when=when)
    if is_refused:
        with pytest.raises(Conflict) as refused:
            ruling.activate(key="letters", number=2, comment="", actor=lead)
        assert refused.value.code == "catch_all_needed"
    else:
        ruling.activate(key="letters", number=2, comment="", actor=lead)


def test_what_was_never_covered_is_not_lost(lead):
    narrow = {"fact": "subject", "op": "any_of", "value": ["taxonomy"]}
    in_force(lead, when=narrow)
    ruling.propose_end(key="letters", comment="There is none", actor=lead)
    ruling.activate(key="letters", number=2, comment="", actor=lead)
    assert keys() == []


def test_coverage_of_many_takes_few_queries(lead, django_assert_max_num_queries):
    in_force(lead, when={"fact": "owners", "op": "any_of", "value": ["ana@bank.example"]})
    rules = active_rules()
    with django_assert_max_num_queries(6):
        found = coverage.uncovered(rules, lead)
    assert found.names == ("Onboarding welcome",)


def test_somebody_who_left_is_not_put_in_force(cast, lead):
    propose(lead)
    cast.tom.is_active = False
    cast.tom.save()
    with pytest.raises(DocumentInvalid):
        ruling.activate(key="letters", number=1, comment="", actor=lead)
