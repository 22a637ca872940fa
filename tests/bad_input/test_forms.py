"""Forms of the life of a change, filled in wrongly: said so in words, and nothing is written."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from governance.models import Change
from tests.api.conftest import Bank
from tests.bad_input.conftest import Browser, is_refused, words_of, written
from tests.cast import propose, reach, rename

Browse = Callable[[str], Browser]

NUL, LONG, RTL, GONE = "a\x00b", "x" * 20_000, "\u202eegagtrom", "no-such-thing"
MANY = "\n".join(map(str, range(101)))
OPEN = "/changes/new/journey/account-opening/"
SUBMIT = "/journeys/account-opening/steps/welcome-email/submit/?slot=body"
STEP = "/changes/{n}/edit/steps/welcome-email/"
TAKE = "/changes/{n}/take/"

OPENED = {"title": "Warmer", "rationale": "Because"}
FILLED = {"version": "new", "rationale": "Because", "en.subject": "Hi", "en.body": "<p>Hi</p>"}
STEP_FORM = {
    "name": "Welcome",
    "kind": "message",
    "stage": "start",
    "channel": "email",
    "team": "email",
    "frequency_class": "none",
    "slot:body": "onboarding-welcome@1",
}
WAY = {"source": "welcome-email", "target": "end"}
JOURNEY = {"name": "Account opening", "importance": "normal", "reentry/rule": "never"}

# address, a good form, field, values that do not fit it.
FIELDS: list[tuple[str, dict[str, str], str, list[str]]] = [
    (OPEN, OPENED, "title", ["", "  ", NUL, RTL, "a\u2028b", "\ufeff", "x" * 201, LONG]),
    (OPEN, OPENED, "rationale", ["", NUL, RTL, "\U000e0041", LONG]),
    (OPEN, OPENED, "hypothesis", [NUL, RTL, LONG]),
    (SUBMIT, FILLED, "version", ["", "0", "-1", "99", "1.0", "one", NUL, "9" * 5000, "NaN"]),
    (SUBMIT, FILLED, "rationale", ["", NUL, RTL, LONG]),
    (SUBMIT, FILLED, "hypothesis", [NUL, LONG]),
    (SUBMIT, FILLED, "en.subject", [NUL, RTL, "x" * 201, "a\x07b"]),
    (SUBMIT, FILLED, "en.body", [NUL, "x" * 2_000_001]),
    (STEP, STEP_FORM, "name", ["", NUL, RTL, "x" * 201]),
    (STEP, STEP_FORM, "kind", ["", "dance", NUL]),
    (STEP, STEP_FORM, "stage", ["", GONE, NUL]),
    (STEP, STEP_FORM, "channel", [GONE, NUL, "E-Mail"]),
    (STEP, STEP_FORM, "team", [GONE, NUL]),
    (STEP, STEP_FORM, "journey", [GONE, NUL]),
    (STEP, STEP_FORM, "emotion", ["3", "x", "1e9", NUL]),
    (STEP, STEP_FORM, "wait_0", ["-1", "x", "1.5", "NaN", "9" * 5000, "5"]),
    (STEP, {**STEP_FORM, "wait_0": "5", "wait_1": "D"}, "wait_1", ["", "years", NUL]),
    (STEP, STEP_FORM, "tags", [GONE, "a:b", NUL]),
    (STEP, STEP_FORM, "support_teams", [GONE, NUL]),
    (STEP, STEP_FORM, "purpose", [NUL, LONG, RTL]),
    (STEP, STEP_FORM, "slot:body", ["onboarding-welcome@99", "x@1", "@", NUL]),
    (STEP, STEP_FORM, "new_slot", ["A b", "é", NUL, "x" * 41, "а", "\u200b"]),
    ("/changes/{n}/edit/transitions/new/", WAY, "source", ["", GONE, NUL]),
    ("/changes/{n}/edit/transitions/new/", WAY, "target", ["", GONE]),
    ("/changes/{n}/edit/transitions/new/", WAY, "share", ["-1", "101", "x", "NaN", "inf", "1e999"]),
    ("/changes/{n}/edit/entries/new/", {"name": "x", "kind": "event"}, "step", ["", GONE]),
    ("/changes/{n}/edit/exits/new/", {"name": "x", "outcome": "switch"}, "outcome", ["", "x"]),
    ("/changes/{n}/edit/stages/new/", {"name": "x"}, "name", ["", NUL, RTL]),
    ("/changes/{n}/edit/header/header/", JOURNEY, "name", ["", NUL, RTL, "x" * 201]),
    ("/changes/{n}/edit/header/header/", JOURNEY, "importance", ["", "x"]),
    (
        "/changes/{n}/edit/header/header/",
        JOURNEY,
        "lifecycle/start",
        ["yesterday", "2026-13-01", "0000-00-00", "9" * 50, NUL],
    ),
    ("/changes/{n}/edit/header/header/", JOURNEY, "personas", [NUL, RTL, MANY]),
    ("/journeys/+new/", {"name": "Loan", "key": "loan"}, "key", ["é", "ａ", "a\u200bb", "e\u0301"]),
    (TAKE + "comment/", {"comment": "x"}, "comment", ["", "  ", NUL, RTL, "\x07", LONG]),
    (TAKE + "comment/", {"comment": "x"}, "digest", ["x" * 65, NUL]),
    ("/preferences/", {"name": "Mei", "locale": "en", "time_zone": "UTC"}, "locale", ["xx", NUL]),
]


def cases() -> Iterator[Any]:
    for path, good, field, values in FIELDS:
        for value in values:
            yield pytest.param(path, good, field, value, id=f"{path} {field}={ascii(value)[:20]}")


@pytest.fixture
def number(bank: Bank) -> int:
    return propose(bank.cast).number


@pytest.mark.parametrize(("path", "good", "field", "value"), list(cases()))
def test_a_wrong_value_comes_back_with_words(
    bank: Bank, browse: Browse, path: str, good: dict[str, str], field: str, value: str
) -> None:
    address = path.format(n=propose(bank.cast).number) if "{n}" in path else path
    before = written()
    answer = browse("mei").post(address, {**good, field: value})
    text = is_refused(answer, (400, 422))
    assert "errorlist" in text or "data-error-summary" in text or 'role="alert"' in text
    assert written() == before


@pytest.mark.parametrize(
    ("path", "good"), sorted({(path, tuple(good.items())) for path, good, _f, _v in FIELDS})
)
def test_the_same_form_filled_in_well_is_taken(
    bank: Bank, browse: Browse, path: str, good: Any
) -> None:
    """Or else the table above would prove nothing."""
    address = path.format(n=propose(bank.cast).number) if "{n}" in path else path
    answer = browse("mei").post(address, dict(good))
    if "entries" in path:
        # The good form still lacks the step that the table takes away.
        answer = browse("mei").post(address, {**dict(good), "step": "wait"})
    assert answer.status_code == 302, words_of(answer)


@pytest.mark.parametrize(
    "when", ["", "soon", "2020-01-01T10:00", "0001-01-01T00:00", "9999-12-31T23:59", NUL, "2026-13"]
)
@pytest.mark.parametrize("zone", ["UTC", "Asia/Shanghai", "America/New_York"])
def test_a_time_to_publish_that_cannot_be(bank: Bank, browse: Browse, when: str, zone: str) -> None:
    ana = bank.user("ana")
    ana.time_zone = zone
    ana.save()
    change = reach(bank.cast, "approved")
    before = written()
    answer = browse("ana").post(f"/changes/{change.number}/take/schedule/", {"publish_at": when})
    is_refused(answer, (400, 422))
    change.refresh_from_db()
    assert change.state == "approved"
    assert written() == before


ADDRESSES = [
    ("get", "/journeys/account-opening/steps/gone/submit/"),
    ("post", "/journeys/account-opening/steps/gone/submit/"),
    ("post", "/journeys/account-opening/steps/welcome-email/submit/?slot=gone"),
    ("post", "/journeys/account-opening/steps/welcome-email/submit/?slot=%00"),
    ("post", "/journeys/gone/steps/welcome-email/submit/"),
    ("post", "/changes/999999/take/submit/"),
    ("post", "/changes/" + "9" * 30 + "/take/submit/"),
    ("post", "/changes/{n}/take/burn/"),
    ("post", "/changes/{n}/take/edit/"),
    ("post", "/changes/{n}/edit/steps/gone/"),
    ("post", "/changes/{n}/edit/steps/gone/move/"),
    ("post", "/changes/{n}/edit/steps/gone/remove/"),
    ("post", "/changes/{n}/edit/people/mei/"),
    ("post", "/changes/{n}/edit/people/new/"),
    ("post", "/changes/{n}/edit/header/new/"),
    ("post", "/changes/{n}/edit/header/header/remove/"),
    ("post", "/changes/{n}/edit/header/header/move/"),
    ("post", "/changes/{n}/edit/schema/x/"),
    ("post", "/changes/new/journey/gone/"),
    ("post", "/content/gone/write/"),
    ("get", "/journeys/account-opening/versions/" + "9" * 30 + "/"),
    ("get", "/content/onboarding-welcome/versions/" + "9" * 30 + "/preview/"),
]


@pytest.mark.parametrize(("method", "path"), ADDRESSES)
def test_what_is_gone_is_not_there(
    bank: Bank, browse: Browse, number: int, method: str, path: str
) -> None:
    before = written()
    form = {**OPENED, **FILLED, **STEP_FORM, "comment": "x", "before": "x", "after": "y"}
    answer = getattr(browse("omar"), method)(path.format(n=number), form)
    is_refused(answer, 404)
    assert written() == before


def test_a_kind_that_is_not_governed_is_refused(browse: Browse) -> None:
    is_refused(browse("omar").post("/changes/new/team/email/", OPENED), 400, "Only journeys")


class TestStale:
    def test_an_edit_of_what_somebody_saved_meanwhile(
        self, bank: Bank, browse: Browse, number: int
    ) -> None:
        before = written()
        form = {**STEP_FORM, "digest": "0" * 64}
        answer = browse("mei").post(STEP.format(n=number), form)
        text = is_refused(answer, 422, "Somebody saved this change after you opened it")
        assert 'value="Welcome"' in text  # what was typed is still there
        assert written() == before

    def test_a_decision_on_what_was_edited_meanwhile(self, bank: Bank, browse: Browse) -> None:
        change = reach(bank.cast, "in_review")
        before = written()
        answer = browse("tom").post(
            f"/changes/{change.number}/take/approve/", {"digest": "0" * 64, "comment": "Fine"}
        )
        text = is_refused(answer, 412, "edited after you opened it")
        assert "Fine" in text
        assert written() == before

    @pytest.mark.parametrize("hunk", ["x", NUL, "0" * 64, "é", "<script>"])
    def test_a_decision_on_what_is_no_part_of_it(
        self, bank: Bank, browse: Browse, hunk: str
    ) -> None:
        change = reach(bank.cast, "in_review")
        before = written()
        answer = browse("tom").post(f"/changes/{change.number}/take/approve/", {"hunks": hunk})
        is_refused(answer, 409, "has changed")
        assert written() == before

    def test_a_step_that_a_later_version_removed(self, bank: Bank, browse: Browse) -> None:
        """The draft edits the call, live has dropped it: publishing says what is in the way."""
        cast = bank.cast
        draft = propose(cast, rename("A courtesy call", "call"), by="omar")
        late = propose(cast, rename("A kind call", "call"), by="omar")
        self.publish(cast, draft, upto="approve")
        self.publish(
            cast,
            propose(
                cast,
                {"op": "remove", "element": "transitions", "key": "wait-call"},
                {"op": "remove", "element": "transitions", "key": "call-end"},
                {"op": "remove", "element": "steps", "key": "call"},
                {
                    "op": "add",
                    "element": "transitions",
                    "key": "wait-end",
                    "fields": {"source": "wait", "target": "end"},
                },
                by="omar",
            ),
        )
        before = written()
        answer = browse("ana").post(f"/changes/{draft.number}/take/publish/", {})
        is_refused(answer, 409, "Live has moved since this change was written")
        answer = browse("omar").post(f"/changes/{late.number}/take/submit/", {})
        is_refused(answer, 409, "Live has moved and clashes with this change.")
        assert written() == before
        gone = "/journeys/account-opening/steps/call/"
        is_refused(browse("mei").get(gone), 404)
        is_refused(browse("mei").post(gone + "submit/?slot=script", FILLED), 404)

    def publish(self, cast: Any, change: Change, upto: str = "publish") -> None:
        browser = Browser(cast.omar)
        assert browser.post(f"/changes/{change.number}/take/submit/").status_code == 302
        for name in ("tom", "jun", "ana"):
            Browser(cast.named(name)).post(f"/changes/{change.number}/take/approve/")
        change.refresh_from_db()
        assert change.state == "approved"
        if upto == "publish":
            done = Browser(cast.ana).post(f"/changes/{change.number}/take/publish/")
            assert done.status_code == 302


class TestMoving:
    @pytest.mark.parametrize(
        "form", [{"after": "gone"}, {"after": NUL}, {"after": "wait"}, {"after": "x" * 9999}]
    )
    def test_to_where_it_cannot_stand(
        self, bank: Bank, browse: Browse, number: int, form: dict[str, str]
    ) -> None:
        before = written()
        browser = browse("omar")
        answer = browser.post(f"/changes/{number}/edit/steps/wait/move/", form)
        assert answer.status_code == 302
        assert written() == before
        assert "nothing was changed" in browser.get(answer["Location"]).content.decode()

    def test_removing_what_others_need_is_found_by_the_checks(
        self, bank: Bank, browse: Browse, number: int
    ) -> None:
        browser = browse("omar")
        browser.post(f"/changes/{number}/edit/stages/use/remove/")
        before = written()
        is_refused(browser.post(f"/changes/{number}/take/submit/"), 403)
        answer = browse("mei").post(f"/changes/{number}/take/submit/")
        is_refused(answer, 422, "which does not exist")
        assert written() == before


@pytest.mark.parametrize("key", ["preferences", "inbox/read", "accounts/login", "language"])
def test_a_form_from_elsewhere_is_refused(bank: Bank, key: str) -> None:
    browser = Browser(bank.user("mei"))
    browser.handler.enforce_csrf_checks = True
    before = written()
    text = is_refused(browser.post(f"/{key}/", {"name": "x", "language": "en"}), 403)
    assert "Reload it and try again" in text
    assert written() == before
