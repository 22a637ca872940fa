"""Content of every kind under review: in its frame, as a customer, and spoken about."""

import re

import pytest

import content.services
from content.definition import complete
from content.models import SampleProfile
from governance import services
from governance.models import Remark
from governance.proposals import proposal_of
from governance.reviewed import reviewed
from people.models import Team
from tests.pages import text_of

PLACE = "renditions/en"
SMS = {"text": "Dear {{ first_name }}, your card is here."}
PROSE = {"title": "Your card", "body": "Dear **{{ first_name }}**. Use it *today*."}


def proposed(cast, kind, before, after):
    """A change of content of that kind, which is live and says something else."""
    first = {"key": "en", **before}
    document = complete({"name": "Card", "kind": kind, "renditions": [first]})
    made = content.services.create_asset(
        key=f"card-{kind}",
        name="Card",
        kind=kind,
        team=Team.objects.get(key="email"),
        document=document,
        actor=cast.mei,
    )
    content.services.make_live(bound={(made.subject.key, 1)})
    change = services.open_change(kind="asset", key=made.subject.key, title="Words", actor=cast.mei)
    edits = [{"op": "update", "element": "renditions", "key": "en", "fields": after}]
    services.edit_change(number=change.number, actor=cast.mei, edits=edits)
    change.refresh_from_db()
    return change


@pytest.fixture
def maya(db):
    SampleProfile.objects.all().delete()
    values = {"en": {"first_name": "Maya"}}
    return SampleProfile.objects.create(key="maya", name="Maya", values=values, position=0)


@pytest.fixture
def sms(cast):
    return proposed(cast, "sms", SMS, {"text": "Hello {{ first_name }}, your card is here."})


@pytest.fixture
def block(cast):
    body = "Dear **{{ first_name }}**. Use it *soon*."
    return proposed(cast, "web-block", PROSE, {"body": body})


def url(change, look=""):
    return f"/changes/{change.number}/content/{PLACE}/{look}"


def framed(client, change, side="after", look=""):
    answer = client.get(f"/changes/{change.number}/content-frame/{side}/{PLACE}/{look}")
    return answer.content.decode()


def names(page):
    return re.findall(r'id="passage-([0-9a-f]{12})"', page)


def test_a_text_message_is_shown_on_its_phone_on_both_sides(signed_in, sms):
    client = signed_in("mei")
    assert '<div class="bubble">Dear' in framed(client, sms, "before")
    assert '<div class="bubble">Hello' in framed(client, sms)


def test_a_text_message_is_spoken_about_by_its_field(signed_in, cast, sms):
    client = signed_in("mei")
    page = client.get(url(sms)).content.decode()
    assert "Click a sentence" not in page
    assert "at=field%3Atext#say" in page
    client.post(url(sms), {"passage": "field:text", "text": "Why?", "do": "send"})
    assert Remark.objects.get().quote == "Hello {{ first_name }}, your card is here."


@pytest.mark.parametrize(
    ("kind", "before", "after", "shown"),
    [
        ("push", {"title": "Card", "text": "Here"}, {"text": "It is here"}, "note-card"),
        ("banner", {"title": "Card"}, {"title": "Your card"}, "stage sizes"),
        ("poster", {"title": "Card"}, {"title": "Your card"}, "wall"),
        ("in-app", {"title": "Card", "body": "Here"}, {"body": "It is here"}, "app-screen"),
        ("event", {"title": "Card", "body": "Here"}, {"body": "It is here"}, "event-card"),
        ("call-script", {"title": "Card", "body": "Here"}, {"body": "Is here"}, "script"),
    ],
)
def test_every_kind_is_shown_in_its_frame(signed_in, cast, kind, before, after, shown):
    change = proposed(cast, kind, before, after)
    for side in ("before", "after"):
        page = framed(signed_in("mei"), change, side)
        assert f'<body class="{kind}' in page
        assert shown in page


