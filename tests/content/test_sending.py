"""Tests of content: the real message, by a real mail server, to whoever asked for it alone."""

import io
import socket
from collections.abc import Iterator
from email.message import Message as Mail
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cjops.core.models import AuditEntry
from content import schedules, sending, tasks
from content.media.services import upload_picture
from content.models import Asset, SampleProfile, SentTest
from governance import services
from people.models import User
from tests.bad_input.pictures import saved
from tests.cast import Cast
from tests.factories import AssetFactory, UserFactory


class Postbox(Message):
    """A mail server that keeps what it is given, or says no."""

    def __init__(self) -> None:
        super().__init__()
        self.received: list[Mail] = []
        self.refusal = ""

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if self.refusal:
            return self.refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    def handle_message(self, message: Mail) -> None:
        self.received.append(message)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture
def postbox(settings: Any) -> Iterator[Postbox]:
    box = Postbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.DEFAULT_FROM_EMAIL = "CJOps <cjops@bank.example>"
    yield box
    controller.stop()


@pytest.fixture
def greeting(cast: Cast, media_root: Any) -> Asset:
    """An e-mail with a script, a stored picture and a variable."""
    SampleProfile.objects.create(key="maya", name="Maya", values={"en": {"first_name": "Maya"}})
    SampleProfile.objects.create(key="ruth", name="Ruth", values={"en": {"first_name": "Ruth"}})
    asset = AssetFactory(key="greeting", team=cast.asset.team)
    picture, _is_new = upload_picture(
        asset=asset, file=io.BytesIO(saved("PNG")), name="logo.png", actor=cast.mei
    )
    rendition = {
        "key": "en",
        "subject": "Hello {{ first_name }}",
        "preheader": "It is <ready>",
        "sender": "Larkfield Bank <somebody@else.example>",
        "body": "<html><body><h1>Hi {{ first_name }}</h1><a href='https://bank.example/x'>Go</a>"
        f"<img src='/content/greeting/pictures/{picture.file.sha256}/' alt='Logo'></body></html>",
        "text": "Hi {{ first_name }}",
    }
    document = {"name": "Greeting", "kind": "email", "renditions": [rendition]}
    return AssetFactory(key="greeting-2", team=cast.asset.team, document=document)


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def ask(user: User, asset: Asset, profile: str = "") -> SentTest:
    version = asset.live_version
    assert version is not None
    return sending.ask_for_test(
        asset=asset,
        number=version.number,
        document=version.get_document(),
        key="en",
        profile=profile,
        actor=user,
    )


def parts(mail: Mail) -> dict[str, Mail]:
    return {part.get_content_type(): part for part in mail.walk()}


def text_of(part: Mail) -> str:
    data = part.get_payload(decode=True)
    assert isinstance(data, bytes)
    return data.decode()


def test_the_message_itself_arrives_with_its_text_and_pictures(
    cast: Cast, greeting: Asset, postbox: Postbox
) -> None:
    test = ask(cast.mei, greeting, "ruth")
    tasks.send_test(test=test.pk)

    (mail,) = postbox.received
    found = parts(mail)
    html = text_of(found["text/html"])
    picture = found["image/png"]
    assert mail["Subject"] == "[Test] Hello Ruth"
    assert (mail["To"], mail["Cc"], mail["X-RcptTo"]) == (cast.mei.email, None, cast.mei.email)
    assert mail["From"] == "Larkfield Bank <cjops@bank.example>"
    assert text_of(found["text/plain"]) == "Hi Ruth"
    assert "<h1>Hi Ruth</h1><a href='https://bank.example/x'>" in html
    assert html.index("It is &lt;ready&gt;") < html.index("<h1>")
    assert f"cid:{picture['Content-ID'].strip('<>')}'" in html
    test.refresh_from_db()
    assert (test.state, test.message, test.attempts) == ("sent", None, 1)


def test_a_test_is_sent_once(cast: Cast, greeting: Asset, postbox: Postbox) -> None:
    test = ask(cast.mei, greeting)
    tasks.send_test(test=test.pk)
    tasks.send_test(test=test.pk)
    assert len(postbox.received) == 1


def test_the_log_says_who_asked_and_what_became_of_it(
    cast: Cast, greeting: Asset, postbox: Postbox
) -> None:
    tasks.send_test(test=ask(cast.mei, greeting).pk)
    asked, sent = AuditEntry.objects.filter(action__startswith="test.").order_by("pk")
    assert (asked.action, asked.actor_id) == ("test.asked", cast.mei.pk)
    assert asked.data == {
        "asset": greeting.pk,
        "version": 1,
        "rendition": "en",
        "channel": "email",
    }
    assert (sent.action, sent.actor_id, sent.data) == ("test.sent", None, {})


