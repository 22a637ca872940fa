"""The screens of versions: two compared in three ways, one restored, and a step that is gone."""

import pytest
from django.urls import reverse

from cjops.documents import digest
from governance.models import Change
from governance.services import restore_version
from governance.transitions import State
from journeys.importers import read
from tests.cast import rename
from tests.factories import JourneyFactory
from tests.factories import publish as publish_document
from tests.governance.posting import as_posted
from tests.governance.publishing import agree, publish, without_call
from tests.journeys.documents import real_data
from tests.pages import text_of

KEY = "account-opening"
JOURNEY = f"/journeys/{KEY}/"
RESTORE = reverse("version-restore", args=[KEY, 1])


def compare(a, b, **query):
    return reverse("version-compare", args=[KEY, a, b]) + "".join(
        f"{'&' if at else '?'}{name}={value}" for at, (name, value) in enumerate(query.items())
    )


@pytest.fixture
def versions(cast):
    """1: as it was; 2: without the call; 3: the welcome e-mail has another name."""
    without_call(cast)
    publish(cast, rename("A warm welcome"))
    return cast


@pytest.fixture
def page(client, versions):
    """A page as Mei sees it."""
    client.force_login(versions.mei)

    def open_page(address, status=200):
        answer = client.get(address)
        assert answer.status_code == status
        return answer

    return open_page


@pytest.mark.parametrize("view", ["map", "flow", "list", "", "nonsense"])
def test_every_view_begins_in_words_and_names_both_versions(page, versions, view):
    shown = text_of(page(compare(1, 3, view=view)))

    assert "1 step removed: Courtesy call." in shown
    for number in (1, 3):
        version = versions.journey.versions.select_related("created_by").get(number=number)
        assert version.digest in shown
        assert version.created_by.name in shown


def test_the_map_marks_what_differs_by_sign_and_word(page):
    answer = page(compare(1, 3))
    html = answer.content.decode()

    assert 'class="step call-centre mark-remove"' in html
    assert 'class="step email mark-edit"' in html
    assert "was Welcome e-mail" in html
    shown = text_of(answer)
    assert "− removed Courtesy call" in shown
    assert "Not in this picture" in shown
    assert "Wait → Courtesy call" in shown


def test_the_flow_is_drawn_beside_and_over(page):
    beside = page(compare(1, 3, view="flow")).content.decode()
    assert beside.count('<svg class="flow-drawing"') == 2
    assert "Before: version 1" in beside
    over = page(compare(1, 3, view="flow", drawn="over")).content.decode()
    assert over.count('<svg class="flow-drawing"') == 1
    for mark in ("Added", "Changed", "Removed"):
        assert mark in over


def test_the_list_has_the_marks_of_the_pictures(page, versions):
    path = {"op": "update", "element": "transitions", "key": "welcome-email-wait"}
    more = {"op": "add", "element": "transitions", "key": "to-wait"}
    publish(
        versions,
        {**path, "fields": {"target": "end"}},
        {**more, "fields": {"source": "welcome-email", "target": "wait"}},
        decide=("ana",),
    )

    shown = text_of(page(compare(3, 4, view="list")))

    assert "rewired A warm welcome → End" in shown
    assert "added A warm welcome → Wait" in shown


def test_a_version_and_itself_say_so(page):
    assert "one and the same version" in text_of(page(compare(2, 2)))


def test_versions_that_say_the_same_say_so(page, versions):
    publish(versions, rename("Welcome e-mail"))

    assert "The two versions say the same" in text_of(page(compare(2, 4)))


def test_the_form_leads_to_the_comparison(client, page):
    answer = page(reverse("version-pick", args=[KEY]) + "?a=3&b=1&view=list", status=302)

    assert answer["Location"] == compare(3, 1, view="list")


@pytest.mark.parametrize("query", ["", "?a=1", "?a=1&b=x", "?a=-1&b=2", "?a=1&b=99999999999999"])
def test_what_is_no_version_is_not_found(page, query):
    page(reverse("version-pick", args=[KEY]) + query, status=404)


@pytest.mark.parametrize(("a", "b"), [(1, 9), (0, 1), (10**20, 1)])
def test_a_version_that_is_not_there_is_not_found(page, a, b):
    page(compare(a, b), status=404)
    page(reverse("version-restore", args=[KEY, a + 8]), status=404)


def test_odd_queries_are_no_errors(page):
    for query in ("size=9", "lane=x", "page=0", "page=99999999999", "page=x", "rendition=xx"):
        page(f"{compare(1, 3, view='list')}&{query}")
        page(f"{compare(1, 3)}?{query}")


# The list of versions


def test_each_version_names_its_change_and_what_can_be_done(page, versions):
    html = page(f"{JOURNEY}?tab=versions").content.decode()

    change = Change.objects.get(published_number=2)
    assert f"by CR-{change.pk}: Warmer welcome" in html
    assert compare(1, 3) in html
    assert compare(1, 2) in html
    assert RESTORE in html
    assert reverse("version-restore", args=[KEY, 3]) not in html
    assert '<select name="a"' in html


# Restoring


def test_the_page_lists_what_differs(page):
    shown = text_of(page(RESTORE))

    assert "Step Courtesy call" in shown
    assert "comes back" in shown
    assert "Wait → End" in shown
    assert "taken out" in shown


def test_all_of_it_comes_back(client, page, versions):
    sent = as_posted(page(RESTORE).content.decode()) | {"rationale": "Call again"}

    answer = client.post(RESTORE, sent)

    change = Change.objects.latest("pk")
    assert answer["Location"] == reverse("change-detail", args=[change.pk])
    assert (change.state, change.restores, change.title) == (
        State.DRAFT,
        1,
        "Restore version 1",
    )
    assert change.digest == versions.journey.versions.get(number=1).digest
    assert "Brings back v1" in text_of(page(answer["Location"]))


