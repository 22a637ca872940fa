"""The loop by API on a journey that came from another system."""

from io import StringIO

import pytest
from django.core.management import call_command

from governance.models import Change
from tests.api.conftest import Bank
from tests.real import real_path

pytestmark = pytest.mark.real_data


@pytest.fixture
def imported(bank: Bank) -> int:
    """The number of the change that imports the Salesforce journey for Mei."""
    path = real_path("journeys/salesforce/multistep.definition.json")
    arguments = {"format": "salesforce", "key": "imported", "user": "mei@bank.example"}
    call_command("import_journey", str(path), **arguments, stdout=StringIO())
    return Change.objects.get(journey__key="imported").number


def decide(bank: Bank, number: int) -> str:
    """Everybody whose decision is wanted approves; the state that leads to."""
    needed = bank.mei.read(f"/changes/{number}/requirements/").json()["requirements"]
    assert len(needed) >= 2
    state = ""
    for requirement in needed:
        decider = requirement["people"][0]["email"].partition("@")[0]
        answer = getattr(bank, decider).act(number, "approve")
        assert answer.status_code == 200, answer.content
        state = answer.json()["state"]
    return state


def publish(bank: Bank, number: int) -> int:
    """Publish as whoever started the journey; the number of the version."""
    answer = bank.mei.act(number, "publish")
    assert answer.status_code == 200, answer.content
    return int(answer.json()["published_number"])


def test_an_imported_journey_goes_through_the_whole_loop(bank: Bank, imported: int) -> None:
    assert bank.mei.read("/journeys/imported/").json()["live_version"] is None
    assert bank.mei.read(f"/changes/{imported}/checks/").json()["errors"] == 0
    diff = bank.mei.read(f"/changes/{imported}/diff/").json()
    assert {hunk["op"] for hunk in diff["hunks"] if hunk["element"] == "steps"} == {"add"}
    assert bank.mei.act(imported, "submit").json()["state"] == "in_review"
    assert decide(bank, imported) == "approved"
    assert publish(bank, imported) == 1

    live = bank.mei.read("/journeys/imported/versions/1/").json()
    message = next(step for step in live["document"]["steps"] if step["kind"] == "message")
    opened = bank.mei.call(
        "/changes/",
        {
            "subject": {"kind": "journey", "key": "imported"},
            "title": "A clearer name",
            "rationale": "Nobody knows what the old one means.",
        },
    ).json()["number"]
    edits = [
        {
            "op": "update",
            "element": "steps",
            "key": message["key"],
            "fields": {"name": "First e-mail", "purpose": "Says hello"},
        }
    ]
    assert bank.mei.call(f"/changes/{opened}/edits/", edits).status_code == 200
    hunks = bank.mei.read(f"/changes/{opened}/diff/").json()["hunks"]
    assert [(hunk["element"], hunk["key"]) for hunk in hunks] == [("steps", message["key"])]
    assert bank.mei.read(f"/changes/{opened}/conflicts/").json()["conflicts"] == []
    assert bank.mei.act(opened, "submit").status_code == 200
    assert decide(bank, opened) == "approved"
    assert publish(bank, opened) == 2

    back = bank.mei.act(opened, "roll-back", {"comment": "The old name was known."}).json()
    requirement = bank.mei.read(f"/changes/{back['opened']}/requirements/").json()
    decider = requirement["requirements"][0]["people"][0]["email"].partition("@")[0]
    assert getattr(bank, decider).act(back["opened"], "approve").json()["state"] == "approved"
    assert publish(bank, back["opened"]) == 3
    digests = [
        bank.mei.read(f"/journeys/imported/versions/{number}/").json()["digest"]
        for number in (1, 2, 3)
    ]
    assert digests[0] == digests[2] != digests[1]
