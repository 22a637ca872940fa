"""Reading content under review: before and after with what differs marked, and comments on it."""

from dataclasses import dataclass, replace
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cjops.core.errors import DomainError, NotFound
from content import preview
from content.kinds import KINDS
from content.likeness import Near, nearly_the_same
from content.looking import NOBODY, Asked, look_at
from content.marking import marked
from content.passages import linked, passages
from content.preview import reviewing
from content.rulebook import rules_for
from content.words import language_name
from governance import policies, presenting, queries, services
from governance.forms import RemarkForm, explain
from governance.models import Change, Remark
from governance.presenting.pictures import Pair, picture_pairs
from governance.presenting.rows import Row, compared
from governance.proposals import Proposal, proposal_of
from governance.reviewed import FIELD, Reviewed, rendition_in, reviewed
from governance.subjects import subject_of
from governance.transitions import Action
from governance.views.repeats import FIELD as TOKEN_FIELD
from governance.views.repeats import form_token, repeat_of
from people.models import User

# A click on a sentence leads the page around the frame to the form for a comment.
TALK = preview.POLICY + " allow-top-navigation-by-user-activation"
# A message is read with the names of its variables by who does not say as whom they read it.
AS_WRITTEN = Asked(profile=NOBODY)


@dataclass(frozen=True, slots=True)
class Thread:
    """A comment with its answers. `is_outdated`: the passage does not read like that any more."""

    first: Remark
    answers: tuple[Remark, ...]
    is_outdated: bool
    may_discard: bool


@dataclass(frozen=True, slots=True)
class Field:
    """What stands beside the message: a row that compares it, and the way to speak about it."""

    name: str
    row: Row
    url: str


@dataclass(frozen=True, slots=True)
class Reading:
    """How somebody reads content of a change: compared with what is live or, with `since`, with
    what they reviewed last; and looked at as whom, by day or in the dark, how wide."""

    number: int
    since: bool = False
    asked: Asked = AS_WRITTEN
    usual: str = NOBODY

    @classmethod
    def by(cls, request: HttpRequest, number: int, kind: str) -> "Reading":
        """As the address says. What has no message is read as a customer: how long a text message
        is, names of variables do not tell."""
        usual = NOBODY if KINDS[kind].has("body") else ""
        asked = replace(Asked.by(request.GET, profile=usual), part="message")
        return cls(number, _is_since(request), asked, usual)

    @property
    def query(self) -> dict[str, str]:
        """What its addresses say of it."""
        choice = self.asked.choice()
        if self.asked.profile == self.usual:
            choice.pop("profile", None)
        return {**({"since": "review"} if self.since else {}), **choice}

    def url(self, place: str, passage: str = "") -> str:
        """Where the content is read; with a passage, where it is spoken about."""
        query = self.query | ({"at": passage} if passage else {})
        end = "#say" if passage else ""
        return _address(reverse("change-content", args=[self.number, place]), query) + end

    def frame(self, side: str, place: str) -> str:
        """The page of one side, for the frame."""
        url = reverse("change-content-frame", args=[self.number, side, place])
        return _address(url, self.query)


def _is_since(request: HttpRequest) -> bool:
    return request.GET.get("since") == "review"


def _address(url: str, query: dict[str, str]) -> str:
    return f"{url}?{urlencode(query)}" if query else url


