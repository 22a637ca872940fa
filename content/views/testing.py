"""Sending oneself a test: what would be sent, to whom, and what became of it."""

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cjops.core.errors import NotFound, TooMany
from cjops.documents import Document
from content import queries, rulebook, sending
from content.liquid import LiquidFault
from content.looking import NOBODY, Asked, look_at
from content.models import Asset, SentTest, SentTestState
from content.preview import email, fault_words
from content.words import language_name
from people.models import User

SHOWN = 5


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def asset_test(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Send oneself a version of an asset; `?rendition=` and `?profile=` say which and as whom."""
    user = cast(User, request.user)
    version = queries.get_version_for(user=user, key=key, number=number)
    back = f"{reverse('asset-detail', args=[key])}?version={number}"
    return test_page(request, version.subject, number, version.get_document(), back)


def test_page(
    request: HttpRequest, asset: Asset, number: int, document: Document, back: str
) -> HttpResponse:
    """The page for any document of an asset that the person sees; POST sends it to them."""
    user = cast(User, request.user)
    asked = Asked.by(request.GET)
    keys = [one["key"] for one in document["renditions"]]
    key = asked.rendition or (keys[0] if keys else "")
    if key not in keys:
        raise NotFound(_("There is no version in this language."))
    verdict = sending.way(document["kind"])
    status, refusal = 200, ""
    if request.method == "POST":
        try:
            sending.ask_for_test(
                asset=asset,
                number=number,
                document=document,
                key=key,
                profile=asked.profile,
                actor=user,
            )
        except TooMany as error:
            status, refusal = error.status, error.message
        else:
            return redirect(f"{request.get_full_path()}#tests")
    rendition = next(one for one in document["renditions"] if one["key"] == key)
    profiles = list(rulebook.sample_profiles())
    nobody = asked.profile == NOBODY
    chosen = next((one for one in profiles if one.key == asked.profile), None)
    tests = list(SentTest.objects.filter(user=user, asset=asset)[:SHOWN])
    context = {
        "asset": asset,
        "number": number,
        "verdict": verdict,
        "refusal": refusal,
        "left": sending.left(user),
        "language": language_name(rendition["language"].lower()),
        "subject": _subject(user, document, rendition, asked),
        "tag": rendition["language"],
        "profile": None if nobody else chosen or next(iter(profiles), None),
        "tests": [(test, sending.reason_words(test)) for test in tests],
        "is_waiting": any(test.state == SentTestState.QUEUED for test in tests),
        "back": back,
    }
    return render(request, "content/test.html", context, status=status)


def _subject(user: User, document: Document, rendition: Document, asked: Asked) -> str:
    """What the mailbox will show; "" for what has no subject."""
    if document["kind"] != "email":
        return ""
    look = look_at(user, {**document, "renditions": []}, asked)
    try:
        lines = email.inbox(rendition, look)
    except LiquidFault as fault:
        return fault_words(fault)
    return lines[0].subject.seen + lines[0].subject.hidden
