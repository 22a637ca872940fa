"""What a step shows: only a version that is there, is what it says it is, and can be sent."""

import html
from typing import Any

import pytest
from django.utils import translation

import content.services
from governance import services
from governance.transitions import Action
from tests.api.conftest import CONTENT, Bank, is_problem
from tests.bad_input.conftest import Browser, is_refused, written
from tests.cast import email_document, propose, take

STEP = {"op": "update", "element": "steps", "key": "welcome-email"}


def bind(**fields: Any) -> list[dict[str, Any]]:
    return [{**STEP, "fields": {f"slots/body/{name}": value for name, value in fields.items()}}]


@pytest.mark.parametrize(
    ("edits", "code"),
    [
        (bind(version=2), "digest-mismatch"),
        (bind(version=2, digest=None), "digest-missing"),
        (bind(version=1, digest="0" * 64), "digest-mismatch"),
        (bind(version=99), "version-unknown"),
        (bind(asset=None), "content-missing"),
        (
            [
                {
                    **STEP,
                    "fields": {"slots": {"body": {"asset": "onboarding-welcome", "version": 2}}},
                }
            ],
            "digest-missing",
        ),
        ([{**STEP, "fields": {"slots": {"body": {"purpose": "x"}}}}], "content-missing"),
    ],
    ids=ascii,
)
def test_a_binding_that_does_not_hold_blocks_with_words(
    bank: Bank, edits: list[dict[str, Any]], code: str
) -> None:
    content.services.add_version(
        asset=bank.cast.asset, document=email_document("Second"), actor=bank.user("mei")
    )
    number = propose(bank.cast).number
    assert bank.mei.call(f"/changes/{number}/edits/", edits).status_code == 200
    before = written()
    body = is_problem(bank.mei.act(number, "submit"), 422, "document_invalid")
    (finding,) = body["findings"]
    assert (finding["code"], finding["key"]) == (code, "welcome-email")
    assert finding["pointer"].startswith("/steps/0/slots/body")
    assert "Welcome" in finding["message"] or "welcome" in finding["message"]
    assert written() == before
    page = is_refused(Browser(bank.user("mei")).get(f"/changes/{number}/?tab=checks"), 200)
    assert f"/changes/{number}/edit/steps/welcome-email/" in page


def test_content_that_is_not_there_is_refused_at_once(bank: Bank) -> None:
    number = propose(bank.cast).number
    before = written()
    answer = bank.mei.call(f"/changes/{number}/edits/", bind(asset="gone"))
    assert is_problem(answer, 400)["detail"]
    assert written() == before


def test_a_binding_with_its_digest_is_taken(bank: Bank) -> None:
    version = content.services.add_version(
        asset=bank.cast.asset, document=email_document("Second"), actor=bank.user("mei")
    )
    number = propose(bank.cast).number
    edits = bind(version=version.number, digest=version.digest)
    assert bank.mei.call(f"/changes/{number}/edits/", edits).status_code == 200
    assert bank.mei.act(number, "submit").status_code == 200


EMPTY = {**email_document(), "renditions": [{"key": "en", "subject": "Hi", "body": ""}]}
BROKEN = {
    **email_document(),
    "renditions": [{"key": "en", "subject": "Hi", "body": "<mjml><mj-nope>", "format": "mjml"}],
}


