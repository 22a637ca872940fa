"""The ledger page: who sees what, filters, pages, the seal, and files."""

import json
from datetime import timedelta
from itertools import pairwise

import pytest
from django.urls import reverse
from django.utils import timezone

from cjops.core import auditing
from cjops.core.models import AuditEntry
from cjops.core.sealing.log import seal
from cjops.core.spreadsheets import safe_cell
from governance.models import LedgerEntry
from governance.queries import ledger as reads
from governance.queries import telling
from governance.queries.ledger import Wanted, ledger_page, whole_ledger
from governance.services import halt
from governance.views import ledger as views
from journeys.services import set_access
from people.models import ApiToken
from tests.cast import propose, reach, rename

pytestmark = pytest.mark.django_db
URL = "/ledger/"


@pytest.fixture
def change(cast):
    change = reach(cast, "published")
    auditing.note("ledger.exported", actor=cast.omar, data={"form": "csv"})
    return change


def rows(user, **wanted):
    return [(line.source, line.entry.pk) for line in ledger_page(user, Wanted(**wanted), None, 999)]


def text(client, user, query=""):
    client.force_login(user)
    answer = client.get(URL + query)
    assert answer.status_code == 200
    return answer.content.decode()


# --- who sees what --------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "sees"), [("ida", True), ("omar", True), ("mei", False)])
def test_what_else_happened_is_for_auditors_and_leads(cast, change, name, sees):
    sources = {source for source, _pk in rows(cast.named(name))}
    assert ("portal" in sources) is sees
    assert "governance" in sources


def test_decisions_about_what_one_does_not_see_are_not_there(cast, change):
    cast.journey.is_restricted = True
    cast.journey.save()
    assert [row for row in rows(cast.zoe) if row[0] == "governance"] == []
    assert rows(cast.ida)


def test_a_change_in_a_queue_that_one_does_not_see_is_not_named(cast, change):
    cast.journey.is_restricted = True
    cast.journey.save()
    data = [{"after": change.number, "x": 1}]
    assert telling.told_to(cast.zoe, data) == [{"after": None, "x": 1}]
    assert telling.told_to(cast.ida, data) == data


def test_what_was_there_before_and_after_is_no_change_in_a_queue(client, cast):
    opened = not cast.journey.is_restricted
    set_access(journey=cast.journey, is_restricted=opened, parent=None, actor=cast.omar)
    told = ledger_page(cast.ida, Wanted(action="subject.access"), None, 1)[0].data
    assert told["after"]["is_restricted"] is opened
    assert "Account opening" in text(client, cast.ida)


def test_whom_an_entry_is_about_is_named_though_the_entry_holds_an_id(client, cast):
    auditing.note("person.invited", actor=cast.omar, about=cast.zoe)
    auditing.note("token.made", actor=cast.omar, about=ApiToken(pk=cast.mei.pk))
    told = [line.person for line in ledger_page(cast.ida, Wanted(source="portal"), None, 2)]
    assert told == ["", cast.zoe.name]
    assert cast.zoe.name in text(client, cast.ida)


# --- filters and pages ----------------------------------------------------------------------------


def test_filters_narrow(cast, change):
    everything = rows(cast.ida)
    other = propose(cast, rename("Else"))
    assert rows(cast.ida, source="portal") == [
        ("portal", entry.pk) for entry in AuditEntry.objects.order_by("-pk")
    ]
    of_change = rows(cast.ida, change=change.number)
    assert len(of_change) == LedgerEntry.objects.filter(change=change).count()
    assert set(rows(cast.ida, change=other.number)).isdisjoint(everything)
    assert {pk for _s, pk in rows(cast.ida, who="tom", source="governance")} == set(
        LedgerEntry.objects.filter(actor=cast.tom).values_list("pk", flat=True)
    )
    assert len(rows(cast.ida, action="publish", change=change.number)) == 1
    assert rows(cast.ida, glass=True) == []
    assert rows(cast.ida, subject="no-such-key") == []
    assert set(of_change) <= set(rows(cast.ida, subject=cast.journey.key, kind="journey"))
    assert rows(cast.ida, kind="policy", policy="no-such") == []
    assert rows(cast.ida, delegation=1) == []
    later = timezone.now() + timedelta(days=1)
    assert rows(cast.ida, since=later) == []
    assert set(rows(cast.ida, until=later)) >= set(everything)


def test_pages_follow_each_other_without_gap_or_repeat(cast, change, monkeypatch):
    whole = rows(cast.ida)
    monkeypatch.setattr(reads, "CHUNK", 3)
    paged = [(line.source, line.entry.pk) for line in whole_ledger(cast.ida, Wanted())]
    assert paged == whole
    at = [line.entry.at for line in whole_ledger(cast.ida, Wanted())]
    assert all(newer >= older for newer, older in pairwise(at))


