"""Pausing and stopping what is live: at once, by those who may, and told to those who answer."""

import threading

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.urls import reverse

from cjops.core.errors import Conflict, Forbidden, Invalid, NotFound
from governance import queries, services, tasks
from governance.models import FreezeWindow, Halt, LedgerEntry, Notification, NotificationKind
from governance.transitions import Action
from people.models import User
from tests.cast import propose
from tests.factories import JourneyFactory
from tests.governance.test_freezes import freeze
from tests.governance.test_mail import postbox, waiting  # noqa: F401  (a fixture)

KEY = "account-opening"


def halt(actor, step="", kind="pause", **said):
    return services.halt(journey_key=KEY, kind=kind, step=step, actor=actor, **said)


def resume(actor, step="", **said):
    return services.resume(journey_key=KEY, step=step, actor=actor, **said)


# --- who may ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("person", "whole", "step"),
    [
        ("ana", True, True),  # manages the journey
        ("omar", True, True),  # leads journey operations
        ("tom", False, True),  # leads the team that owns the step
        ("jun", False, False),  # leads another one
        ("mei", False, False),
        ("ida", False, False),
    ],
)
def test_who_may_halt(cast, person, whole, step):
    actor = cast.named(person)
    for key, allowed in (("", whole), ("welcome-email", step)):
        if allowed:
            halt(actor, key)
            assert Halt.objects.filter(step=key, ended_at=None).exists()
        else:
            with pytest.raises(Forbidden):
                halt(actor, key)
            assert not Halt.objects.filter(step=key).exists()
    assert LedgerEntry.objects.filter(action=Action.PAUSE).count() == whole + step


def test_who_may_break_glass_may_halt(cast):
    cast.mei.user_permissions.add(Permission.objects.get(codename="break_glass"))

    halt(User.objects.get(pk=cast.mei.pk))

    assert Halt.objects.filter(ended_at=None).exists()


def test_stewards_of_the_channel_halt_a_step_that_no_team_owns(cast):
    step = cast.journey.steps.get(key="welcome-email")
    step.team = None
    step.save()

    halt(cast.tom, "welcome-email")
    with pytest.raises(Forbidden):
        halt(cast.jun, "welcome-email")


def test_neither_a_freeze_nor_an_approval_stands_in_the_way(cast):
    freeze()
    propose(cast)

    halt(cast.ana, kind="stop")

    assert FreezeWindow.objects.exists()
    assert Halt.objects.get().kind == "stop"


# --- what is refused --------------------------------------------------------------------------


def test_outsiders_find_nothing(cast):
    with pytest.raises(NotFound):
        halt(cast.zoe)
    with pytest.raises(NotFound):
        resume(cast.zoe)


def test_what_is_halted_is_not_halted_again(cast):
    halt(cast.ana)
    with pytest.raises(Conflict):
        halt(cast.omar)
    # A step of it is another matter.
    halt(cast.tom, "welcome-email")

    assert LedgerEntry.objects.filter(action__in=[Action.PAUSE, Action.STOP]).count() == 2


def test_what_is_not_live_is_not_halted(cast):
    JourneyFactory(key="fresh", is_live=False)
    with pytest.raises(Conflict):
        services.halt(journey_key="fresh", kind="pause", actor=cast.omar)


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ({"step": "no-such-step"}, NotFound),
        ({"kind": "freeze"}, Invalid),
        ({"kind": ""}, Invalid),
        ({"reason": "x" * 10_001}, Invalid),
        ({"reason": "a\x00b"}, Invalid),
        ({"step": "\x00"}, NotFound),
    ],
)
def test_bad_input_is_refused(cast, said, refusal):
    with pytest.raises(refusal):
        services.halt(**{"journey_key": KEY, "kind": "pause", "actor": cast.ana} | said)
    assert not Halt.objects.exists()


# --- going on ---------------------------------------------------------------------------------


def test_it_goes_on_and_may_be_halted_again(cast):
    halt(cast.ana)
    entry = resume(cast.ana, reason="Fixed")

    assert (entry.action, entry.reason) == (Action.RESUME, "Fixed")
    ended = Halt.objects.get()
    assert (ended.ended_by, ended.ended_at is not None) == (cast.ana, True)
    with pytest.raises(Conflict):
        resume(cast.ana)
    halt(cast.ana)


def test_after_a_stop_only_publishers_let_it_go_on(cast):
    halt(cast.tom, "welcome-email", kind="stop")

    with pytest.raises(Forbidden):
        resume(cast.tom, "welcome-email")
    resume(cast.ana, "welcome-email")


def test_after_a_pause_whoever_may_halt_lets_it_go_on(cast):
    halt(cast.ana, "welcome-email")
    with pytest.raises(Forbidden):
        resume(cast.mei, "welcome-email")

    resume(cast.tom, "welcome-email")


# --- what is recorded and told ----------------------------------------------------------------


def test_the_ledger_names_the_live_version_and_the_step(cast):
    entry = halt(cast.ana, "welcome-email", reason="Wrong rate")

    live = cast.journey.live_version
    assert (entry.kind, entry.journey, entry.change) == ("journey", cast.journey, None)
    assert (entry.digest, entry.revision) == (live.digest, live.number)
    assert entry.data == {"step": "welcome-email", "step_name": "Welcome e-mail"}
    assert entry.reason == "Wrong rate"


def test_who_answers_and_who_owns_the_step_are_told(cast):
    Notification.objects.all().delete()
    halt(cast.omar, "welcome-email")

    told = Notification.objects.all()
    assert {one.user for one in told} == {cast.ana, cast.tom, cast.nora}
    assert {(one.kind, one.change) for one in told} == {(NotificationKind.HALTED, None)}


