"""The story tab: what one customer reads, in the order, language and words that reach them."""

import pytest

from content.definition import complete
from content.models import Asset, SampleProfile
from journeys.models import Journey
from tests.factories import AssetFactory, email_document, publish
from tests.journeys.pages import DETAIL
from tests.pages import text_of

RENDITION = email_document()["renditions"][0]
STORY = f"{DETAIL}?tab=story"


@pytest.fixture
def told(signed_in, cast):
    """The journey's e-mail greets the customer by name, in English and Simplified Chinese."""
    renditions = [
        {**RENDITION, "key": "en", "body": "<p>Dear {{ first_name }}, you live in {{ city }}.</p>"},
        {**RENDITION, "key": "zh-hans", "body": "<p>{{ first_name }}您好</p>"},
    ]
    asset = AssetFactory(key="greeting", document=email_document(renditions=renditions))
    journey = Journey.objects.get(key="account-opening")
    document = journey.live_version.document
    slot = document["steps"][0]["slots"]["body"]
    slot |= {"asset": asset.key, "version": 1, "digest": asset.live_version.digest}
    publish(journey, document)
    SampleProfile.objects.all().delete()
    for place, name in enumerate(("Maya", "Jonas")):
        SampleProfile.objects.create(
            key=name.lower(),
            name=f"{name}, new customer",
            values={"en": {"first_name": name}, "zh-hans": {"first_name": "美雅"}},
            position=place,
        )
    return signed_in("ana")


def test_the_first_sample_customer_is_greeted_by_name(told):
    assert "Dear Maya, you live in" in text_of(told.get(STORY))


def test_another_sample_customer_can_be_chosen(told):
    assert "Dear Jonas" in text_of(told.get(f"{STORY}&customer=jonas"))


def test_a_customer_nobody_knows_is_the_first(told):
    assert "Dear Maya" in text_of(told.get(f"{STORY}&customer=nobody"))


def test_a_value_nobody_has_is_marked(told):
    page = told.get(STORY).content.decode()
    assert '<mark class="unknown">city</mark>' in page


def test_the_language_that_is_asked_for_is_read(told):
    page = text_of(told.get(f"{STORY}&language=zh-hans"))
    assert "美雅您好" in page
    assert "Dear" not in page


def test_values_are_not_markup(told):
    SampleProfile.objects.filter(key="maya").update(
        values={"en": {"first_name": "<script>alert(1)</script>"}}
    )
    page = told.get(STORY).content.decode()
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert(1)" not in page


def test_content_that_is_hidden_says_nothing(told):
    Asset.objects.filter(key="greeting").update(is_restricted=True)
    page = text_of(told.get(STORY))
    assert "Dear" not in page
    assert "Content that is not open to you" in page


# --- for whom -------------------------------------------------------------------------------------


@pytest.fixture
def varied(told):
    """The e-mail says something else to families, to a segment and in the other arm of a test."""
    wording = {"families": "For parents.", "gold": "For the best.", "other": "Another try."}
    variants = {
        "families": {"name": "Families", "persona": "Parents"},
        "gold": {"name": "Gold", "segment": "Gold customers"},
        "other": {"name": "Other", "arm": "B"},
    }
    renditions = [{**RENDITION, "key": "en", "body": "<p>For all.</p>"}]
    renditions += [
        {**RENDITION, "key": f"en-{key}", "variant": key, "body": f"<p>{words}</p>"}
        for key, words in wording.items()
    ]
    document = email_document(renditions=renditions) | {"variants": variants}
    asset = AssetFactory(key="varied", document=complete(document))
    journey = Journey.objects.get(key="account-opening")
    document = journey.live_version.document
    slot = document["steps"][0]["slots"]["body"]
    slot |= {"asset": asset.key, "version": 1, "digest": asset.live_version.digest}
    publish(journey, document)
    return told


@pytest.mark.parametrize(
    ("whom", "words"),
    [
        ("persona:Parents", "For parents."),
        ("segment:Gold customers", "For the best."),
        ("arm:B", "Another try."),
        ("arm:C", "For all."),
        ("nothing:B", "For all."),
        ("%00", "For all."),
        ("-", "For all."),
        ("", "For all."),
    ],
)
def test_it_is_told_for_whom_the_address_says(varied, whom, words):
    assert words in text_of(varied.get(f"{STORY}&whom={whom}"))


def test_all_that_content_has_variants_for_is_offered(varied):
    page = varied.get(f"{STORY}&whom=arm:B").content.decode()
    assert '<option value="persona:Parents">Parents</option>' in page
    assert '<option value="segment:Gold customers">Gold customers</option>' in page
    assert '<option value="arm:B" selected>B</option>' in page
    assert '<optgroup label="Arms of a test">' in page


def test_a_sample_customer_brings_their_persona(varied):
    SampleProfile.objects.filter(key="jonas").update(persona="Parents")
    assert "For all." in text_of(varied.get(STORY))
    page = text_of(varied.get(f"{STORY}&customer=jonas"))
    assert "For parents." in page
    assert "As the customer: Parents" in page


@pytest.mark.parametrize(("whom", "words"), [("segment:Gold customers", "best"), ("-", "For all")])
def test_who_is_chosen_stands_before_the_persona_of_the_customer(varied, whom, words):
    SampleProfile.objects.filter(key="jonas").update(persona="Parents")
    assert words in text_of(varied.get(f"{STORY}&customer=jonas&whom={whom}"))
