"""What governance is told about a change of a journey."""

import pytest
from django.utils import translation

from cjops.core.errors import DocumentInvalid
from cjops.documents import diff, edit, hunks
from journeys import queries
from journeys.adapter import ADAPTER
from tags.models import Concept, Taxonomy
from tests.factories import (
    AssetFactory,
    ChannelFactory,
    JourneyFactory,
    TeamFactory,
    email_document,
    journey_document,
    slot_of,
)


def owned(**fields):
    """The small journey, its e-mail owned by a team on a channel."""
    document = journey_document()
    step = document["steps"][0] | {"channel": "email", "team": "emails"} | fields
    return document | {"steps": [step, *document["steps"][1:]]}


def facts_of(before, after):
    found = ADAPTER.facts(before, after, hunks(diff(before, after)))
    return [
        (fact.hunk.element, fact.hunk.key, set(fact.channels), set(fact.kinds), set(fact.teams))
        for fact in found
    ]


def changed(*edits):
    return edit(owned(), list(edits))


def update(element, key, **fields):
    named = {name.replace("__", "/"): value for name, value in fields.items()}
    return {"op": "update", "element": element, "key": key, "fields": named}


EMAIL = "welcome-email"


@pytest.mark.parametrize(
    ("change", "kinds"),
    [
        (update("steps", EMAIL, slots__body__version=2), {"content"}),
        (update("steps", EMAIL, name="Hello"), {"metadata"}),
        (update("steps", EMAIL, wait="P3D"), {"timing"}),
        (update("steps", EMAIL, frequency_class="marketing"), {"frequency"}),
        (update("steps", EMAIL, tags=["topic:cards"]), {"tags"}),
        (update("steps", EMAIL, kind="action", name="A"), {"structure", "metadata"}),
    ],
)
def test_a_step_touches_its_channel_and_its_team(change, kinds):
    assert facts_of(owned(), changed(change)) == [("steps", EMAIL, {"email"}, kinds, {"emails"})]


def test_a_step_that_changes_channel_and_team_touches_both_channels_and_the_old_team():
    after = changed(update("steps", EMAIL, channel="sms", team="texts"))
    assert facts_of(owned(), after) == [
        ("steps", EMAIL, {"email", "sms"}, {"structure", "metadata"}, {"emails"})
    ]


def test_a_step_that_comes_is_about_all_it_holds_and_belonged_to_nobody():
    step = {"stage": "use", "kind": "message", "channel": "sms", "team": "texts", "wait": "P1D"}
    after = changed(
        {"op": "add", "element": "steps", "key": "new", "fields": step | {"slots": {"body": {}}}}
    )
    ((_element, key, channels, kinds, teams),) = facts_of(owned(), ADAPTER.load(after))
    assert (key, channels, teams) == ("new", {"sms"}, set())
    assert {"structure", "content", "timing"} <= kinds
    assert not {"tags", "frequency"} & kinds


def test_a_step_that_goes_touches_what_it_was():
    after = changed({"op": "remove", "element": "steps", "key": EMAIL})
    ((_element, _key, channels, kinds, teams),) = facts_of(owned(), after)
    assert (channels, teams) == ({"email"}, {"emails"})
    assert {"structure", "content"} <= kinds


@pytest.mark.parametrize(
    ("change", "place", "kinds"),
    [
        (update("", "", name="N"), ("", ""), {"metadata"}),
        (update("", "", reentry__rule="always"), ("", ""), {"audience"}),
        (update("", "", lifecycle__end="2030-01-01"), ("", ""), {"timing"}),
        (update("", "", tags=["a:b"]), ("", ""), {"tags"}),
        (update("entries", "applied", rule="R"), ("entries", "applied"), {"audience"}),
        (update("stages", "use", name="Usage"), ("stages", "use"), {"metadata"}),
        (update("transitions", "to-done", delay="P1D"), ("transitions", "to-done"), {"timing"}),
        (update("transitions", "to-done", share=0.5), ("transitions", "to-done"), {"structure"}),
    ],
)
def test_what_is_no_step_touches_no_channel(change, place, kinds):
    assert facts_of(owned(), changed(change)) == [(*place, set(), kinds, set())]


def test_the_first_version_touches_every_channel_step_by_step():
    found = facts_of(ADAPTER.nothing, owned())
    assert {fact[:2] for fact in found} >= {("steps", EMAIL), ("stages", "use"), ("", "")}
    assert set().union(*(fact[2] for fact in found)) == {"email"}


def test_what_is_no_journey_is_refused():
    with pytest.raises(DocumentInvalid) as refusal:
        ADAPTER.load({"steps": 1})
    assert refusal.value.extra["findings"]


