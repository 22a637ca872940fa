"""Changes by API: listing, opening, looking, editing."""

from collections.abc import Callable

import pytest

from governance.models import Change, ChangeRevision, LedgerEntry
from people.models import Membership
from tests.api.conftest import RENAME, Bank, is_problem
from tests.cast import email_document

Draft = Callable[..., int]


def test_changes_are_listed_newest_first(bank: Bank, draft: Draft) -> None:
    numbers = [draft(f"Change {i}") for i in range(3)]
    rows = bank.mei.read("/changes/").json()["results"]
    assert [row["number"] for row in rows[:3]] == numbers[::-1]
    assert rows[0]["subject"] == {
        "kind": "journey",
        "key": "account-opening",
        "name": "Account opening",
    }
    assert rows[0]["author"] == {"email": "mei@bank.example", "name": "Mei"}


def test_changes_are_filtered(bank: Bank, draft: Draft, submitted: Draft) -> None:
    waiting, open_ = submitted("Waits"), draft("Open")

    def numbers(query: str, who: str = "mei") -> list[int]:
        answer = getattr(bank, who).read(f"/changes/?{query}")
        assert answer.status_code == 200, answer.content
        return [row["number"] for row in answer.json()["results"]]

    first = Change.objects.earliest("pk").number
    assert numbers("state=draft") == [open_]
    assert numbers("state=draft&state=in_review") == [open_, waiting]
    assert numbers("state=draft,in_review") == [open_, waiting]
    assert numbers("author=me") == [open_, waiting]
    assert numbers("author=MEI@bank.example") == [open_, waiting]
    assert numbers("author=omar@bank.example") == [first]
    assert numbers("author=nobody@bank.example") == []
    assert numbers("subject=account-opening") == [open_, waiting, first]
    assert numbers("subject=account-opening&kind=asset") == []
    assert numbers("subject=other") == []
    assert numbers("kind=taxonomy") == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("state=burnt", "state"),
        ("state=", "state"),
        ("kind=user", "kind"),
        ("subject=", "subject"),
        ("subject=" + "x" * 81, "subject"),
        ("subject=a%00b", "subject"),
        ("author=%00", "author"),
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=-1", "limit"),
        ("limit=ten", "limit"),
        ("limit=%D9%A1", "limit"),
        ("cursor=", "cursor"),
        ("cursor=x", "cursor"),
        ("cursor=%00", "cursor"),
        ("cursor=W10", "cursor"),
        ("cursor=WyJuIiwiYSJd", "cursor"),
        ("cursor=WyJuIix0cnVlXQ", "cursor"),
        ("cursor=WyJuIiw5OTk5OTk5OTk5OTk5OTk5OTk5XQ", "cursor"),
        ("cursor=" + "A" * 5000, "cursor"),
    ],
)
def test_odd_filters_are_refused_by_name(bank: Bank, query: str, field: str) -> None:
    body = is_problem(bank.mei.read(f"/changes/?{query}"), 400, "invalid")
    assert any(name.split(".")[0] == field for name in body["errors"])


def test_pages_follow_each_other_both_ways(bank: Bank, draft: Draft) -> None:
    everything = [draft(f"Change {i}") for i in range(7)][::-1]
    url: str | None = "/changes/?limit=3&author=me"
    pages, answers = [], []
    while url:
        body = bank.mei.read(url).json()
        pages.append([row["number"] for row in body["results"]])
        answers.append(body)
        url = body["next"]
    assert pages == [everything[:3], everything[3:6], everything[6:]]
    assert answers[0]["previous"] is None
    back = bank.mei.read(answers[2]["previous"]).json()
    assert [row["number"] for row in back["results"]] == pages[1]
    first = bank.mei.read(back["previous"]).json()
    assert [row["number"] for row in first["results"]] == pages[0]
    assert first["previous"] is None
    again = bank.mei.read(first["next"]).json()
    assert [row["number"] for row in again["results"]] == pages[1]


def test_a_page_stays_right_while_changes_are_opened(bank: Bank, draft: Draft) -> None:
    everything = [draft(f"Change {i}") for i in range(4)][::-1]
    body = bank.mei.read("/changes/?limit=2&author=me").json()
    draft("One more")
    rows = bank.mei.read(body["next"]).json()["results"]
    assert [row["number"] for row in rows] == everything[2:]


def test_a_change_tells_what_you_may_do(bank: Bank, submitted: Draft) -> None:
    number = submitted()
    for person, allowed in (("mei", {"comment", "withdraw"}), ("tom", {"approve", "comment"})):
        actions = getattr(bank, person).read(f"/changes/{number}/").json()["actions"]
        found = {name for name, verdict in actions.items() if verdict["allowed"]}
        assert allowed <= found
        assert all(verdict["reason"] for verdict in actions.values() if not verdict["allowed"])


def test_who_may_not_propose_opens_nothing(bank: Bank) -> None:
    before = Change.objects.count(), LedgerEntry.objects.count()
    answer = bank.ida.call(
        "/changes/", {"subject": {"kind": "journey", "key": "account-opening"}, "title": "x"}
    )
    assert "may not propose" in is_problem(answer, 403, "forbidden")["detail"]
    assert (Change.objects.count(), LedgerEntry.objects.count()) == before


