"""Comments on passages of content: who sees them, what becomes of them in a new revision."""

import pytest

import content.services
from cjops.core.errors import Conflict, Invalid, NotFound
from content.models import Asset
from governance import queries, services
from governance.models import Notification, Remark
from governance.proposals import proposal_of
from governance.reviewed import reviewed
from governance.services import Repeat
from governance.transitions import Action
from tests.cast import reword, take

PLACE = "steps/welcome-email/body/en"


@pytest.fixture
def change(cast):
    """New words for the welcome e-mail, under review."""
    return reword(cast, subject="Welcome, all", body="<p>Your account is open. Use it today.</p>")


def passage(change, person, words):
    change.refresh_from_db()
    found = reviewed(change=change, proposal=proposal_of(change), reader=person, place=PLACE)
    return next(one.name for one in found.passages() if one.words == words)


def say(change, person, words="Use it today.", text="Why today?", **more):
    return services.say_about(
        number=change.number,
        actor=person,
        place=PLACE,
        passage=passage(change, person, words),
        text=text,
        **more,
    )


def told(person):
    return Notification.objects.filter(user=person, entry__action=Action.COMMENT).count()


def test_a_sentence_is_spoken_about(cast, change):
    remark = say(change, cast.tom)
    assert (remark.quote, remark.revision) == ("Use it today.", change.revision)
    assert queries.remarks_on(change, cast.mei, PLACE) == [remark]
    assert told(cast.mei) == 1
    assert told(cast.tom) == 0


def test_the_ledger_proves_it_without_its_words(cast, change):
    remark = say(change, cast.tom)
    entry = change.ledger.filter(action=Action.COMMENT).get()
    assert entry.data["remark"] == remark.pk
    assert len(entry.data["words"]) == 64
    assert "today" not in str(entry.data) + entry.reason


def test_a_field_is_spoken_about(cast, change):
    remark = services.say_about(
        number=change.number, actor=cast.tom, place=PLACE, passage="field:subject", text="All?"
    )
    assert remark.quote == "Welcome, all"


def test_a_passage_that_is_not_there_is_refused(cast, change):
    with pytest.raises(Invalid) as refused:
        services.say_about(
            number=change.number, actor=cast.tom, place=PLACE, passage="feedfeedfeed", text="?"
        )
    assert refused.value.code == "passage_gone"


def test_no_words_are_refused(cast, change):
    with pytest.raises(Invalid):
        say(change, cast.tom, text=" \n ")


@pytest.mark.parametrize(
    "place", ["", "steps/welcome-email/body/fr", "steps/x/body/en", "renditions/en", "a/b/c/d/e"]
)
def test_a_place_that_is_not_there_is_not_found(cast, change, place):
    with pytest.raises(NotFound):
        services.say_about(
            number=change.number, actor=cast.tom, place=place, passage="field:subject", text="?"
        )


def test_who_sees_the_content_no_more_sees_no_comment(cast, change):
    remark = say(change, cast.tom)
    Asset.objects.filter(pk=cast.asset.pk).update(is_restricted=True, readers=[])
    assert queries.remarks_on(change, cast.ana) == []
    with pytest.raises(NotFound):
        queries.remark_of(change, cast.ana, remark.pk)
    with pytest.raises(NotFound):
        services.answer(number=change.number, actor=cast.ana, remark=remark.pk, text="Hm")


def test_a_draft_is_its_authors_alone(cast, change):
    remark = say(change, cast.tom, as_draft=True)
    assert queries.remarks_on(change, cast.tom) == [remark]
    assert queries.remarks_on(change, cast.mei) == []
    assert told(cast.mei) == 0
    with pytest.raises(NotFound):
        services.discard(number=change.number, actor=cast.mei, remark=remark.pk)


@pytest.mark.parametrize("action", [Action.REQUEST_CHANGES, Action.COMMENT, Action.APPROVE])
def test_drafts_go_out_with_the_review(cast, change, action):
    remark = say(change, cast.tom, as_draft=True)
    services.take(number=change.number, action=action, actor=cast.tom)
    assert queries.remarks_on(change, cast.mei) == [remark]
    assert change.ledger.filter(data__remark=remark.pk).exists()


def test_a_review_without_words_needs_a_comment_on_a_passage(cast, change):
    with pytest.raises(Invalid):
        services.take(number=change.number, action=Action.REQUEST_CHANGES, actor=cast.tom)


def test_rejecting_needs_words_of_its_own(cast, change):
    say(change, cast.ana, as_draft=True)
    with pytest.raises(Invalid):
        services.take(number=change.number, action=Action.REJECT, actor=cast.ana)


def test_an_answer_tells_those_in_the_thread(cast, change):
    remark = say(change, cast.tom)
    services.answer(number=change.number, actor=cast.mei, remark=remark.pk, text="It ends")
    assert told(cast.tom) == 1
    services.answer(number=change.number, actor=cast.ana, remark=remark.pk, text="Does it?")
    assert (told(cast.tom), told(cast.mei)) == (2, 2)


def test_an_answer_to_an_answer_stays_in_the_thread(cast, change):
    remark = say(change, cast.tom)
    first = services.answer(number=change.number, actor=cast.mei, remark=remark.pk, text="It ends")
    second = services.answer(number=change.number, actor=cast.tom, remark=first.pk, text="Oh")
    assert second.thread == remark