@login_required
@require_http_methods(["GET", "POST"])
def change_content(request: HttpRequest, number: int, place: str) -> HttpResponse:
    """Content of a change in one language, before and after; `?at=` opens the form for a comment
    on that passage, a POST says it."""
    user = cast(User, request.user)
    since = _is_since(request)
    change, found, reviewed_number = _found(user, number, place, since=since)
    reading = Reading.by(request, number, found.kind)
    verdict = policies.can(user, change, Action.COMMENT)
    remarks = queries.remarks_on(change, user, place)
    passage = request.GET.get("at", "")
    data = request.POST if request.method == "POST" else None
    form = RemarkForm(data)
    status = 200
    if data is not None:
        status = 422
        verdict.require()
        if form.is_valid() and _say(request, change, place, form):
            return redirect(reading.url(place))
    quote, is_gone = _quoted(found, passage)
    context = {
        "change": change,
        "subject": subject_of(change),
        "found": found,
        "place": place,
        "kind": KINDS[found.kind],
        "language": language_name(found.rendition),
        "languages": _languages(reading, found),
        "asked": reading.asked,
        "has_message": bool(found.message),
        "fields": _fields(found, reading),
        "reviewed_number": reviewed_number,
        "live_url": replace(reading, since=False).url(place),
        "since_url": replace(reading, since=True).url(place),
        "here_url": reading.url(place, "" if is_gone else passage),
        "before_frame": reading.frame("before", place),
        "after_frame": reading.frame("after", place),
        "since": since and bool(reviewed_number),
        "pictures": _pictures(found, user, reading),
        "has_before": rendition_in(found.before, found.rendition) is not None,
        "has_after": rendition_in(found.after, found.rendition) is not None,
        "alike": _alike(found, user),
        "threads": _threads(found, remarks, user),
        "drafts": sum(one.is_draft for one in remarks),
        "verdict": verdict,
        "form": form,
        "passage": "" if is_gone else passage,
        "quote": quote,
        "is_gone": is_gone,
        "token_field": TOKEN_FIELD,
        "token": form_token(request),
    }
    return render(request, "governance/change_content.html", context, status=status)


def _alike(found: Reviewed, user: User) -> list[Near]:
    """What the reader sees elsewhere that says nearly the same in this language."""
    if found.after is None:
        return []
    rules = rules_for(found.after)
    several = nearly_the_same(user, found.after, but=found.asset, rules=rules)
    return [one for one in several if one.rendition == found.rendition]


def _found(
    user: User, number: int, place: str, *, since: bool = False
) -> tuple[Change, Reviewed, int]:
    """The change, its content at that place, and the revision before the newest that the reader
    reviewed; with `since` that one, and not what is live, is the state before."""
    change = queries.get_change_for(user=user, number=number)
    proposal = proposal_of(change)
    reviews = policies.Standing(user, change).reviews
    reviewed_number, earlier = presenting.reviewed_before(change, reviews, user)
    if since and earlier is not None:
        proposal = Proposal(change.kind, earlier.proposed, proposal.proposed)
    found = reviewed(change=change, proposal=proposal, reader=user, place=place)
    return change, found, reviewed_number


def _say(request: HttpRequest, change: Change, place: str, form: RemarkForm) -> bool:
    """Say what the form says; on a refusal put its words on the form and say False."""
    is_draft = form.cleaned_data["do"] == "keep"
    try:
        services.say_about(
            number=change.number,
            actor=cast(User, request.user),
            place=place,
            passage=form.cleaned_data["passage"],
            text=form.cleaned_data["text"],
            as_draft=is_draft,
            repeat=repeat_of(request),
        )
    except DomainError as error:
        if error.status in (403, 404):
            raise
        explain(form, error)
        return False
    messages.success(request, _kept() if is_draft else _("Said. The author has been told."))
    return True


def _kept() -> str:
    return _("Kept back. Others see it when you send your review.")


def _quoted(found: Reviewed, passage: str) -> tuple[str, bool]:
    """What the passage says, and whether it is asked for and gone."""
    if not passage:
        return "", False
    try:
        return found.quote(passage), False
    except DomainError:
        return "", True


def _languages(reading: Reading, found: Reviewed) -> list[tuple[str, str, bool]]:
    """Address, name and whether it is shown, of all renditions on either side."""
    keys = dict.fromkeys(
        one["key"]
        for side in (found.after, found.before)
        if side is not None
        for one in side["renditions"]
    )
    around = found.place.rpartition("/")[0]
    return [
        (
            reading.url(f"{around}/{key}"),
            language_name(key),
            key == found.rendition,
        )
        for key in keys
    ]


def _fields(found: Reviewed, reading: Reading) -> list[Field]:
    """What is not part of the rendered message: subject, preheader, title, link ..."""
    return [
        Field(
            name,
            compared(
                str(KINDS[found.kind].field(name).label),
                found.text("before", name),
                found.text("after", name),
                whole="",
                lang=found.rendition,
            ),
            reading.url(found.place, f"{FIELD}{name}"),
        )
        for name in found.fields()
    ]