def test_a_change_of_an_asset_goes_live(bank: Bank) -> None:
    number = bank.mei.call(
        "/changes/", {"subject": {"kind": "asset", "key": "onboarding-welcome"}, "title": "Subject"}
    ).json()["number"]
    document = bank.mei.read(f"/changes/{number}/document/")
    sent = email_document("A new subject")
    answer = bank.mei.send("PUT", f"/changes/{number}/document/", sent, If_Match=document["ETag"])
    assert answer.status_code == 200, answer.content
    assert bank.mei.act(number, "submit").status_code == 200
    assert bank.tom.act(number, "approve").json()["state"] == "approved"
    assert bank.tom.act(number, "publish").json()["state"] == "published"
    assert bank.zoe.read("/assets/onboarding-welcome/").json()["live_version"] == 2


class TestDocument:
    def test_its_etag_is_its_digest(self, bank: Bank, draft: Draft) -> None:
        number = draft()
        answer = bank.mei.read(f"/changes/{number}/document/")
        digest = bank.mei.read(f"/changes/{number}/").json()["digest"]
        assert answer["ETag"] == f'"{digest}"'
        assert answer.json()["schema"] == "journey/1"
        again = bank.mei.read(f"/changes/{number}/document/", If_None_Match=answer["ETag"])
        assert (again.status_code, again.content) == (304, b"")
        assert again["ETag"] == answer["ETag"]

    def test_it_is_replaced_under_its_etag(self, bank: Bank, draft: Draft) -> None:
        number = draft()
        path = f"/changes/{number}/document/"
        answer = bank.mei.read(path)
        document = {**answer.json(), "purpose": "Something better"}
        saved = bank.mei.send("PUT", path, document, If_Match=answer["ETag"])
        assert saved.status_code == 200, saved.content
        assert saved.json()["revision"] == 2
        assert bank.mei.read(path).json()["purpose"] == "Something better"
        assert bank.mei.read(path)["ETag"] == saved["ETag"]
        stale = bank.mei.send("PUT", path, document, If_Match=answer["ETag"])
        is_problem(stale, 412, "stale")
        is_problem(bank.mei.send("PUT", path, document), 428, "precondition_required")
        assert ChangeRevision.objects.filter(change=number).count() == 2

    def test_the_same_document_is_no_new_revision(self, bank: Bank, draft: Draft) -> None:
        path = f"/changes/{draft()}/document/"
        answer = bank.mei.read(path)
        saved = bank.mei.send("PUT", path, answer.json(), If_Match=answer["ETag"])
        assert (saved.status_code, saved.json()["revision"]) == (200, 1)

    @pytest.mark.parametrize("tag", ['""', '"', "x", '"0"', 'W/""', '"a", "b"', "\xff"])
    def test_a_tag_of_no_document_matches_none(self, bank: Bank, draft: Draft, tag: str) -> None:
        number = draft()
        answer = bank.mei.send("PUT", f"/changes/{number}/document/", {"name": "x"}, If_Match=tag)
        is_problem(answer, 412)
        assert Change.objects.get(pk=number).revision == 1

    def test_a_star_matches_whatever_is_there(self, bank: Bank, draft: Draft) -> None:
        path = f"/changes/{draft()}/document/"
        document = {**bank.mei.read(path).json(), "purpose": "Else"}
        assert bank.mei.send("PUT", path, document, If_Match="*").status_code == 200

    def test_what_is_no_document_is_refused_with_its_places(self, bank: Bank, draft: Draft) -> None:
        path = f"/changes/{draft()}/document/"
        tag = bank.mei.read(path)["ETag"]
        for body in ([], "x", 1, None, {"steps": 1}, {"nope": 1}, {"steps": [{"key": "A B"}]}):
            answer = bank.mei.send("PUT", path, body if body is not None else b"null", If_Match=tag)
            found = is_problem(answer, 422, "document_invalid")["findings"]
            assert all(finding["severity"] == "error" for finding in found)
            assert all({"code", "pointer", "message"} <= finding.keys() for finding in found)

    def test_others_do_not_replace_it(self, bank: Bank, draft: Draft) -> None:
        path = f"/changes/{draft()}/document/"
        answer = bank.ida.read(path)
        sent = bank.ida.send("PUT", path, answer.json(), If_Match=answer["ETag"])
        is_problem(sent, 403, "forbidden")