def test_a_thread_is_settled_and_opened_again(cast, change):
    remark = say(change, cast.tom)
    for is_open in (False, False, True):
        services.resolve_thread(
            number=change.number, actor=cast.mei, remark=remark.pk, is_open=is_open
        )
    remark.refresh_from_db()
    assert remark.resolved_at is None
    # Settled once, opened once: what is so already leaves no trace.
    assert change.ledger.filter(data__has_key="resolved").count() == 2


def test_what_others_have_seen_is_not_discarded(cast, change):
    remark = say(change, cast.tom)
    with pytest.raises(Conflict):
        services.discard(number=change.number, actor=cast.tom, remark=remark.pk)


def test_a_draft_is_discarded(cast, change):
    remark = say(change, cast.tom, as_draft=True)
    services.discard(number=change.number, actor=cast.tom, remark=remark.pk)
    assert not Remark.objects.exists()


def test_the_same_form_twice_says_it_once(cast, change):
    first = say(change, cast.tom, repeat=Repeat("form:one", "same"))
    assert say(change, cast.tom, repeat=Repeat("form:one", "same")) == first
    assert Remark.objects.count() == 1


def test_nor_is_what_is_kept_back_kept_twice(cast, change):
    again = {"as_draft": True, "repeat": Repeat("form:one", "same")}
    first = say(change, cast.tom, **again)
    assert say(change, cast.tom, **again) == first
    assert say(change, cast.tom, as_draft=True, repeat=Repeat("form:two", "other")) != first
    services.discard(number=change.number, actor=cast.tom, remark=first.pk)
    assert Remark.objects.count() == 1


def test_an_answer_that_is_kept_back_is_kept_once(cast, change):
    remark = say(change, cast.tom)
    said = {"number": change.number, "actor": cast.mei, "remark": remark.pk, "text": "Because"}
    kept = [
        services.answer(**said, as_draft=True, repeat=Repeat("form:one", "same"))
        for _again in range(2)
    ]
    assert kept[0] == kept[1]


def test_a_closed_change_is_not_spoken_about(cast, change):
    name = passage(change, cast.tom, "Use it today.")
    take(change, Action.WITHDRAW, cast.mei)
    with pytest.raises(Conflict):
        services.say_about(
            number=change.number, actor=cast.tom, place=PLACE, passage=name, text="Too late"
        )


# --- the screens ----------------------------------------------------------------------------------


def url(change, place=PLACE):
    return f"/changes/{change.number}/content/{place}/"


def test_the_page_shows_both_sides_and_what_is_said(signed_in, cast, change):
    say(change, cast.tom)
    text = signed_in("mei").get(url(change)).content.decode()
    assert "Why today?" in text
    assert "Use it today." in text
    assert text.count("<iframe") == 2


def test_the_frame_marks_what_is_new_and_links_its_sentences(signed_in, cast, change):
    address = f"/changes/{change.number}/content-frame/after/{PLACE}/"
    answer = signed_in("mei").get(address)
    text = answer.content.decode()
    assert '<ins class="mark">' in text
    assert 'target="_top"' in text
    assert "allow-top-navigation-by-user-activation" in answer["Content-Security-Policy"]
    assert "allow-scripts" not in answer["Content-Security-Policy"]
    before = signed_in("mei").get(address.replace("/after/", "/before/")).content.decode()
    assert '<del class="mark">' in before
    assert "target=" not in before


def test_a_comment_is_said_on_the_page(signed_in, cast, change):
    name = passage(change, cast.tom, "Use it today.")
    data = {"passage": name, "text": "Why today?", "do": "send"}
    answer = signed_in("tom").post(f"{url(change)}?at={name}", data)
    assert answer.status_code == 302
    assert Remark.objects.get().text == "Why today?"


def test_an_empty_comment_keeps_the_form(signed_in, cast, change):
    name = passage(change, cast.tom, "Use it today.")
    answer = signed_in("tom").post(f"{url(change)}?at={name}", {"passage": name, "text": ""})
    assert answer.status_code == 422
    assert "Use it today." in answer.content.decode()


def test_a_new_revision_tells_which_passages_changed(signed_in, cast, change):
    say(change, cast.tom)
    say(change, cast.tom, words="Your account is open.", text="Nice")
    take(change, Action.REQUEST_CHANGES, cast.tom, comment="See above")
    version = services_next(cast, change, "<p>Your account is open. Use it soon.</p>")
    assert version
    text = signed_in("tom").get(url(change)).content.decode()
    assert text.count("The passage reads differently now") == 1


def services_next(cast, change, body):
    """Another version of the asset, in the slot of the change."""
    document = cast.asset.versions.first().get_document()
    version = content.services.add_version(
        asset=cast.asset,
        document={**document, "renditions": [{**document["renditions"][0], "body": body}]},
        actor=cast.mei,
    )
    fields = {"slots/body/version": version.number, "slots/body/digest": version.digest}
    services.edit_change(
        number=change.number,
        actor=cast.mei,
        edits=[{"op": "update", "element": "steps", "key": "welcome-email", "fields": fields}],
    )
    return version


def test_who_does_not_see_the_change_gets_404(signed_in, cast, change):
    cast.journey.is_restricted = True
    cast.journey.save()
    for address in (url(change), f"/changes/{change.number}/content-frame/after/{PLACE}/"):
        assert signed_in("zoe").get(address).status_code == 404
