"""Journeys, assets, taxonomies, teams, inbox, ledger: what they show, in how few reads."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

import tags.services
from governance.models import LedgerEntry
from governance.services.recording import write_entry
from journeys.models import Journey
from people.models import Team
from tags.models import Concept
from tests.api.conftest import Bank, is_problem
from tests.cast import email_document

Draft = Callable[..., int]


class TestJourneys:
    def test_a_row_tells_what_is_live(self, bank: Bank) -> None:
        (row,) = bank.mei.read("/journeys/").json()["results"]
        assert (row["key"], row["live_version"]) == ("account-opening", 1)
        assert len(row["live_digest"]) == 64
        assert (row["market"], row["is_restricted"]) == ("private", True)
        assert row["channels"] == ["call-centre", "email"]
        assert row["step_count"] == 4

    def test_they_are_filtered(self, bank: Bank) -> None:
        Journey.objects.create(key="mortgage", name="Mortgage", importance="high")

        def keys(query: str, person: str = "mei") -> list[str]:
            answer = getattr(bank, person).read(f"/journeys/?{query}")
            assert answer.status_code == 200, answer.content
            return [row["key"] for row in answer.json()["results"]]

        assert keys("") == ["account-opening", "mortgage"]
        assert keys("q=mort") == ["mortgage"]
        assert keys("q=%25") == []
        assert keys("state=live") == ["account-opening"]
        assert keys("state=not-live") == ["mortgage"]
        assert keys("channel=email") == ["account-opening"]
        assert keys("importance=high") == ["mortgage"]
        assert keys("market=private") == ["account-opening"]
        assert keys("owner=mine") == []
        assert keys("owner=mine", "ana") == ["account-opening"]

    @pytest.mark.parametrize("query", ["state=x", "importance=x", "owner=yours", "q=%00"])
    def test_odd_filters_are_refused(self, bank: Bank, query: str) -> None:
        body = is_problem(bank.mei.read(f"/journeys/?{query}"), 400)
        assert query.partition("=")[0] in body["errors"]

    def test_pages_go_on_among_equal_names(self, bank: Bank) -> None:
        for number in range(5):
            Journey.objects.create(key=f"same-{number}", name="Same")
        seen, url = [], "/journeys/?limit=2"
        while url:
            body = bank.mei.read(url).json()
            seen += [row["key"] for row in body["results"]]
            last, url = url, body["next"]
        assert seen == ["account-opening", *(f"same-{number}" for number in range(5))]
        back = bank.mei.read(bank.mei.read(last).json()["previous"]).json()["results"]
        assert [row["key"] for row in back] == ["same-1", "same-2"]

    def test_one_names_its_people(self, bank: Bank) -> None:
        people_ = bank.mei.read("/journeys/account-opening/").json()["people"]
        assert {
            "role": {"key": "journey-manager", "name": "Journey manager"},
            "user": {"email": "ana@bank.example", "name": "Ana"},
            "team": None,
        } in people_
        assert [p["team"]["key"] for p in people_ if p["team"]] == ["email", "sms"]

    def test_a_version_never_changes(self, bank: Bank) -> None:
        answer = bank.mei.read("/journeys/account-opening/versions/1/")
        body = answer.json()
        assert body["document"]["name"] == "Account opening"
        assert (body["number"], body["parent_digest"]) == (1, "")
        assert answer["ETag"] == f'"{body["digest"]}"'
        again = bank.mei.read("/journeys/account-opening/versions/1/", If_None_Match=answer["ETag"])
        assert again.status_code == 304


class TestAssets:
    def test_one_is_written_and_shown(self, bank: Bank) -> None:
        answer = bank.mei.call(
            "/assets/",
            {"key": "reminder", "kind": "email", "team": "email", "document": email_document()},
        )
        assert answer.status_code == 201, answer.content
        body = answer.json()
        assert answer["Location"] == "/api/v1/assets/reminder/"
        assert (body["team"], body["channel"], body["live_version"]) == ("email", "email", None)
        assert body["version"]["number"] == 1
        shown = bank.zoe.read("/assets/reminder/").json()
        assert shown == {name: value for name, value in body.items() if name != "version"}

    def test_the_next_version_is_written(self, bank: Bank) -> None:
        path = "/assets/onboarding-welcome/versions/"
        answer = bank.tom.call(path, {"document": email_document("Hello")})
        assert answer.status_code == 201, answer.content
        assert answer["Location"] == "/api/v1/assets/onboarding-welcome/versions/2/"
        again = bank.tom.call(path, {"document": email_document("Hello")})
        assert again.json()["number"] == 2
        numbers = [row["number"] for row in bank.zoe.read(path).json()["results"]]
        assert numbers == [2, 1]
        read = bank.zoe.read(f"{path}2/").json()
        assert read["document"]["renditions"][0]["subject"] == "Hello"
        assert bank.zoe.read("/assets/onboarding-welcome/").json()["live_version"] == 1

    def test_a_taken_key_is_a_conflict(self, bank: Bank) -> None:
        body = {
            "key": "onboarding-welcome",
            "kind": "email",
            "team": "email",
            "document": email_document(),
        }
        is_problem(bank.mei.call("/assets/", body), 409, "conflict")

    @pytest.mark.parametrize(
        "document",
        [
            {"renditions": 1},
            {"renditions": [{"key": "en", "subject": 1}]},
            {"renditions": [{"key": "no such language"}]},
            {"kind": "sms"},
            {"nope": 1},
        ],
    )
    def test_what_is_no_content_is_refused(self, bank: Bank, document: Any) -> None:
        body = {"key": "x", "kind": "email", "team": "email", "document": document}
        is_problem(bank.mei.call("/assets/", body), 422, "document_invalid")

    def test_they_are_filtered(self, bank: Bank) -> None:
        def keys(query: str) -> list[str]:
            answer = bank.mei.read(f"/assets/?{query}")
            assert answer.status_code == 200, answer.content
            return [row["key"] for row in answer.json()["results"]]

        for query in ("", "q=onboard", "kind=email", "team=email", "language=en", "state=live"):
            assert keys(query) == ["onboarding-welcome"]
        for query in ("q=x", "kind=sms", "team=sms", "language=zh-Hans", "state=not-live"):
            assert keys(query) == []
        is_problem(bank.mei.read("/assets/?kind=x"), 400)
        is_problem(bank.mei.read("/assets/?state=x"), 400)

    def test_a_restricted_one_is_for_its_team(self, bank: Bank) -> None:
        bank.cast.asset.is_restricted = True
        bank.cast.asset.save()
        assert bank.mei.read("/assets/onboarding-welcome/").status_code == 200
        for path in ("", "versions/", "versions/1/"):
            is_problem(bank.zoe.read(f"/assets/onboarding-welcome/{path}"), 404)
        answer = bank.zoe.call("/assets/onboarding-welcome/versions/", {"document": {}})
        is_problem(answer, 404)
        assert bank.zoe.read("/assets/").json()["results"] == []


class TestTaxonomies:
    @pytest.fixture
    def topics(self, bank: Bank) -> Any:
        taxonomy = tags.services.create_taxonomy(
            key="topics",
            name="Topics",
            team=Team.objects.get(key="web"),
            actor=bank.user("zoe"),
            is_restricted=True,
        )
        for number, (key, status) in enumerate(
            [("account", "active"), ("card", "active"), ("fax", "deprecated")]
        ):
            Concept.objects.create(
                taxonomy=taxonomy, key=key, label=key.title(), rank=f"a{number}", status=status
            )
        return taxonomy

    def test_its_concepts_are_listed_in_order(self, bank: Bank, topics: Any) -> None:
        row = bank.zoe.read("/taxonomies/topics/").json()
        assert (row["team"], row["concept_count"], row["live_version"]) == ("web", 3, None)
        assert bank.zoe.read("/taxonomies/").json()["results"] == [row]
        path = "/taxonomies/topics/concepts/"
        found = bank.zoe.read(path).json()["results"]
        assert [concept["key"] for concept in found] == ["account", "card", "fax"]
        assert found[0]["broader"] is None
        page = bank.zoe.read(f"{path}?limit=2").json()
        rest = bank.zoe.read(page["next"]).json()["results"]
        assert [concept["key"] for concept in rest] == ["fax"]
        assert len(bank.zoe.read(f"{path}?status=active").json()["results"]) == 2
        assert len(bank.zoe.read(f"{path}?q=CARD").json()["results"]) == 1
        is_problem(bank.zoe.read(f"{path}?status=x"), 400)

    def test_others_do_not_see_it(self, bank: Bank, topics: Any) -> None:
        assert bank.mei.read("/taxonomies/").json()["results"] == []
        is_problem(bank.mei.read("/taxonomies/topics/"), 404)
        is_problem(bank.mei.read("/taxonomies/topics/concepts/"), 404)


class TestPeople:
    def test_teams_name_their_channels_and_members(self, bank: Bank) -> None:
        rows = {row["key"]: row for row in bank.zoe.read("/teams/").json()["results"]}
        assert list(rows) == ["email", "journey-operations", "sms", "web"]
        assert rows["sms"]["channels"] == ["call-centre", "sms"]
        members = {member["name"]: member["role"] for member in rows["email"]["members"]}
        assert members == {"Mei": "contributor", "Nora": "lead", "Tom": "lead"}
        assert bank.zoe.read("/teams/email/").json() == rows["email"]
        is_problem(bank.zoe.read("/teams/nobody/"), 404)

    def test_who_left_is_not_named(self, bank: Bank) -> None:
        tom = bank.user("tom")
        tom.is_active = False
        tom.save(update_fields=["is_active"])
        members = bank.zoe.read("/teams/email/").json()["members"]
        assert [member["name"] for member in members] == ["Mei", "Nora"]

    def test_i_am_who_i_am(self, bank: Bank) -> None:
        me = bank.mei.read("/users/me/").json()
        assert (me["email"], me["sees_everything"]) == ("mei@bank.example", False)
        assert me["teams"] == [{"key": "email", "name": "Email", "role": "contributor"}]
        assert bank.ida.read("/users/me/").json()["sees_everything"] is True


class TestInbox:
    def test_it_says_what_is_wanted_and_why(self, bank: Bank, submitted: Draft) -> None:
        number = submitted()
        (row,) = bank.tom.read("/inbox/").json()["results"]
        assert (row["number"], row["wants"]) == (number, "decision")
        assert row["requirements"] == ["steward:email"]
        assert "Because" in row["why"][0]
        assert bank.mei.read("/inbox/").json()["results"] == []
        bank.tom.act(number, "approve")
        assert bank.tom.read("/inbox/").json()["results"] == []
        assert bank.nora.read("/inbox/").json()["results"] == []
        bank.ana.act(number, "approve")
        (ready,) = bank.ana.read("/inbox/").json()["results"]
        assert (ready["wants"], ready["requirements"]) == ("publication", [])

    def test_what_is_due_first_comes_first(self, bank: Bank, submitted: Draft) -> None:
        numbers = [submitted(f"Change {i}") for i in range(5)]
        seen, url = [], "/inbox/?limit=2"
        while url:
            body = bank.tom.read(url).json()
            seen += [row["number"] for row in body["results"]]
            url = body["next"]
        assert seen == numbers


class TestLedger:
    def test_it_is_filtered(self, bank: Bank, submitted: Draft) -> None:
        number = submitted()

        def actions(query: str) -> list[str]:
            answer = bank.mei.read(f"/ledger/?{query}")
            assert answer.status_code == 200, answer.content
            return [row["action"] for row in answer.json()["results"]]

        assert actions(f"change={number}") == ["submit", "edit", "open"]
        assert actions(f"change={number}&action=edit") == ["edit"]
        assert actions("actor=me") == ["submit", "edit", "open"]
        assert actions("actor=nobody@bank.example") == []
        assert "publish" in actions("subject=account-opening&kind=journey")
        assert actions("kind=asset") == []
        for query in ("change=x", "change=0", "action=burn", "kind=x", "change=" + "9" * 30):
            is_problem(bank.mei.read(f"/ledger/?{query}"), 400)

    def test_the_portal_itself_has_no_name(self, bank: Bank) -> None:
        entry = LedgerEntry.objects.latest("pk")
        write_entry(
            kind="journey",
            journey_id=entry.journey_id,
            at=timezone.now(),
            actor=None,
            action="publish",
            change_id=entry.change_id,
            revision=1,
            to_state="published",
            digest=entry.digest,
        )
        row = bank.mei.read("/ledger/").json()["results"][0]
        assert row["actor"] is None
