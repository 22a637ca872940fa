"""Editing screens and their services: what they keep, what they refuse, what they leave alone."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

import content.services
from cjops.core.errors import Invalid
from content.models import Asset
from governance import services
from governance.element_options import MOST_BOXES, SUGGESTED, options_for
from governance.keys import used_keys
from governance.models import Change
from governance.transitions import Action
from governance.views.content import MOST_ASSETS
from journeys.queries import names_for
from people import granting
from people.models import Team
from tags.models import Concept, Taxonomy
from tests.bad_input.conftest import Browser, written
from tests.cast import email_document, propose, reach, take
from tests.governance.posting import as_posted

OUTLINE = "/changes/{n}/edit/"
STEP = "/changes/{n}/edit/steps/welcome-email/"


@pytest.fixture
def draft(cast):
    return propose(cast)


def document_of(change):
    change.refresh_from_db()
    return change.revisions.get(number=change.revision).document


def keys(change, collection):
    return [item["key"] for item in document_of(change)[collection]]


# --- digests -----------------------------------------------------------------------------------


@pytest.mark.parametrize("digest", ["", "0" * 64])
def test_moving_and_removing_need_the_digest_of_the_page(cast, draft, digest):
    mei = Browser(cast.mei)
    before = written()

    mei.post(f"{OUTLINE}steps/wait/move/".format(n=draft.number), {"after": "", "digest": digest})
    mei.post(f"{OUTLINE}steps/wait/remove/".format(n=draft.number), {"digest": digest})

    assert written() == before


def test_the_outline_sends_the_digest(cast, draft):
    page = Browser(cast.mei).get(OUTLINE.format(n=draft.number)).content.decode()
    sent = as_posted(page)["digest"]
    assert set(sent) == {draft.digest}
    removing = Browser(cast.mei).get(f"{OUTLINE}steps/wait/remove/".format(n=draft.number))
    assert as_posted(removing.content.decode())["digest"] == [draft.digest]


def test_an_element_form_without_a_digest_comes_back_with_what_was_typed(cast, draft):
    mei = Browser(cast.mei)
    form = as_posted(mei.get(STEP.format(n=draft.number)).content.decode())
    form |= {"purpose": ["Say hello"], "digest": [""]}

    refused = mei.post(STEP.format(n=draft.number), form)
    again = as_posted(refused.content.decode())

    assert refused.status_code == 422
    assert "did not say which version" in refused.content.decode()
    assert again["purpose"] == ["Say hello"]
    assert mei.post(STEP.format(n=draft.number), again).status_code == 302
    assert document_of(draft)["steps"][0]["purpose"] == "Say hello"


def test_a_decision_without_a_digest_is_asked_again_with_its_comment(cast):
    change = reach(cast, "in_review")
    tom = Browser(cast.tom)

    refused = tom.post(
        f"/changes/{change.number}/take/approve/", {"comment": "Lovely", "digest": ""}
    )
    again = as_posted(refused.content.decode())

    assert refused.status_code == 422
    assert again["comment"] == ["Lovely"]
    assert again["digest"] == [change.digest]
    assert not change.reviews.exists()
    answer = tom.post(f"/changes/{change.number}/take/approve/", again)
    assert answer.status_code == 302
    assert change.reviews.exists()


def test_the_page_of_a_draft_submits_with_its_digest(cast, draft):
    page = Browser(cast.mei).get(f"/changes/{draft.number}/").content.decode()
    assert draft.digest in as_posted(page)["digest"]


# --- forms that change nothing -----------------------------------------------------------------


@pytest.mark.parametrize("place", ["header/journey", "steps/welcome-email", "steps/wait"])
def test_a_page_saved_as_it_was_loaded_writes_no_revision(cast, draft, place):
    mei = Browser(cast.mei)
    address = f"/changes/{draft.number}/edit/{place}/"
    before = written()

    answer = mei.post(address, as_posted(mei.get(address).content.decode()))

    assert answer.status_code == 302
    assert written() == before


def test_a_new_step_stands_in_the_stage_it_was_opened_from(cast, draft):
    ana = Browser(cast.ana)
    address = f"/changes/{draft.number}/edit/steps/new/?stage=use"
    form = as_posted(ana.get(address).content.decode()) | {"name": ["Thank you"]}

    assert ana.post(address, form | {"digest": [draft.digest]}).status_code == 302

    added = next(s for s in document_of(draft)["steps"] if s["key"] == "thank-you")
    assert added["stage"] == "use"


# --- title and reasons -------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["draft", "changes_requested"])
def test_title_and_reasons_can_be_said_anew(cast, state):
    change = reach(cast, state)
    mei = Browser(cast.mei)
    address = f"/changes/{change.number}/describe/"
    assert address in mei.get(f"/changes/{change.number}/").content.decode()
    form = as_posted(mei.get(address).content.decode())
    digest = change.digest

    answer = mei.post(address, form | {"title": ["Warmest welcome"], "hypothesis": ["More"]})

    assert answer.status_code == 302
    change.refresh_from_db()
    assert (change.title, change.rationale) == ("Warmest welcome", "People drop out here")
    assert (change.hypothesis, change.digest) == ("More", digest)
    assert change.ledger.first().action == Action.EDIT


@pytest.mark.parametrize(
    ("state", "who", "status"),
    [("in_review", "mei", 403), ("published", "mei", 403), ("draft", "ida", 403)],
)
def test_title_and_reasons_are_not_for_everybody_or_for_ever(cast, state, who, status):
    change = reach(cast, state)
    person = Browser(cast.named(who))
    address = f"/changes/{change.number}/describe/"

    answer = person.post(address, {"title": "Mine", "rationale": "x"})

    assert answer.status_code in (status, 409)
    assert address not in person.get(f"/changes/{change.number}/").content.decode()
    change.refresh_from_db()
    assert change.title == "Warmer welcome"


def test_a_change_keeps_a_title(cast, draft):
    answer = Browser(cast.mei).post(
        f"/changes/{draft.number}/describe/", {"title": " ", "rationale": "Better"}
    )
    assert answer.status_code == 422
    draft.refresh_from_db()
    assert draft.title == "Warmer welcome"


# --- changes of content ------------------------------------------------------------------------


@pytest.fixture
def wording(cast):
    mei = Browser(cast.mei)
    answer = mei.post("/changes/new/asset/onboarding-welcome/", {"title": "T", "rationale": "R"})
    change = Change.objects.get(kind="asset")
    assert answer["Location"] == reverse("change-edit", args=[change.number])
    return change


def test_a_change_of_content_is_edited_in_the_browser(cast, wording):
    mei = Browser(cast.mei)
    address = f"/changes/{wording.number}/edit/"
    form = as_posted(mei.get(address).content.decode())

    answer = mei.post(address, form | {"en.subject": ["Hello there"], "do": ["save"]})

    assert answer.status_code == 302
    assert document_of(wording)["renditions"][0]["subject"] == "Hello there"
    assert address in mei.get(f"/changes/{wording.number}/").content.decode()


def test_content_saved_unchanged_or_over_somebody_elses_is_not_written(cast, wording):
    mei = Browser(cast.mei)
    address = f"/changes/{wording.number}/edit/"
    form = as_posted(mei.get(address).content.decode()) | {"do": ["save"]}
    before = written()

    assert mei.post(address, form).status_code == 302
    stale = mei.post(address, form | {"en.subject": ["Hello"], "digest": ["0" * 64]})
    missing = mei.post(address, form | {"en.subject": ["Hello"], "digest": [""]})

    for refused in (stale, missing):
        assert refused.status_code == 422
        assert as_posted(refused.content.decode())["en.subject"] == ["Hello"]
    assert written() == before


def test_people_of_other_teams_do_not_edit_content(cast, wording):
    jun = Browser(cast.jun)
    assert jun.get(f"/changes/{wording.number}/edit/").status_code == 403
    assert jun.get(f"/changes/{wording.number}/edit/steps/x/").status_code == 403


# --- keys --------------------------------------------------------------------------------------


def publish(cast, change):
    take(change, Action.SUBMIT, cast.omar)
    for name in ("tom", "jun", "ana"):
        if change.state == "in_review":
            try:
                take(change, Action.APPROVE, cast.named(name))
            except Exception:  # noqa: BLE001  (not asked)
                continue
    take(change, Action.PUBLISH, cast.ana)


def without_the_call(cast):
    """A published version that no longer has the courtesy call."""
    bridge = {"source": "wait", "target": "end"}
    change = propose(
        cast,
        {"op": "remove", "element": "steps", "key": "call"},
        {"op": "add", "element": "transitions", "key": "wait-end", "fields": bridge},
        by="omar",
    )
    publish(cast, change)
    return change


def test_what_cannot_stand_without_a_step_goes_with_it(cast, draft):
    services.edit_change(
        number=draft.number,
        actor=cast.omar,
        edits=[{"op": "remove", "element": "steps", "key": "call"}],
    )
    assert keys(draft, "transitions") == ["welcome-email-wait"]


def test_a_path_that_is_led_elsewhere_stays(cast, draft):
    services.edit_change(
        number=draft.number,
        actor=cast.omar,
        edits=[
            {
                "op": "update",
                "element": "transitions",
                "key": "wait-call",
                "fields": {"target": "end"},
            },
            {"op": "remove", "element": "transitions", "key": "call-end"},
            {"op": "remove", "element": "steps", "key": "call"},
        ],
    )
    assert keys(draft, "transitions") == ["welcome-email-wait", "wait-call"]


def test_the_page_that_asks_names_what_goes_too(cast, draft):
    omar = Browser(cast.omar)
    address = f"/changes/{draft.number}/edit/steps/call/remove/"

    assert omar.get(address).content.decode().count("goes with it") == 2
    assert omar.post(address).status_code == 302
    assert keys(draft, "transitions") == ["welcome-email-wait"]


def test_a_key_of_an_earlier_version_is_never_used_again(cast):
    without_the_call(cast)
    change = propose(cast, by="omar")
    call = {"op": "add", "element": "steps", "key": "call", "fields": {"kind": "exit"}}

    with pytest.raises(Invalid) as refused:
        services.edit_change(number=change.number, actor=cast.omar, edits=[call])
    assert refused.value.code == "key_used"
    assert "“call”" in refused.value.errors["/0"][0]

    document = document_of(change)
    document["steps"].append({**document["steps"][0], "key": "call", "rank": "zz"})
    with pytest.raises(Invalid) as refused:
        services.replace_document(
            number=change.number, actor=cast.omar, raw=document, expected_digest=""
        )
    assert list(refused.value.errors) == ["/steps/3/key"]

    services.edit_change(
        number=change.number, actor=cast.omar, edits=[{**call, "key": "second-call"}]
    )
    assert "second-call" in keys(change, "steps")


def test_the_form_chooses_another_key(cast):
    without_the_call(cast)
    change = propose(cast, by="omar")

    answer = Browser(cast.omar).post(
        f"/changes/{change.number}/edit/steps/new/",
        {"name": "Call", "kind": "exit", "stage": "use", "frequency_class": "none"},
    )

    assert answer.status_code == 302
    assert "call-2" in keys(change, "steps")


def test_used_keys_are_read_in_one_query(cast):
    without_the_call(cast)
    change = propose(cast)
    with CaptureQueriesContext(
        connection,
    ) as sent:
        assert used_keys(change, "steps") == {"welcome-email", "wait", "call", "end"}
        assert len(sent) == 1
    assert used_keys(change, "steps", among=["call", "never"]) == {"call"}
    assert used_keys(change, "name") == set()


# --- tags --------------------------------------------------------------------------------------


def vocabulary(key, labels, *, team, is_restricted=False):
    taxonomy = Taxonomy.objects.create(
        key=key, name=key, team=Team.objects.get(key=team), is_restricted=is_restricted
    )
    granting.renew_all()
    Concept.objects.bulk_create(
        Concept(
            taxonomy=taxonomy, key=f"c{number}", label=label, rank=f"{number:05}1", status="active"
        )
        for number, label in enumerate(labels)
    )
    return taxonomy


def test_concepts_of_taxonomies_that_are_not_open_to_the_reader_are_not_offered(cast):
    taxonomy = vocabulary("plans", ["Secret merger"], team="web")
    change = propose(
        cast,
        {"op": "update", "element": "header", "fields": {"tags": ["plans:c0"]}},
        by="ana",
    )
    # Hidden afterwards: what is hidden nobody tags anything with.
    taxonomy.is_restricted = True
    taxonomy.save(update_fields=["is_restricted"])
    address = f"/changes/{change.number}/edit/header/journey/"

    page = Browser(cast.ana).get(address).content.decode()

    assert "Secret merger" not in page
    assert as_posted(page)["tags"] == ["plans:c0"]
    assert names_for(document_of(change))["concepts"] == {}
    assert names_for(document_of(change), reader=cast.zoe)["concepts"] == {
        "plans:c0": "Secret merger"
    }


def test_many_concepts_are_searched_for(cast, draft):
    vocabulary("world", [f"Place {number}" for number in range(2_262)], team="web")
    ana = Browser(cast.ana)
    address = f"/changes/{draft.number}/edit/header/journey/"

    page = ana.get(address).content.decode()
    assert page.count("world:c") == MOST_BOXES + 1
    found = ana.get("/changes/concepts/", {"tags/more": "x, place 200"}).content.decode()
    assert "world:c200" in found
    assert found.count("<option") <= SUGGESTED

    form = as_posted(page)
    unknown = ana.post(address, form | {"tags/more": ["Nowhere"]})
    assert unknown.status_code == 422
    assert "Nowhere" in unknown.content.decode()
    assert ana.post(address, form | {"tags/more": ["Place 7, world:c2000"]}).status_code == 302
    assert document_of(draft)["tags"] == ["world:c7", "world:c2000"]


def test_options_are_read_in_a_bounded_number_of_queries(cast, draft):
    document = document_of(draft)
    with CaptureQueriesContext(connection) as few:
        options_for(document, cast.ana, "email")
    vocabulary("world", [f"Place {number}" for number in range(500)], team="web")
    with CaptureQueriesContext(connection) as many:
        options_for(document, cast.ana, "email", used=["world:c1"])
    assert len(many) <= len(few) + 1
    assert len(few) <= 8


# --- content for a step ------------------------------------------------------------------------


def test_of_many_assets_some_are_offered_and_all_can_be_found(cast):
    for number in range(MOST_ASSETS + 5):
        content.services.create_asset(
            key=f"piece-{number}",
            name=f"A piece {number:03}",
            kind="email",
            team=cast.asset.team,
            document=email_document(),
            actor=cast.mei,
        )
    Asset.objects.exclude(pk=cast.asset.pk).update(name="A piece")
    address = "/journeys/account-opening/steps/welcome-email/submit/"
    mei = Browser(cast.mei)

    page = mei.get(address).content.decode()
    found = mei.get(address, {"q": "piece-104", "asset": "onboarding-welcome"}).content.decode()

    assert page.count('<option value="piece-') == MOST_ASSETS
    assert '<option value="onboarding-welcome" selected' in page
    assert '<option value="piece-104"' in found
    assert found.count('<option value="piece-') == 1