def _pictures(found: Reviewed, user: User, reading: Reading) -> list[tuple[Pair, str]]:
    """The pictures that differ, each with where it is spoken about."""
    return [
        (one, reading.url(found.place, one.passage) if one.passage else "")
        for one in picture_pairs(found, user)
    ]


def _threads(found: Reviewed, remarks: list[Remark], user: User) -> list[Thread]:
    """The remarks in threads, those that are not settled first."""
    here = {one.name for one in found.passages()} | {f"{FIELD}{one}" for one in found.texts()}
    answers: dict[int, list[Remark]] = {}
    for one in remarks:
        if one.thread_id:
            answers.setdefault(one.thread_id, []).append(one)
    threads = [
        Thread(
            one,
            tuple(answers.get(one.pk, ())),
            one.passage not in here or _reads_otherwise(found, one),
            one.is_draft and one.author_id == user.pk,
        )
        for one in remarks
        if one.thread_id is None
    ]
    return sorted(threads, key=lambda thread: thread.first.resolved_at is not None)


def _reads_otherwise(found: Reviewed, remark: Remark) -> bool:
    """A field keeps its name whatever it says; a sentence is named by its words."""
    field = remark.passage.removeprefix(FIELD)
    return field != remark.passage and found.quote(remark.passage)[:1_000] != remark.quote


@login_required
@require_GET
@xframe_options_sameorigin
def change_content_frame(request: HttpRequest, number: int, side: str, place: str) -> HttpResponse:
    """One side as customers see it, in a frame: what differs is marked, sentences are links."""
    user = cast(User, request.user)
    change, found, _number = _found(user, number, place, since=_is_since(request))
    reading = Reading.by(request, number, found.kind)
    document = found.side(side)
    if document is None or rendition_in(document, found.rendition) is None:
        raise NotFound
    other = found.before if side == "after" else found.after
    look = look_at(user, document, replace(reading.asked, rendition=found.rendition))
    there = reviewing.message(other, found.rendition, look) if other is not None else ""
    # What a comment is anchored to does not depend on who looks at it, and how.
    written = passages(found.message) if reading.asked != AS_WRITTEN else None
    said = {one.passage for one in queries.remarks_on(change, user, place) if not one.resolved_at}

    def change_it(message: str) -> str:
        if there:
            both = marked(there, message) if side == "after" else marked(message, there)
            message = both[side == "after"]
        if side == "before" and found.after is not None:
            return message
        return linked(message, lambda one: reading.url(place, one.name), said, written)

    response = HttpResponse(reviewing.reviewed(document, found.rendition, change_it, look))
    response.headers["Content-Security-Policy"] = TALK
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@login_required
@require_POST
def remark_answer(request: HttpRequest, number: int, remark: int) -> HttpResponse:
    """Answer a comment."""
    user = cast(User, request.user)
    found = queries.remark_of(queries.get_change_for(user=user, number=number), user, remark)
    is_draft = request.POST.get("do") == "keep"
    services.answer(
        number=number,
        actor=user,
        remark=remark,
        text=request.POST.get("text", ""),
        as_draft=is_draft,
        repeat=repeat_of(request),
    )
    messages.success(request, _kept() if is_draft else _("Answered."))
    return redirect(f"{Reading(number).url(found.place)}#remark-{found.thread_id or found.pk}")


@login_required
@require_POST
def remark_resolve(request: HttpRequest, number: int, remark: int) -> HttpResponse:
    """Say that a thread is settled, or with `do=reopen` that it is not."""
    user = cast(User, request.user)
    found = services.resolve_thread(
        number=number,
        actor=user,
        remark=remark,
        is_open=request.POST.get("do") == "reopen",
    )
    words = _("Settled.") if found.resolved_at else _("Open again.")
    messages.success(request, words)
    return redirect(f"{Reading(number).url(found.place)}#remark-{found.pk}")


@login_required
@require_POST
def remark_discard(request: HttpRequest, number: int, remark: int) -> HttpResponse:
    """Take back what nobody else has seen."""
    user = cast(User, request.user)
    change = queries.get_change_for(user=user, number=number)
    place = queries.remark_of(change, user, remark).place
    services.discard(number=number, actor=user, remark=remark)
    messages.success(request, _("Discarded."))
    return redirect(Reading(number).url(place))
