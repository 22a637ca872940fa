"""The years the portal reckons with."""

import datetime as dt

import pytest
from rest_framework.exceptions import ValidationError

from cjops.core.api.fields import Moment
from cjops.core.moments import is_in_range, range_errors


@pytest.mark.parametrize(
    ("said", "fits"),
    [
        ("2000-01-01T00:00:00+14:00", True),
        ("2200-12-31T23:59:59-12:00", True),
        ("1999-12-30T00:00:00+00:00", False),
        ("2201-01-03T00:00:00+00:00", False),
        ("0001-01-01T00:00:00+14:00", False),
        ("9999-12-31T23:59:59-12:00", False),
    ],
)
def test_moments_far_off_are_refused(said, fits):
    assert is_in_range(dt.datetime.fromisoformat(said)) is fits
    if fits:
        assert Moment().run_validation(said)
        return
    with pytest.raises(ValidationError, match="2000 to 2200"):
        Moment().run_validation(said)


def test_days_far_off_are_named():
    found = range_errors(first=dt.date(1, 1, 1), last=dt.date(9999, 12, 31), other=None)
    assert sorted(found) == ["first", "last"]
    assert range_errors(first=dt.date(2000, 1, 1), last=dt.date(2200, 12, 31)) == {}
