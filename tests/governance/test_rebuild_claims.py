"""`rebuild_claims` writes what open changes lay hands on, and takes away what others left."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from governance.models import Claim
from tests.cast import propose, reach

pytestmark = pytest.mark.django_db


def run(*arguments):
    out = StringIO()
    call_command("rebuild_claims", *arguments, stdout=out)
    return out.getvalue()


def rows():
    return set(Claim.objects.values_list("change", "kind", "name"))


def test_what_revisions_wrote_is_right(cast):
    propose(cast)
    reach(cast, "approved")
    reach(cast, "published")
    run("--check")
    assert "rewritten: 0" in run()


def test_changes_from_before_get_theirs_and_ended_ones_lose_them(cast):
    change, ended = propose(cast), reach(cast, "withdrawn")
    right = rows()
    Claim.objects.all().delete()
    Claim.objects.create(change=ended, kind="touch", name="journey:account-opening/steps/call")
    with pytest.raises(CommandError, match=f"2 changes differ: CR-{change.pk}, CR-{ended.pk}"):
        run("--check")
    assert "rewritten: 2" in run()
    assert rows() == right


def test_a_wrong_detail_is_found(cast):
    change = propose(cast)
    change.claims.update(detail={})
    with pytest.raises(CommandError):
        run("--check")
    run()
    run("--check")
