"""Times far off: refused by services, forms, the API and the database."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from cjops.core.errors import Invalid
from governance import services
from governance.models import Delegation, FreezeWindow, Replay
from governance.services import replaying
from governance.services.freezing import freeze_errors
from people import scheduling
from tests.governance.policies.writing import definition, make_lead

FIRST, LAST = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, tzinfo=UTC)
SAID = "years 2000 to 2200"


def delegate(cast, **times):
    now = timezone.now()
    times = {"starts_at": now, "ends_at": now + timedelta(days=1), **times}
    return services.delegate(giver=cast.tom, taker=cast.jun, actor=cast.tom, **times)


@pytest.mark.parametrize("times", [{"starts_at": FIRST}, {"starts_at": LAST, "ends_at": LAST},
                                   {"ends_at": LAST}])  # fmt: skip
def test_delegations(cast, times):
    with pytest.raises(Invalid) as refused:
        delegate(cast, **times)
    assert sorted(refused.value.errors) == sorted(times)
    assert SAID in str(refused.value.errors)
    assert not Delegation.objects.exists()


def test_delegations_of_forms(client, cast):
    client.force_login(cast.tom)
    sent = {"starts_at": "0001-01-01T00:00", "ends_at": "9999-12-31T23:59"}
    answer = client.post("/delegations/", {"taker": "jun@bank.example", **sent})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"starts_at", "ends_at"}


def test_freezes_and_holidays():
    window = FreezeWindow(key="x", name="X", starts_at=FIRST, ends_at=LAST)
    assert sorted(freeze_errors(window)) == ["ends_at", "starts_at"]
    assert SAID in str(scheduling.holiday_errors("x", date(1, 1, 1), date(1, 1, 2), []))


@pytest.mark.parametrize("times", [{"since": FIRST}, {"until": LAST}])
def test_replays(cast, times):
    lead, now = make_lead(cast.ana), timezone.now()
    period = {"since": now - timedelta(days=1), "until": now, **times}
    with pytest.raises(Invalid) as refused:
        replaying.start_replay(candidate=[definition()], actor=lead, **period)
    assert SAID in str(refused.value.errors)


@pytest.mark.parametrize("since", ["0001-01-01", "9999-12-31"])
def test_replays_of_forms_and_programs(client, cast, since):
    client.force_login(make_lead(cast.ana))
    sent = {"do": "start", "text": "policies: []", "since": since, "until": "9999-12-31"}
    answer = client.post("/policies/replays/new/", sent)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) >= {"since", "until"}


def test_the_database_stores_none(cast):
    now = timezone.now()
    people = {"giver": cast.tom, "taker": cast.jun, "created_by": cast.tom}
    for row in (
        Delegation(**people, starts_at=FIRST, ends_at=now),
        FreezeWindow(key="x", name="X", starts_at=now, ends_at=LAST),
        Replay(asked_by=cast.ana, candidate=[], since=FIRST, until=now, created_at=now),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save()