def test_news_and_mail_lead_to_the_step(cast, postbox, signed_in):  # noqa: F811
    Notification.objects.all().delete()
    halt(cast.omar, "welcome-email", kind="stop", reason="Wrong rate")

    tasks.deliver(notifications=waiting())

    (message,) = [one for one in postbox.received if one["To"] == cast.ana.email]
    text = message.get_payload()[0].get_payload(decode=True).decode()
    address = reverse("step-detail", args=[KEY, "welcome-email"])
    assert "Omar stopped the step “Welcome e-mail” of “Account opening”" in text
    assert "Wrong rate" in text
    assert address in text
    page = signed_in("ana").get(reverse("inbox")).content.decode()
    assert f'href="{address}"' in page


def test_news_of_what_one_no_longer_sees_is_gone(cast, postbox):  # noqa: F811
    halt(cast.omar, "welcome-email")
    assert queries.unread(cast.nora).filter(change=None).exists()
    cast.nora.memberships.all().delete()
    cast.nora.groups.clear()
    nora = User.objects.get(pk=cast.nora.pk)

    assert not queries.unread(nora).filter(change=None).exists()
    tasks.deliver(notifications=waiting())
    to_nora = [one["Subject"] for one in postbox.received if one["To"] == nora.email]
    assert not [subject for subject in to_nora if "Paused" in subject]


def test_the_same_request_halts_once(cast):
    repeat = services.Repeat("key", "print")
    first = halt(cast.ana, repeat=repeat)

    assert halt(cast.ana, repeat=repeat) == first
    assert Halt.objects.count() == 1


# --- screens ----------------------------------------------------------------------------------

HALT, RESUME = (reverse(name, args=[KEY]) for name in ("journey-halt", "journey-resume"))


def text(answer):
    return answer.content.decode()


def test_asking_changes_nothing_and_a_post_does(signed_in, cast):
    client = signed_in("ana")
    page = text(client.get(HALT))
    assert "the whole journey" in page
    assert not Halt.objects.exists()

    sent = {"step": "", "kind": "pause", "reason": "Wrong <b>rate</b>"}
    page = text(client.post(HALT, sent, follow=True))

    assert "paused this journey on" in page
    assert "Wrong &lt;b&gt;rate&lt;/b&gt;" in page
    assert RESUME in page
    assert text(client.get(RESUME)).count("<form") >= 1
    assert Halt.objects.filter(ended_at=None).exists()
    page = text(client.post(RESUME, {"step": ""}, follow=True))
    assert "paused this journey" not in page


def test_a_lead_chooses_only_among_steps_of_the_team(signed_in, cast):
    client = signed_in("tom")
    page = text(client.get(HALT))
    assert "the whole journey" not in page
    assert "Welcome e-mail" in page
    assert "Courtesy call" not in page

    assert client.post(HALT, {"step": "", "kind": "pause"}).status_code == 422
    assert client.post(HALT, {"step": "call", "kind": "pause"}).status_code == 422
    assert client.post(HALT, {"step": "welcome-email", "kind": "x"}).status_code == 422
    assert client.post(HALT, {"step": "welcome-email", "kind": "pause"}).status_code == 302


def test_a_second_halt_reads_well_on_the_page(signed_in, cast):
    halt(cast.omar)
    answer = signed_in("ana").post(HALT, {"step": "", "kind": "pause"})
    assert answer.status_code == 409
    assert "halted already" in text(answer)


def test_who_may_not_resume_reads_why_and_has_no_button(signed_in, cast):
    halt(cast.ana, "welcome-email", kind="stop")
    page = text(signed_in("tom").get(reverse("step-detail", args=[KEY, "welcome-email"])))
    assert "stopped the step “Welcome e-mail” on" in page
    assert "Only somebody who may publish" in page
    assert RESUME not in page


def test_list_and_map_mark_what_is_halted(signed_in, cast):
    halt(cast.ana, "welcome-email")
    client = signed_in("mei")
    assert "1 step paused" in text(client.get(reverse("journey-list")))
    assert "Paused" in text(client.get(reverse("journey-detail", args=[KEY])))
    halt(cast.ana, kind="stop")
    assert "Stopped" in text(client.get(reverse("journey-list")))


def test_the_button_is_for_those_who_may(signed_in, cast):
    page = reverse("journey-detail", args=[KEY])
    assert HALT in text(signed_in("ana").get(page))
    assert HALT in text(signed_in("tom").get(page))
    assert HALT not in text(signed_in("mei").get(page))


def test_admins_see_halts_and_their_ledger(signed_in, cast):
    halt(cast.ana, "welcome-email")
    client = signed_in("omar")
    for name in ("halt_changelist", "ledgerentry_changelist"):
        assert client.get(reverse(f"admin:governance_{name}")).status_code == 200
    entry = LedgerEntry.objects.latest("pk")
    address = reverse("admin:governance_ledgerentry_change", args=[entry.pk])
    assert client.get(address).status_code == 200


# --- two at once ------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_is_told_so(cast):
    barrier, outcomes = threading.Barrier(2), []

    def act(actor):
        barrier.wait()
        try:
            halt(actor)
            outcomes.append("done")
        except Conflict:
            outcomes.append("conflict")
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=[one]) for one in (cast.ana, cast.omar)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["conflict", "done"]
    assert LedgerEntry.objects.filter(action=Action.PAUSE).count() == 1