def test_rows_of_one_moment_are_all_there(cast, monkeypatch):
    now = timezone.now()
    monkeypatch.setattr(auditing.timezone, "now", lambda: now)
    for _ in range(4):
        auditing.note("ledger.exported", actor=cast.omar)
        propose(cast, rename("x"))
    whole = rows(cast.ida)
    monkeypatch.setattr(reads, "CHUNK", 2)
    assert [(one.source, one.entry.pk) for one in whole_ledger(cast.ida, Wanted())] == whole


@pytest.mark.parametrize(
    "query", ["?before=x", "?before=2026-01-01~governance~1", "?change=x", "?since=9999", "?kind=x"]
)
def test_what_makes_no_sense_narrows_nothing(client, cast, change, query):
    assert f"CR-{change.number}" in text(client, cast.ida, query)


def test_the_next_page_goes_on(client, cast, change, monkeypatch):
    monkeypatch.setattr(views, "PAGE", 4)
    client.force_login(cast.ida)
    first = client.get(URL)
    second = client.get(URL + first.context["next"])
    assert len(first.context["rows"]) == len(second.context["rows"]) == 4
    assert first.context["rows"][-1].at >= second.context["rows"][0].at
    assert first.context["rows"] != second.context["rows"]


def test_few_queries_whatever_the_number(client, cast, change, django_assert_max_num_queries):
    client.force_login(cast.ida)
    client.get(URL)
    with django_assert_max_num_queries(12):
        client.get(URL)


# --- the seal -------------------------------------------------------------------------------------


def test_it_says_what_is_sealed(client, cast, change):
    assert "waits to be sealed" in text(client, cast.ida)
    head = seal()
    page = text(client, cast.ida)
    assert "waits to be sealed" not in page
    assert head.root[:16] in page
    assert "Not signed" in page


# --- files ----------------------------------------------------------------------------------------


def taken(client, user, form, query=""):
    client.force_login(user)
    answer = client.post(reverse("ledger-export", args=[form]) + query)
    return b"".join(answer.streaming_content).decode()


def test_lines_of_json_hold_what_the_page_shows(client, cast, change):
    seal()
    lines = taken(client, cast.ida, "jsonl", f"?change={change.number}").splitlines()
    said = [json.loads(line) for line in lines]
    assert {one["change"] for one in said} == {change.number}
    assert [one["id"] for one in said] == [pk for _s, pk in rows(cast.ida, change=change.number)]
    assert said[0]["position"] is not None


def test_a_spreadsheet_finds_no_formula(client, cast, change):
    halt(journey_key=cast.journey.key, kind="pause", actor=cast.ana, reason="=1+1")
    told = taken(client, cast.ida, "csv")
    assert "'=1+1" in told
    assert ",=1+1" not in told
    assert [safe_cell(one) for one in ("\tx", "\rx", "=x", "-x")] == ["'\tx", "'\rx", "'=x", "'-x"]


def test_files_hold_no_more_than_the_reader_sees(client, cast, change):
    assert "ledger.exported" not in taken(client, cast.mei, "jsonl")
    assert "ledger.exported" in taken(client, cast.ida, "jsonl")


def test_an_export_is_noted_without_names(client, cast, change):
    taken(client, cast.mei, "csv", "?who=tom@bank.example&change=3&subject=Tom&policy=Tom")
    entry = AuditEntry.objects.latest("pk")
    assert (entry.action, entry.actor) == ("ledger.exported", cast.mei)
    filters = {"who": True, "change": 3, "subject": True, "policy": True}
    assert entry.data == {"form": "csv", "filters": filters}


def test_there_is_no_other_form(client, cast):
    client.force_login(cast.ida)
    assert client.post(reverse("ledger-export", args=["xls"])).status_code == 404
    assert not AuditEntry.objects.filter(action="ledger.exported").exists()


# --- API ------------------------------------------------------------------------------------------


def test_the_api_takes_the_same_filters(client, cast, change):
    seal()
    client.force_login(cast.ida)

    def listed(query):
        answer = client.get(f"/api/v1/ledger/?{query}")
        assert answer.status_code == 200, answer.content
        return answer.json()["results"]

    (published,) = listed(f"change={change.number}&action=publish")
    assert published["position"] is not None
    assert listed("glass=true") == []
    assert listed("policy=no-such") == []
    assert listed("since=2199-01-01T00:00Z") == []
    assert {one["actor"]["email"] for one in listed("actor=tom@bank.example")} == {cast.tom.email}
    assert listed("actor=nobody@bank.example") == []