def test_a_server_that_is_away_is_tried_again_and_then_given_up(
    cast: Cast, greeting: Asset, postbox: Postbox, settings: Any, monkeypatch: Any
) -> None:
    settings.EMAIL_PORT = free_port()
    test = ask(cast.mei, greeting)
    assert not sending.send_test(pk=test.pk)
    test.refresh_from_db()
    assert (test.state, test.reason) == ("queued", "away")
    assert "tried again by itself" in sending.reason_words(test)

    monkeypatch.setattr(schedules, "PATIENCE", -schedules.PATIENCE)
    for _round in range(sending.MOST_ATTEMPTS):
        schedules.send_waiting()

    test.refresh_from_db()
    assert (test.state, test.attempts) == ("failed", sending.MOST_ATTEMPTS)
    assert "could not be reached" in sending.reason_words(test)
    assert postbox.received == []


def test_a_server_that_is_back_gets_what_waited(
    cast: Cast, greeting: Asset, postbox: Postbox, settings: Any, monkeypatch: Any
) -> None:
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, free_port()
    test = ask(cast.mei, greeting)
    sending.send_test(pk=test.pk)
    settings.EMAIL_PORT = port
    monkeypatch.setattr(schedules, "PATIENCE", -schedules.PATIENCE)
    schedules.send_waiting()
    test.refresh_from_db()
    assert test.state == "sent"


@pytest.mark.parametrize(
    ("refusal", "state", "reason"),
    [("550 no such box", "failed", "refused"), ("451 try later", "queued", "away")],
)
def test_a_refusal_for_good_is_not_tried_again(
    cast: Cast, greeting: Asset, postbox: Postbox, refusal: str, state: str, reason: str
) -> None:
    postbox.refusal = refusal
    test = ask(cast.mei, greeting)
    sending.send_test(pk=test.pk)
    test.refresh_from_db()
    assert (test.state, test.reason) == (state, reason)


def test_whoever_lost_sight_of_it_gets_nothing(
    cast: Cast, greeting: Asset, postbox: Postbox
) -> None:
    test = ask(cast.zoe, greeting)
    Asset.objects.filter(pk=greeting.pk).update(is_restricted=True, readers=[])
    tasks.send_test(test=test.pk)
    test.refresh_from_db()
    assert (test.state, test.reason, postbox.received) == ("failed", "unseen", [])


def test_a_message_that_cannot_be_written_says_so(cast: Cast, postbox: Postbox) -> None:
    rendition = {"key": "en", "subject": "S", "body": "<p>{% nonsense %}"}
    asset = AssetFactory(document={"name": "A", "kind": "email", "renditions": [rendition]})
    test = ask(cast.mei, asset)
    tasks.send_test(test=test.pk)
    test.refresh_from_db()
    assert (test.state, test.reason) == ("failed", "unwritable")


def test_a_line_break_in_a_subject_adds_no_header(cast: Cast, postbox: Postbox) -> None:
    SampleProfile.objects.create(
        key="evil", name="E", values={"en": {"x": "a\r\nBcc: eve@evil.example"}}
    )
    rendition = {"key": "en", "subject": "S {{ x }}", "sender": "A\tB", "body": "<p>x</p>"}
    asset = AssetFactory(document={"name": "A", "kind": "email", "renditions": [rendition]})
    tasks.send_test(test=ask(cast.mei, asset).pk)
    (mail,) = postbox.received
    assert mail["Bcc"] is None
    assert mail["Subject"] == "[Test] S a Bcc: eve@evil.example"


# --- the page ---------------------------------------------------------------------------------


def test_the_page_says_to_whom_and_sends_on_post_only(
    cast: Cast, greeting: Asset, postbox: Postbox
) -> None:
    client = browser(cast.mei)
    address = f"{reverse('asset-test', args=[greeting.key, 1])}?profile=ruth"
    page = client.get(address).content.decode()
    assert cast.mei.email in page
    assert "Hello Ruth" in page
    assert not SentTest.objects.exists()

    answer = client.post(address)
    assert answer["Location"] == f"{address}#tests"
    page = client.get(address).content.decode()
    assert "On its way" in page
    assert 'hx-trigger="every 2s"' in page

    tasks.send_test(test=SentTest.objects.get().pk)
    page = client.get(address).content.decode()
    assert "Sent" in page
    assert 'hx-trigger="every 2s"' not in page


