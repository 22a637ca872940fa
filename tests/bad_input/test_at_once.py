"""Two people press the same button of a page at once: one is told, and nothing happens twice."""

import threading
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse

from content.models import Asset, AssetVersion
from governance.models import Change, ChangeRevision, LedgerEntry
from journeys.models import Journey
from people.models import Grant
from tests.cast import Cast, build, propose, reach

pytestmark = pytest.mark.django_db(transaction=True)

STEP = {
    "kind": "message",
    "stage": "start",
    "channel": "email",
    "team": "email",
    "frequency_class": "none",
    "slot:body": "onboarding-welcome@1",
}
SUBMIT = "/journeys/account-opening/steps/welcome-email/submit/?slot=body"


@pytest.fixture
def cast() -> Cast:
    return build()


def press(cast: Cast, *presses: tuple[str, str, dict[str, Any]]) -> list[int]:
    """Each person posts their form at the same moment; the statuses, sorted."""
    barrier = threading.Barrier(len(presses))
    statuses: list[int] = []
    clients = []
    for name, _address, _form in presses:
        client = Client(raise_request_exception=False)
        client.force_login(cast.named(name))
        clients.append(client)

    def run(client: Client, address: str, form: dict[str, Any]) -> None:
        barrier.wait()
        try:
            statuses.append(client.post(address, form).status_code)
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=run, args=(client, address, form))
        for client, (_name, address, form) in zip(clients, presses, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len(statuses) == len(presses)
    return sorted(statuses)


def test_saving_the_same_step_of_a_draft(cast: Cast) -> None:
    change = propose(cast)
    address = f"/changes/{change.number}/edit/steps/welcome-email/"
    form = {**STEP, "digest": change.digest}
    before = ChangeRevision.objects.count()
    statuses = press(
        cast,
        ("mei", address, {**form, "name": "Mei's words"}),
        ("ana", address, {**form, "name": "Ana's words"}),
    )
    assert statuses == [302, 422]
    assert ChangeRevision.objects.count() == before + 1


@pytest.mark.parametrize(
    ("state", "action", "names"),
    [
        ("draft", "submit", ("mei", "mei")),
        ("in_review", "reject", ("ana", "omar")),
        ("approved", "publish", ("ana", "omar")),
        ("published", "roll-back", ("ana", "omar")),
    ],
)
def test_a_step_of_a_change(cast: Cast, state: str, action: str, names: tuple[str, str]) -> None:
    change = reach(cast, state)
    address = f"/changes/{change.number}/take/{action}/"
    before = LedgerEntry.objects.filter(change=change).count()
    opened = Change.objects.count()
    statuses = press(
        cast, *((name, address, {"comment": "Because", "digest": change.digest}) for name in names)
    )
    assert statuses == [302, 409]
    assert LedgerEntry.objects.filter(change=change).count() == before + 1
    assert Change.objects.count() == opened + (action == "roll-back")


def test_new_content_for_the_same_step(cast: Cast) -> None:
    """Each opens a change of their own; the version that both wrote is there once."""
    form = {
        "version": "new",
        "rationale": "Because",
        "en.subject": "Hello",
        "en.body": "<p>Hello</p>",
    }
    before = Change.objects.count()
    assert press(cast, ("mei", SUBMIT, form), ("tom", SUBMIT, form)) == [302, 302]
    assert Change.objects.count() == before + 2
    assert list(AssetVersion.objects.order_by("number").values_list("number", flat=True)) == [1, 2]


def test_different_content_for_the_same_step(cast: Cast) -> None:
    form = {"version": "new", "rationale": "Because", "en.body": "<p>Hello</p>"}
    presses = [(name, SUBMIT, {**form, "en.subject": f"By {name}"}) for name in ("mei", "tom")]
    assert press(cast, *presses) == [302, 302]
    numbers = AssetVersion.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == [1, 2, 3]


def test_starting_a_journey_of_the_same_name(cast: Cast) -> None:
    form = {"name": "Mortgage", "key": "mortgage"}
    assert press(cast, ("mei", "/journeys/+new/", form), ("tom", "/journeys/+new/", form)) == [
        302,
        422,
    ]
    journey = Journey.objects.get(key="mortgage")
    assert Change.objects.filter(journey=journey).count() == 1
    assert Grant.objects.filter(journey=journey).count() == 1


def test_starting_content_of_the_same_name(cast: Cast) -> None:
    form = {
        "do": "save",
        "name": "Rate letter",
        "key": "rate-letter",
        "team": "email",
        "kind": "email",
        "language": "en",
        "en.subject": "Rates",
        "en.body": "<p>Rates</p>",
    }
    presses = [(name, reverse("asset-create"), form) for name in ("mei", "tom")]
    assert press(cast, *presses) == [302, 422]
    asset = Asset.objects.get(key="rate-letter")
    assert asset.versions.count() == 1


def test_the_next_version_of_the_same_content(cast: Cast) -> None:
    address = "/content/onboarding-welcome/write/"
    form = {
        "do": "save",
        "name": "Onboarding welcome",
        "base": "1",
        "language": "en",
        "en.body": "<p>Hello</p>",
    }
    presses = [(name, address, {**form, "en.subject": f"By {name}"}) for name in ("mei", "tom")]
    press(cast, *presses)
    numbers = list(cast.asset.versions.order_by("number").values_list("number", flat=True))
    assert numbers in ([1, 2], [1, 2, 3])
