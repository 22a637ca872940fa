"""The live preview is looked at as a customer, in the dark, on a phone; and in inboxes."""

import pytest

from content.models import SampleProfile
from tests.content.test_drafts import KEEP, PREVIEW
from tests.content.test_views import WRITE, typed


@pytest.fixture
def customers(db):
    SampleProfile.objects.all().delete()
    for place, name in enumerate(("Maya", "Jonas")):
        SampleProfile.objects.create(
            key=name.lower(), name=name, values={"en": {"first_name": name}}, position=place
        )


def kept(client, **fields):
    said = {f"en.{name}": value for name, value in fields.items()}
    return client.post(KEEP, typed(**said, do="draft")).content.decode()


def test_an_email_is_looked_at_in_every_way(signed_in, cast, customers):
    page = signed_in("mei").get(WRITE).content.decode()
    for name in ("profile", "width", "dark", "part"):
        assert f'data-look="{name}"' in page
    assert '<option value="jonas">Jonas</option>' in page


def test_a_text_message_has_no_width_and_no_text_part(signed_in, cast, customers):
    page = signed_in("mei").get("/content/+new/?kind=sms").content.decode()
    assert 'data-look="profile"' in page
    assert 'data-look="dark"' in page
    assert 'data-look="width"' not in page
    assert 'data-look="part"' not in page


def test_without_sample_customers_none_is_offered(signed_in, cast):
    SampleProfile.objects.all().delete()
    page = signed_in("mei").get(WRITE).content.decode()
    assert 'data-look="profile"' not in page
    assert 'data-look="dark"' in page


def test_the_preview_follows_what_is_chosen(signed_in, cast, customers):
    client = signed_in("mei")
    kept(client, body="<p>Dear {{ first_name }}</p>", text="Hello {{ first_name }}")
    assert "Dear Maya" in client.get(PREVIEW, {"rendition": "en"}).content.decode()
    look = {"rendition": "en", "profile": "jonas", "part": "text", "dark": "1"}
    page = client.get(PREVIEW, look).content.decode()
    assert "Hello Jonas" in page
    assert "color-scheme:dark" in page


def test_inboxes_show_what_is_being_written(signed_in, cast, customers):
    page = kept(signed_in("mei"), subject="Your card", preheader="Open it", sender="Bank")
    assert '<div class="inbox-lines" data-inbox="en" data-customer="">' in page
    assert '<span class="subject">Your card</span>' in page
    assert '<span class="preheader">Open it</span>' in page


def test_inboxes_greet_each_customer_and_show_the_first(signed_in, cast, customers):
    page = kept(signed_in("mei"), subject="Hello {{ first_name }}")
    assert 'data-inbox="en" data-customer="maya">' in page
    assert 'data-inbox="en" data-customer="jonas" hidden>' in page
    assert 'data-inbox="en" data-customer="-" hidden>' in page
    assert "Hello Maya" in page
    assert "Hello Jonas" in page


def test_a_subject_at_fault_is_a_finding_and_in_no_inbox(signed_in, cast, customers):
    page = kept(signed_in("mei"), subject="Hello {{ first_name")
    assert "data-inbox" not in page
    assert "to fix" in page


def test_what_is_no_email_is_in_no_inbox(signed_in, cast, customers):
    page = signed_in("mei").get("/content/+new/?kind=sms").content.decode()
    assert "data-inbox" not in page