def test_nobody_reads_the_tests_of_others(cast: Cast, greeting: Asset, postbox: Postbox) -> None:
    ask(cast.mei, greeting)
    page = browser(cast.tom).get(reverse("asset-test", args=[greeting.key, 1])).content.decode()
    assert "No test yet" in page


def test_only_so_many_within_an_hour(
    cast: Cast, greeting: Asset, postbox: Postbox, settings: Any
) -> None:
    settings.CJOPS = settings.CJOPS | {"TESTS_PER_HOUR": 2}
    client, address = browser(cast.mei), reverse("asset-test", args=[greeting.key, 1])
    assert [client.post(address).status_code for _try in range(3)] == [302, 302, 429]
    assert "You have sent 2 tests within an hour" in client.post(address).content.decode()
    assert SentTest.objects.count() == 2
    assert browser(cast.tom).post(address).status_code == 302

    SentTest.objects.filter(user=cast.mei).update(asked_at=timezone.now() - sending.HOUR)
    assert client.post(address).status_code == 302


def test_whoever_does_not_see_the_asset_sends_nothing(cast: Cast, postbox: Postbox) -> None:
    hidden = AssetFactory(is_restricted=True)
    answer = browser(UserFactory()).post(reverse("asset-test", args=[hidden.key, 1]))
    assert answer.status_code == 404
    assert not SentTest.objects.exists()


def test_without_a_mail_server_the_page_says_why_not(
    cast: Cast, greeting: Asset, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    client, address = browser(cast.mei), reverse("asset-test", args=[greeting.key, 1])
    assert "No mail server is set up" in client.get(address).content.decode()
    assert client.post(address).status_code == 403


def test_other_channels_say_why_not(cast: Cast, postbox: Postbox) -> None:
    document = {"name": "S", "kind": "sms", "renditions": [{"key": "en", "text": "Hi"}]}
    asset = AssetFactory(key="note", kind="sms", document=document)
    client, address = browser(cast.mei), reverse("asset-test", args=[asset.key, 1])
    assert "No gateway for “SMS” is set up" in client.get(address).content.decode()
    assert client.post(address).status_code == 403


def test_a_rendition_that_is_not_there_is_not_found(
    cast: Cast, greeting: Asset, postbox: Postbox
) -> None:
    address = reverse("asset-test", args=[greeting.key, 1])
    assert browser(cast.mei).get(f"{address}?rendition=fr").status_code == 404


def test_what_a_change_proposes_can_be_tried_out(cast: Cast, postbox: Postbox) -> None:
    change = services.open_change(
        kind="asset", key=cast.asset.key, title="Better words", actor=cast.mei
    )
    edit = {
        "op": "update",
        "element": "renditions",
        "key": "en",
        "fields": {"subject": "A better welcome"},
    }
    services.edit_change(number=change.number, actor=cast.mei, edits=[edit])
    address = reverse("change-test", args=[change.number, "after"])
    assert browser(cast.mei).post(f"{address}?rendition=en").status_code == 302
    tasks.send_test(test=SentTest.objects.get().pk)
    assert postbox.received[0]["Subject"] == "[Test] A better welcome"
    assert f'href="{address}?rendition=en' in browser(cast.mei).get(
        reverse("change-detail", args=[change.number])
    ).content.decode().replace("&amp;", "&")


def test_one_that_fails_unexpectedly_is_counted_and_keeps_no_other_back(
    cast: Cast, greeting: Asset, postbox: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, whole = ask(cast.mei, greeting), ask(cast.mei, greeting)
    real = sending.compose

    def compose(*, test: SentTest, reader: User) -> Any:
        if test.pk == broken.pk:
            raise RuntimeError("of the bucket")
        return real(test=test, reader=reader)

    monkeypatch.setattr(sending, "compose", compose)
    for _again in range(sending.MOST_ATTEMPTS):
        SentTest.objects.update(asked_at=timezone.now() - 2 * schedules.PATIENCE)
        SentTest.objects.exclude(tried_at=None).update(
            tried_at=timezone.now() - 2 * schedules.PATIENCE
        )
        schedules.send_waiting()
    broken.refresh_from_db()
    whole.refresh_from_db()
    assert (whole.state, whole.attempts) == ("sent", 1)
    assert (broken.state, broken.attempts) == ("failed", sending.MOST_ATTEMPTS)
    assert "unexpected" in sending.reason_words(broken)
