"""Two governance leads at once: one wins, the other is told."""

import pytest

from cjops.core.errors import Conflict
from governance.models import LedgerEntry, Policy, PolicyVersion
from governance.queries.ruling import active_rules
from governance.services import ruling
from governance.transitions import Action
from tests.cast import build
from tests.governance.policies.writing import clear, definition, in_force, make_lead, propose
from tests.governance.test_at_once import at_once, refusals

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def leads():
    cast = build()
    clear()
    return make_lead(cast.ana), make_lead(cast.jun)


def test_of_two_activations_one_counts(leads):
    propose(leads[0])
    outcomes = at_once(
        *(
            lambda who=who: ruling.activate(key="letters", number=1, comment="", actor=who)
            for who in leads
        )
    )
    assert refusals(outcomes) == [Conflict]
    entries = LedgerEntry.objects.filter(policy__key="letters", action=Action.ACTIVATE_POLICY)
    assert entries.count() == 1


def test_of_two_proposals_one_stands(leads):
    outcomes = at_once(
        *(
            lambda who=who: ruling.propose_policy(
                definition=definition(name=who.name), comment="", actor=who
            )
            for who in leads
        )
    )
    assert refusals(outcomes) == [Conflict]
    assert PolicyVersion.objects.filter(policy__key="letters").count() == 1


def test_two_ends_at_once_never_leave_nothing(leads):
    """Each alone would be fine, since the other one catches all."""
    for key in ("first", "second"):
        in_force(leads[0], key)
        ruling.propose_end(key=key, comment="Away", actor=leads[0])
    outcomes = at_once(
        *(
            lambda key=key, who=who: ruling.activate(key=key, number=2, comment="", actor=who)
            for key, who in zip(("first", "second"), leads, strict=True)
        )
    )
    assert [error.code for error in outcomes if isinstance(error, Conflict)] == ["catch_all_needed"]
    assert len(active_rules()) == 1
    assert Policy.objects.filter(active__isnull=False).count() == 1