@pytest.fixture
def named(db):
    """A journey that names one of everything, and a document that does."""
    for key in ("email", "web"):
        ChannelFactory(key=key, name=key.upper(), carries_content=key == "email")
    team = TeamFactory(key="emails", name="E-mail team")
    asset = AssetFactory(key="welcome", team=team)
    taxonomy = Taxonomy.objects.create(key="topic", name="Topic", team=team)
    Concept.objects.create(taxonomy=taxonomy, key="cards", label="Cards", status="active", rank="a")
    JourneyFactory(key="win-back", name="Win back", is_live=False)
    document = owned(
        slots={"body": slot_of(asset.live_version)},
        tags=["topic:cards"],
        support_teams=["nobody"],
        journey="win-back",
    )
    return ADAPTER.load(document)


def test_the_checks_know_what_exists(named, django_assert_num_queries):
    # The second reads the rules for content, the third looks at what is shown; of a version that
    # is known, it is spared.
    with django_assert_num_queries(3):
        known = queries.known_for(named)
    with django_assert_num_queries(2):
        assert queries.known_for(named) == known
    assert known.channels == {"email", "web"}
    assert known.channels_with_content == {"email"}
    assert known.teams == {"emails"}
    assert known.journeys == {"win-back"}
    assert known.concepts == {"topic:cards"}
    assert set(known.assets) == {"welcome"}
    assert {finding.code for finding in ADAPTER.validate(named)} >= {"team-unknown"}


@pytest.mark.parametrize(
    ("rendition", "reasons"),
    [
        ({"key": "en"}, ["Subject", "Message"]),
        ({"key": "en", "subject": "Hi", "body": ""}, ["is empty"]),
        ({"key": "en", "subject": "Hi", "body": "<mjml><mj-body>", "format": "mjml"}, ["mj-body"]),
        ({"key": "en", "subject": "Hi", "body": "<p>Hi</p>"}, []),
    ],
    ids=ascii,
)
def test_content_that_cannot_be_sent_is_pointed_out(named, rendition, reasons):
    document = {"name": "Bad", "kind": "email", "renditions": [rendition]}
    asset = AssetFactory(key="bad", document=document)
    bound = owned(slots={"body": slot_of(asset.live_version)})
    found = [finding for finding in ADAPTER.validate(bound) if finding.code == "content-unsendable"]
    assert len(found) == len(reasons)
    for finding, reason in zip(found, reasons, strict=True):
        assert finding.severity == "warning"
        assert reason in finding.message
        assert "version 1 of “bad”" in finding.message
        assert (finding.element, finding.key) == ("steps", EMAIL)
        assert finding.pointer == "/steps/0/slots/body"
    with translation.override("zh-hans"):
        again = (
            [one.message for one in ADAPTER.validate(bound) if one.code == found[0].code]
            if found
            else []
        )
    assert not set(again) & {finding.message for finding in found}


def test_a_small_journey_needs_one_query(db, django_assert_num_queries):
    with django_assert_num_queries(1):
        queries.known_for(journey_document())


def test_words_use_names(named, django_assert_num_queries):
    after = edit(named, [update("steps", EMAIL, channel="web", team=None)])
    changes = diff(named, after)
    with django_assert_num_queries(1):
        sentences = ADAPTER.describe(named, after, changes)
    assert any("EMAIL" in sentence and "WEB" in sentence for sentence in sentences)
    assert any("E-mail team" in sentence for sentence in sentences)


def test_the_names_of_what_is_restricted_stay_out_of_words(named):
    asset = AssetFactory(key="secret", name="Merger", is_restricted=True)
    secret = owned(slots={"body": slot_of(asset.live_version)})
    assert "secret" not in queries.names_for(secret)["assets"]
    assert queries.names_for(named)["assets"] == {"welcome": "Welcome"}


def test_the_first_version_is_told_in_words(named):
    nothing = ADAPTER.nothing
    sentences = ADAPTER.describe(nothing, named, diff(nothing, named))
    assert any("Welcome e-mail" in sentence for sentence in sentences)


@pytest.mark.parametrize(
    ("until", "end", "count"),
    [
        ("2099-06-30", "2099-07-01", 1),
        ("2099-07-01", "2099-07-01", 0),
        ("2099-06-30", None, 0),
        (None, "2099-07-01", 0),
    ],
)
def test_rights_that_end_before_the_journey_are_told(named, until, end, count):
    rights = {"rights": {"valid_until": until}} if until else {}
    asset = AssetFactory(key="lent", document={**email_document(), **rights})
    bound = owned(slots={"body": slot_of(asset.live_version)})
    bound = {**bound, "lifecycle": {**bound["lifecycle"], "end": end}}
    found = [one for one in ADAPTER.validate(bound) if one.code == "content-rights-end"]
    assert [(one.severity, one.pointer) for one in found] == [
        ("warning", "/steps/0/slots/body")
    ] * count
