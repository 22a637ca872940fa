"""Answers to conflicts: kept for later, used while they apply, refused where they are none."""

import pytest

from cjops.core.errors import Conflict, DocumentInvalid, Invalid
from governance import services
from governance.models import LedgerEntry
from governance.transitions import Action
from tests.cast import go_live, propose, reach, rename, wait_for
from tests.governance.rebasing import rebase, settle, step_of

pytestmark = pytest.mark.django_db


def test_stored_resolution_survives_a_version_that_leaves_its_place_alone(cast):
    change = propose(cast)
    go_live(cast, rename("Another welcome"), by=("tom", "ana"))
    services.resolve(number=change.number, actor=cast.mei, resolutions=settle(change, "mine"))
    go_live(cast, wait_for(3))

    rebase(change, cast)

    assert change.base_number == 3
    assert step_of(change)["name"] == "A warm welcome"


def test_stored_resolution_falls_away_when_live_moves_its_place_once_more(cast):
    change = propose(cast)
    go_live(cast, rename("Another welcome"), by=("tom", "ana"))
    services.resolve(number=change.number, actor=cast.mei, resolutions=settle(change, "mine"))
    go_live(cast, rename("A third welcome"), by=("tom", "ana"))

    with pytest.raises(Conflict) as refused:
        rebase(change, cast)

    assert refused.value.code == "conflicts_open"


def test_later_resolution_takes_the_place_of_the_earlier(cast):
    change = propose(cast)
    go_live(cast, rename("Another welcome"), by=("tom", "ana"))
    mine = settle(change, "mine")
    services.resolve(number=change.number, actor=cast.tom, resolutions=mine)
    edited = [{**mine[0], "choice": "edited", "value": "Hello at last"}]

    services.resolve(number=change.number, actor=cast.mei, resolutions=edited)

    stored = change.resolutions.get()
    assert (stored.author, stored.resolution["choice"]) == (cast.mei, "edited")


def test_stored_resolution_alone_publishes_nothing(cast):
    change = reach(cast, "approved")
    go_live(cast, rename("Another welcome"), by=("tom", "ana"))
    services.resolve(number=change.number, actor=cast.mei, resolutions=settle(change, "mine"))

    with pytest.raises(Conflict) as refused:
        services.take(action=Action.PUBLISH, number=change.number, actor=cast.ana)

    assert refused.value.code == "live_moved"


def test_resolution_of_a_conflict_that_is_gone_is_refused_and_keeps_nothing(cast):
    change = propose(cast)
    go_live(cast, rename("Another welcome"), by=("tom", "ana"))
    old = settle(change, "mine")
    go_live(cast, rename("A third welcome"), by=("tom", "ana"))
    both = [*settle(change, "mine"), *old]

    with pytest.raises(Conflict) as refused:
        services.resolve(number=change.number, actor=cast.mei, resolutions=both)

    assert (refused.value.code, list(refused.value.errors)) == ("conflict_gone", ["resolutions/1"])
    assert not change.resolutions.exists()


BAD = {
    "no list": "mine",
    "an object": {"conflict": "x"},
    "no objects": ["mine"],
    "no conflict": [{"choice": "mine"}],
    "a number for a conflict": [{"conflict": 7, "choice": "mine"}],
    "no choice": [{"conflict": "FP"}],
    "another choice": [{"conflict": "FP", "choice": "both"}],
    "a list for a choice": [{"conflict": "FP", "choice": ["mine"]}],
    "edited without a value": [{"conflict": "FP", "choice": "edited"}],
    "mine with a value": [{"conflict": "FP", "choice": "mine", "value": "x"}],
    "another member": [{"conflict": "FP", "choice": "mine", "why": "x"}],
    "twice the same": [{"conflict": "FP", "choice": "mine"}, {"conflict": "FP", "choice": "mine"}],
    "nothing": [],
    "too many": [{"conflict": "FP", "choice": "mine"}] * 5_001,
}


@pytest.mark.parametrize("raw", BAD.values(), ids=BAD)
def test_bad_resolutions_are_refused_with_words(cast, raw):
    change = propose(cast)
    go_live(cast, rename("Another welcome"), by=("tom", "ana"))
    fingerprint = settle(change, "mine")[0]["conflict"]
    if isinstance(raw, list):
        raw = [
            {name: fingerprint if value == "FP" else value for name, value in item.items()}
            if isinstance(item, dict)
            else item
            for item in raw
        ]

    with pytest.raises(Invalid) as refused:
        services.resolve(number=change.number, actor=cast.mei, resolutions=raw)

    assert refused.value.errors
    assert not change.resolutions.exists()


@pytest.mark.parametrize("value", [7, None, ["x"], "x" * 201, {"a": 1}])
def test_edited_value_that_is_no_name_is_refused(cast, value):
    change = propose(cast)
    go_live(cast, rename("Another welcome"), by=("tom", "ana"))

    with pytest.raises((DocumentInvalid, Invalid)):
        rebase(change, cast, resolutions=settle(change, "edited", value=value))

    change.refresh_from_db()
    assert change.base_number == 1


def test_ledger_says_how_each_conflict_was_settled(cast):
    change = propose(cast)
    go_live(cast, rename("Another welcome"), by=("tom", "ana"))
    chosen = settle(change, "mine")

    entry = rebase(change, cast, resolutions=chosen)

    assert LedgerEntry.objects.get(pk=entry.pk).data == {
        "base": 1,
        "onto": 2,
        "resolutions": [{**chosen[0], "by": cast.mei.pk}],
        "errors": 0,
    }