class TestEdits:
    def test_all_or_nothing(self, bank: Bank, draft: Draft) -> None:
        number = draft()
        bad = [*RENAME, {"op": "remove", "element": "steps", "key": "gone"}]
        body = is_problem(bank.mei.call(f"/changes/{number}/edits/", bad), 400, "bad_edit")
        assert body["errors"]["/1"]
        assert Change.objects.get(pk=number).revision == 1

    def test_the_digest_is_checked_where_it_is_named(self, bank: Bank, draft: Draft) -> None:
        number = draft()
        old = bank.mei.read(f"/changes/{number}/document/")["ETag"]
        path = f"/changes/{number}/edits/"
        first = bank.mei.call(path, RENAME, If_Match=old)
        assert first.status_code == 200
        is_problem(bank.mei.call(path, RENAME, If_Match=old), 412, "stale")
        assert bank.mei.call(path, RENAME, If_Match=first["ETag"]).status_code == 200

    def test_elements_are_added_moved_and_removed(self, bank: Bank, draft: Draft) -> None:
        number = draft()
        edits = [
            {
                "op": "add",
                "element": "stages",
                "key": "interest",
                "fields": {"name": "Interest"},
                "after": None,
            },
            {"op": "move", "element": "steps", "key": "wait", "after": None},
            {"op": "update", "element": "header", "fields": {"goal/metric": "used accounts"}},
            {"op": "remove", "element": "transitions", "key": "call-end"},
        ]
        assert bank.mei.call(f"/changes/{number}/edits/", edits).status_code == 200
        hunks = bank.mei.read(f"/changes/{number}/diff/").json()["hunks"]
        found = {(hunk["element"], hunk["key"], hunk["op"]) for hunk in hunks}
        assert found == {
            ("", "", "edit"),
            ("stages", "interest", "add"),
            ("steps", "wait", "move"),
            ("transitions", "call-end", "remove"),
        }

    def test_a_change_in_review_is_not_edited(self, bank: Bank, submitted: Draft) -> None:
        answer = bank.mei.call(f"/changes/{submitted()}/edits/", RENAME)
        assert "In review" in is_problem(answer, 409, "conflict")["detail"]

    def test_a_result_that_is_no_journey_is_refused(self, bank: Bank, draft: Draft) -> None:
        edits = [{"op": "update", "element": "steps", "key": "wait", "fields": {"kind": "dance"}}]
        body = is_problem(
            bank.mei.call(f"/changes/{draft()}/edits/", edits), 422, "document_invalid"
        )
        assert body["findings"][0]["pointer"].startswith("/steps/")


class TestLooking:
    def test_the_diff_speaks_in_words_and_hunks(self, bank: Bank, submitted: Draft) -> None:
        body = bank.mei.read(f"/changes/{submitted()}/diff/").json()
        assert body["base"]["number"] == 1
        assert len(body["summary"]) == 1
        (hunk,) = body["hunks"]
        assert (hunk["element"], hunk["key"], hunk["op"]) == ("steps", "welcome-email", "edit")
        assert (hunk["channels"], hunk["teams"]) == (["email"], ["email"])
        assert hunk["changes"] == [
            {
                "op": "edit",
                "field": ["name"],
                "before": "Welcome e-mail",
                "after": "A warm welcome",
            }
        ]
        assert len(hunk["digest"]) == 64

    def test_checks_name_the_place(self, bank: Bank, draft: Draft) -> None:
        number = draft()
        assert bank.mei.read(f"/changes/{number}/checks/").json()["errors"] == 0
        edits = [{"op": "update", "element": "steps", "key": "wait", "fields": {"wait": None}}]
        bank.mei.call(f"/changes/{number}/edits/", edits)
        body = bank.mei.read(f"/changes/{number}/checks/").json()
        assert body["errors"] == 1
        assert body["findings"][0]["pointer"] == "/steps/1/wait"
        assert (body["findings"][0]["element"], body["findings"][0]["key"]) == ("steps", "wait")
        refused = is_problem(bank.mei.act(number, "submit"), 422, "document_invalid")
        assert refused["findings"] == body["findings"][:1]

    def test_a_draft_tells_who_would_have_to_decide(self, bank: Bank, draft: Draft) -> None:
        number = draft()
        path = f"/changes/{number}/requirements/"
        assert bank.mei.read(path).json()["requirements"] == []
        bank.mei.call(f"/changes/{number}/edits/", RENAME)
        preview = bank.mei.read(path).json()
        assert preview["is_preview"] is True
        asked = {r["key"]: [p["email"] for p in r["people"]] for r in preview["requirements"]}
        assert asked == {
            "steward:email": ["nora@bank.example", "tom@bank.example"],
            "owner": ["ana@bank.example"],
        }
        assert all(requirement["why"] for requirement in preview["requirements"])
        bank.mei.act(number, "submit")
        stored = bank.mei.read(path).json()
        assert stored["is_preview"] is False
        assert {
            r["key"]: [p["email"] for p in r["people"]] for r in stored["requirements"]
        } == asked
        bank.tom.act(number, "approve")
        met = {r["key"]: r for r in bank.mei.read(path).json()["requirements"]}
        assert met["steward:email"]["met_at"]
        assert met["steward:email"]["given_by"][0]["email"] == "tom@bank.example"
        assert met["owner"]["met_at"] is None

    def test_a_draft_that_nobody_could_decide_says_so(self, bank: Bank, draft: Draft) -> None:
        number = draft()
        bank.mei.call(f"/changes/{number}/edits/", RENAME)
        Membership.objects.filter(team__key="email", role="lead").delete()
        body = bank.mei.read(f"/changes/{number}/requirements/").json()
        assert body["blocked"]
        assert is_problem(bank.mei.act(number, "submit"), 409)["detail"] == body["blocked"]