def test_only_what_is_ticked_comes_back(client, page):
    sent = as_posted(page(RESTORE).content.decode())
    sent |= {"rationale": "Call again", "extent": "parts", "element": ["steps/call"]}

    client.post(RESTORE, sent)

    document = Change.objects.latest("pk").revisions.get().document
    assert "call" in {step["key"] for step in document["steps"]}
    assert "call-end" not in {path["key"] for path in document["transitions"]}


def test_a_double_click_opens_one_change(client, page):
    sent = as_posted(page(RESTORE).content.decode()) | {"rationale": "Call again"}
    count = Change.objects.count()

    assert client.post(RESTORE, sent)["Location"] == client.post(RESTORE, sent)["Location"]

    assert Change.objects.count() == count + 1


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"extent": "parts"}, "Choose at least one element"),
        ({"extent": "parts", "element": ["steps/nowhere"]}, "nowhere"),
        ({"extent": "parts", "element": ["steps/call", "steps/call"]}, "more than once"),
        ({"extent": "parts", "element": ["x"]}, "Neither version"),
        ({"extent": "some"}, "extent"),
        ({"title": ""}, "Title"),
        ({"rationale": ""}, "Why"),
    ],
)
def test_a_form_that_is_refused_comes_back_with_what_was_said(client, page, said, words):
    sent = as_posted(page(RESTORE).content.decode()) | {"rationale": "Call again"} | said
    count = Change.objects.count()

    answer = client.post(RESTORE, sent)

    assert answer.status_code == 422
    assert words.casefold() in text_of(answer).casefold()
    assert Change.objects.count() == count


def test_the_live_version_is_not_restored(page):
    page(reverse("version-restore", args=[KEY, 3]), status=409)


def test_who_may_not_propose_reads_why(client, versions):
    client.force_login(versions.ida)

    answer = client.get(RESTORE)

    assert answer.status_code == 403
    assert "You may not propose changes here" in text_of(answer)


# A step that is gone


def test_a_link_to_a_step_that_is_gone_says_when_and_how_it_went(page):
    answer = page(reverse("step-detail", args=[KEY, "call"]), status=404)
    shown = text_of(answer)
    change = Change.objects.get(published_number=2)

    assert "Courtesy call" in shown
    assert "Version 2 took it out" in shown
    assert f"CR-{change.pk}: Warmer welcome" in shown
    assert "Touchpoint" in shown
    html = answer.content.decode()
    assert reverse("version-detail", args=[KEY, 1]) in html
    assert compare(1, 2) in html
    assert f"{RESTORE}?element=steps%2Fcall" in html


def test_that_page_takes_few_queries(page, django_assert_max_num_queries):
    address = reverse("step-detail", args=[KEY, "call"])
    page(address, status=404)

    with django_assert_max_num_queries(16):
        page(address, status=404)


def test_restoring_it_from_there_brings_its_paths_back_too(client, page):
    html = page(reverse("step-detail", args=[KEY, "call"]), status=404).content.decode()
    link = html.partition(f'href="{RESTORE}?')[2].partition('"')[0].replace("&amp;", "&")

    form = page(f"{RESTORE}?{link}").content.decode()
    sent = as_posted(form) | {"rationale": "Call again"}
    assert sent["extent"] == ["parts"]
    client.post(RESTORE, sent)

    document = Change.objects.latest("pk").revisions.get().document
    assert {"wait-call", "call-end"} <= {path["key"] for path in document["transitions"]}


def test_a_step_that_came_back_has_its_page_again(page, versions):
    change = restore_version(kind="journey", key=KEY, number=1, actor=versions.mei)
    agree(versions, change, decide=("tom", "jun", "ana"))

    page(reverse("step-detail", args=[KEY, "call"]))


def test_a_step_that_never_was_is_plainly_not_there(page):
    shown = text_of(page(reverse("step-detail", args=[KEY, "nowhere"]), status=404))

    assert "no such step" in shown
    assert "Restore" not in shown


def test_who_does_not_see_the_journey_is_told_nothing_of_its_steps(client, versions):
    client.force_login(versions.zoe)

    gone = client.get(reverse("step-detail", args=[KEY, "call"]))
    never = client.get(reverse("step-detail", args=["nowhere", "call"]))

    assert gone.status_code == never.status_code == 404
    assert text_of(gone) == text_of(never)


# Real journeys


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("format_", "path"),
    [
        ("salesforce", "journeys/salesforce/multistep.definition.json"),
        ("dittofeed", "journeys/dittofeed/onboarding.yaml"),
    ],
)
def test_a_real_journey_that_lost_half_of_its_steps(client, cast, format_, path):
    whole = read(format_, real_data(path)).document
    # Its content stays where it came from.
    whole["steps"] = [step | {"slots": {}} for step in whole["steps"]]
    gone = {step["key"] for step in whole["steps"][1::2]}
    half = whole | {
        "steps": [step for step in whole["steps"] if step["key"] not in gone],
        "transitions": [
            way for way in whole["transitions"] if not {way["source"], way["target"]} & gone
        ],
    }
    journey = JourneyFactory(key="real", document=whole)
    publish_document(journey, half)
    client.force_login(cast.omar)

    for view in ("map", "flow", "list"):
        address = reverse("version-compare", args=["real", 1, 2])
        assert client.get(f"{address}?view={view}").status_code == 200
    for key in gone:
        answer = client.get(reverse("step-detail", args=["real", key]))
        assert "Version 2 took it out" in text_of(answer)
    change = restore_version(kind="journey", key="real", number=1, actor=cast.omar)
    assert change.digest == digest(whole)