def test_prose_is_marked_within_its_frame(signed_in, block):
    client = signed_in("mei")
    after, before = framed(client, block), framed(client, block, "before")
    assert '<section class="block"' in after
    assert '<em><ins class="mark"><a class="passage"' in after
    assert ">soon</a></ins>" in after
    assert '<del class="mark">today</del>' in before


def test_prose_stands_beside_its_frame_no_more(signed_in, block):
    page = signed_in("mei").get(url(block)).content.decode()
    assert "field%3Atitle" in page
    assert "field%3Abody" not in page


def test_prose_that_cannot_be_drawn_is_compared_as_it_is_written(signed_in, cast):
    change = proposed(cast, "web-block", PROSE, {"body": "Dear {% nothing %}."})
    client = signed_in("mei")
    assert "field%3Abody" in client.get(url(change)).content.decode()
    assert "The values cannot be filled in" in framed(client, change)


def test_an_earlier_comment_on_all_of_the_prose_still_holds(signed_in, cast, block):
    services.say_about(
        number=block.number, actor=cast.tom, place=PLACE, passage="field:body", text="Nice"
    )
    page = text_of(signed_in("mei").get(url(block)))
    assert "Nice" in page
    assert "The passage reads differently now" not in page


def test_who_asks_for_nobody_reads_a_message_with_the_names_of_variables(signed_in, maya, block):
    assert '<mark class="unknown">' in framed(signed_in("mei"), block)


def test_a_text_message_is_as_long_as_for_a_customer(signed_in, maya, sms):
    client = signed_in("mei")
    assert "30 of 160" in framed(client, sms)
    assert "first_name" in framed(client, sms, look="?profile=-")
    page = client.get(url(sms, "?profile=-")).content.decode()
    assert f"after/{PLACE}/?profile=-" in page


def test_a_sample_customer_can_be_chosen(signed_in, maya, block, sms):
    client = signed_in("mei")
    assert "Hello Maya" in framed(client, sms, look="?profile=maya")
    assert "Maya" in framed(client, block, look="?profile=maya")
    page = client.get(url(block, "?profile=maya&dark=1&width=mobile")).content.decode()
    assert f"after/{PLACE}/?profile=maya&amp;dark=1&amp;width=mobile" in page


def test_the_dark_can_be_chosen(signed_in, block, sms):
    client = signed_in("mei")
    for change in (block, sms):
        assert re.search(
            r'<body class="[\w-]+ desktop dark"', framed(client, change, look="?dark=1")
        )
        assert re.search(r'<body class="[\w-]+ desktop light"', framed(client, change))


def test_comments_are_anchored_alike_for_every_customer(signed_in, cast, maya, block):
    client = signed_in("mei")
    as_written = names(framed(client, block))
    assert len(as_written) == 2
    assert names(framed(client, block, look="?profile=maya")) == as_written
    found = reviewed(change=block, proposal=proposal_of(block), reader=cast.mei, place=PLACE)
    assert {one.name for one in found.passages()} == set(as_written)


def test_a_sentence_leads_to_a_comment_that_keeps_the_look(signed_in, maya, block):
    client = signed_in("mei")
    page = framed(client, block, look="?profile=maya&dark=1")
    (name, *_rest) = names(page)
    assert f"{url(block)}?profile=maya&amp;dark=1&amp;at={name}#say" in page
    form = client.get(url(block, f"?profile=maya&dark=1&at={name}")).content.decode()
    assert f'action="{url(block)}?profile=maya&amp;dark=1&amp;at={name}#say"' in form
    answer = client.post(
        url(block, f"?profile=maya&dark=1&at={name}"),
        {"passage": name, "text": "Why?", "do": "send"},
    )
    assert answer["Location"] == url(block, "?profile=maya&dark=1")


def test_what_the_address_misspells_is_the_usual(signed_in, maya, block):
    page = framed(signed_in("mei"), block, look="?profile=%00&dark=x&width=y&part=text")
    assert 'class="web-block desktop light"' in page
