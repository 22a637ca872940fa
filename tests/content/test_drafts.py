"""What is typed is kept: for its writer alone, within bounds, and never in the place of a save."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

import content.services
from cjops.core.errors import Conflict, Invalid, TooLarge
from content import drafts, writing
from content.media.drawing import Busy
from content.models import Draft
from governance.services import retaining
from tests.cast import email_document
from tests.content.test_views import CREATE, DETAIL, WRITE, first, typed
from tests.pages import text_of

KEEP = reverse("draft", args=["onboarding-welcome"])
PREVIEW = reverse("draft-preview", args=["onboarding-welcome"])
NEW = reverse("draft-new", args=["0123456789abcdef"])


def kept(client, **fields):
    return client.post(KEEP, typed(**{"en.subject": "Half a sent", "do": "draft"}) | fields)


def keep(person, asset, **fields):
    values = {"spot": "", "kind": "email", "form": [("a", "b")], "document": None} | fields
    return drafts.keep_draft(person=person, asset=asset, **values)


def test_it_is_kept_and_shown_again(signed_in, cast):
    client = signed_in("mei")
    assert "Saved" in text_of(kept(client))
    page = client.get(WRITE)
    assert 'value="Half a sent"' in page.content.decode()
    assert "You have unsaved work from" in text_of(page)
    assert cast.asset.versions.count() == 1


def test_it_is_its_writers_alone(signed_in):
    kept(signed_in("mei"))
    page = signed_in("tom").get(WRITE)
    assert "Half a sent" not in page.content.decode()
    assert "unsaved work" not in text_of(page)


def test_saving_takes_it_away(signed_in):
    client = signed_in("mei")
    kept(client)
    assert client.post(WRITE, typed(draft_count="1")).status_code == 302
    assert not Draft.objects.exists()


def test_it_can_be_discarded(signed_in):
    client = signed_in("mei")
    kept(client)
    answer = client.post(KEEP, {"do": "discard"}, follow=True)
    assert "discarded" in text_of(answer)
    assert not Draft.objects.exists()


def test_without_script_the_button_keeps_it(signed_in, cast):
    answer = signed_in("mei").post(WRITE, typed(do="draft", **{"en.subject": "Half a sent"}))
    assert answer.status_code == 200
    assert 'value="Half a sent"' in answer.content.decode()
    assert Draft.objects.get().document["renditions"][0]["subject"] == "Half a sent"
    assert cast.asset.versions.count() == 1


def test_what_does_not_hold_is_kept_and_the_rest_is_shown(signed_in):
    client = signed_in("mei")
    answer = kept(client, **{"en.subject": "x" * 500, "en.body": "<p>Shown</p>"})
    assert "at most 200" in text_of(answer)
    assert 'href="#id_en.subject"' in answer.content.decode()
    assert "Shown" in client.get(PREVIEW).content.decode()
    assert "x" * 500 in client.get(WRITE).content.decode()


def test_findings_lead_to_their_fields(signed_in):
    answer = kept(signed_in("mei"), **{"en.body": "<mjml><mj-body><mj-nope/></mj-body></mjml>"})
    page = answer.content.decode()
    assert 'data-errors="1"' in page
    assert 'href="#id_en.body"' in page
    assert 'href="#id_en.preheader"' in page


def test_saving_with_errors_stops_first_and_then_can_be_wanted(signed_in, cast):
    client = signed_in("mei")
    answer = client.post(WRITE, typed(**{"en.subject": "", "en.body": ""}))
    assert answer.status_code == 422
    assert "cannot be sent to customers yet" in text_of(answer)
    assert 'href="#id_en.subject"' in answer.content.decode()
    assert cast.asset.versions.count() == 1
    answer = client.post(WRITE, typed(do="anyway", **{"en.subject": "", "en.body": ""}))
    assert answer.status_code == 302
    assert cast.asset.versions.count() == 2


def test_a_newer_version_is_told_with_what_is_restored(signed_in, cast):
    kept(signed_in("mei"))
    content.services.add_version(
        asset=cast.asset, document=email_document("By Tom"), actor=cast.tom
    )
    page = signed_in("mei").get(WRITE)
    assert "Since then Tom saved version 2" in text_of(page)
    assert 'name="base" value="1"' in page.content.decode()


def test_two_windows_notice_each_other(signed_in):
    client = signed_in("mei")
    kept(client)
    other = kept(client, **{"en.subject": "From the other window"})
    assert "Another window" in text_of(other)
    assert 'data-refused="other_window"' in other.content.decode()
    assert Draft.objects.get().document["renditions"][0]["subject"] == "Half a sent"
    kept(client, draft_force="1", **{"en.subject": "Mine"})
    assert Draft.objects.get().document["renditions"][0]["subject"] == "Mine"


def test_whoever_loses_sight_of_the_asset_loses_the_page(signed_in, cast):
    keep(cast.zoe, cast.asset, spot="change:1")
    cast.asset.is_restricted = True
    cast.asset.save()
    client = signed_in("zoe")
    assert client.get(f"{PREVIEW}?spot=change:1").status_code == 404
    assert client.post(f"{KEEP}?spot=change:1", typed()).status_code == 404
    assert "Onboarding" not in text_of(client.get(reverse("draft-list")))


@pytest.mark.parametrize(
    "spot", ["x", "change:0", "change:1/..", "new:0123456789", "step:a/b", "\x00"]
)
def test_places_that_no_form_of_ours_makes(signed_in, spot):
    assert signed_in("mei").post(f"{KEEP}?spot={spot}", typed()).status_code in (400, 404)
    assert not Draft.objects.exists()


def test_nul_and_lone_surrogates_are_kept_as_a_mark(cast):
    draft = keep(cast.mei, cast.asset, form=[("en.text", "a\x00b\ud800c")])
    draft.refresh_from_db()
    assert draft.form == [["en.text", "a\ufffdb\ufffdc"]]


def test_nul_by_form_is_no_failure(signed_in):
    answer = kept(signed_in("mei"), **{"en.text": "a\x00b"})
    assert answer.status_code == 200


def test_more_than_anybody_types_is_refused(cast):
    with pytest.raises(TooLarge):
        keep(cast.mei, cast.asset, form=[("en.body", "x" * 5_000_001)])


def test_there_are_only_so_many(cast):
    now = timezone.now()
    Draft.objects.bulk_create(
        Draft(person=cast.mei, kind="sms", spot=f"new:{n:08d}", created_at=now, saved_at=now)
        for n in range(drafts.MOST_DRAFTS)
    )
    with pytest.raises(Conflict):
        keep(cast.mei, cast.asset)
    assert keep(cast.tom, cast.asset).count == 1


def test_a_new_asset_is_kept_before_it_exists(signed_in):
    client = signed_in("mei")
    assert client.post(NEW, first(do="draft", **{"en.subject": "Rates"})).status_code == 200
    page = client.get(CREATE, {"draft": "0123456789abcdef"})
    assert 'value="Rates"' in page.content.decode()
    assert 'value="Rate letter"' in page.content.decode()
    shown = client.get(reverse("draft-preview-new", args=["0123456789abcdef"]))
    assert "Hello" in shown.content.decode()
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    assert "E-mail" in text_of(client.get(reverse("draft-list")))


@pytest.mark.parametrize("token", ["x", "UPPERCASE0", "a" * 60])
def test_a_new_asset_has_a_name_of_ours(signed_in, token):
    answer = signed_in("mei").post(reverse("draft-new", args=[token]), first())
    assert answer.status_code == 400


def test_a_new_asset_needs_its_kind(signed_in):
    assert signed_in("mei").post(NEW, first() | {"kind": "fax"}).status_code == 400


def test_after_thirty_days_it_goes(cast, settings):
    old, fresh = keep(cast.mei, cast.asset), keep(cast.tom, cast.asset)
    Draft.objects.filter(pk=old.pk).update(saved_at=timezone.now() - timedelta(days=31))
    retaining.forget()
    assert list(Draft.objects.all()) == [fresh]


def test_a_bad_place_is_refused_by_the_service(cast):
    with pytest.raises(Invalid):
        keep(cast.mei, None, spot="change:1")
    with pytest.raises(Invalid):
        keep(cast.mei, cast.asset, spot="new:0123456789")


def test_the_preview_shows_what_is_there_before_anything_is_kept(signed_in):
    answer = signed_in("mei").get(PREVIEW)
    assert answer.status_code == 200
    assert re.search("Welcome|Hello", answer.content.decode())


def test_only_those_who_write_keep_something(signed_in):
    assert signed_in("ana").post(KEEP, typed()).status_code == 403
    assert DETAIL


def test_what_was_discarded_does_not_come_back_by_a_late_save(cast):
    draft = keep(cast.mei, cast.asset)
    drafts.discard_draft(person=cast.mei, asset=cast.asset)
    with pytest.raises(Conflict) as refusal:
        keep(cast.mei, cast.asset, count=draft.count)
    assert refusal.value.code == "other_window"
    assert not Draft.objects.exists()
    assert keep(cast.mei, cast.asset, count=draft.count, is_forced=True).count == 1


def test_a_file_that_comes_at_a_busy_time_loses_nothing_that_was_typed(
    signed_in, monkeypatch, media_root
):
    def busy(*_args, **_more):
        raise Busy("Too many pictures at once. Try again.")

    monkeypatch.setattr(writing, "upload_picture", busy)
    sent = typed(**{"en.subject": "Half a sent", "do": "look"})
    picture = SimpleUploadedFile("a.png", b"x", "image/png")
    page = signed_in("mei").post(WRITE, sent | {"en.upload.x": picture})
    assert page.status_code in (200, 422)
    assert "Half a sent" in page.content.decode()
    assert "Too many pictures at once." in text_of(page)