class TestUnsendable:
    @pytest.mark.parametrize("document", [EMPTY, BROKEN], ids=["empty", "broken"])
    def test_by_api(self, bank: Bank, document: dict[str, Any]) -> None:
        content.services.add_version(
            asset=bank.cast.asset, document=document, actor=bank.user("mei")
        )
        before = written()
        body = {"slot": "body", "asset": "onboarding-welcome", "version": 2, "rationale": "x"}
        problem = is_problem(bank.mei.call(CONTENT, body), 422, "document_invalid")
        assert {finding["code"] for finding in problem["findings"]} == {"content-unsendable"}
        assert written() == before

    def test_by_form(self, bank: Bank) -> None:
        before = written()
        answer = Browser(bank.user("mei")).post(
            "/journeys/account-opening/steps/welcome-email/submit/?slot=body",
            {"version": "new", "rationale": "x", "en.subject": "Hi", "en.body": ""},
        )
        is_refused(answer, 422, "cannot be sent", "is empty")
        assert written() == before

    def test_in_a_draft_it_is_a_warning_to_those_who_decide(self, bank: Bank) -> None:
        content.services.add_version(asset=bank.cast.asset, document=EMPTY, actor=bank.user("mei"))
        body = {"slot": "body", "asset": "onboarding-welcome", "version": 2, "rationale": "x"}
        answer = bank.mei.call(CONTENT, {**body, "as_draft": True})
        assert answer.status_code == 201
        found = bank.mei.read(f"/changes/{answer.json()['number']}/checks/").json()["findings"]
        assert ("content-unsendable", "warning") in {(f["code"], f["severity"]) for f in found}

    def test_in_the_readers_language(self, bank: Bank) -> None:
        content.services.add_version(asset=bank.cast.asset, document=EMPTY, actor=bank.user("mei"))
        body = {"slot": "body", "asset": "onboarding-welcome", "version": 2, "rationale": "x"}
        number = bank.mei.call(CONTENT, {**body, "as_draft": True}).json()["number"]
        said = [
            bank.mei.read(f"/changes/{number}/checks/", Accept_Language=language).json()["findings"]
            for language in ("en", "zh-hans", "en")
        ]
        assert said[0] == said[2]


class TestKind:
    def test_another_kind_is_refused_when_it_is_edited(self, bank: Bank) -> None:
        change = services.open_change(
            kind="asset", key="onboarding-welcome", title="An SMS", actor=bank.user("mei")
        )
        before = written()
        edits = [{"op": "update", "element": "header", "fields": {"kind": "sms"}}]
        answer = bank.mei.call(f"/changes/{change.number}/edits/", edits)
        (finding,) = is_problem(answer, 422, "document_invalid")["findings"]
        assert (finding["code"], finding["pointer"]) == ("kind-changed", "/kind")
        document = bank.mei.read(f"/changes/{change.number}/document/").json()
        answer = bank.mei.send(
            "PUT", f"/changes/{change.number}/document/", {**document, "kind": "push"}, If_Match="*"
        )
        is_problem(answer, 422, "document_invalid")
        assert written() == before


def test_history_says_who_published(bank: Bank) -> None:
    change = propose(bank.cast)
    take(change, Action.SUBMIT, bank.user("mei"))
    for name in ("tom", "ana"):
        take(change, Action.APPROVE, bank.user(name))
    journey = bank.cast.journey
    before = journey.history.count()
    take(change, Action.PUBLISH, bank.user("ana"))
    rows = list(journey.history.order_by("-history_id"))[: journey.history.count() - before]
    assert rows
    assert {row.history_user for row in rows} == {bank.user("ana")}
    assert rows[0].live_version_id == change.journey.versions.latest("number").pk


def test_what_a_version_changed_is_told_in_the_readers_language(bank: Bank) -> None:
    change = propose(bank.cast)
    take(change, Action.SUBMIT, bank.user("mei"))
    for name in ("tom", "ana"):
        take(change, Action.APPROVE, bank.user(name))
    with translation.override("zh-hant"):
        take(change, Action.PUBLISH, bank.user("ana"))
    version = bank.cast.journey.versions.get(number=2)
    assert version.summary.keys() == {"en", "zh-hans", "zh-hant"}
    assert version.summary["en"] == ["A warm welcome: name “Welcome e-mail” → “A warm welcome”."]
    browser = Browser(bank.user("mei"))
    path = "/journeys/account-opening/versions/2/"
    for language, sentences in version.summary.items():
        with translation.override(language):
            assert version.words == sentences
        assert bank.mei.read(path, Accept_Language=language).json()["summary"] == sentences
        browser.cookies["django_language"] = language
        page = browser.get("/journeys/account-opening/?tab=versions").content.decode()
        assert sentences[0] in html.unescape(page)
    with translation.override("de"):
        assert version.words == version.summary["en"]
