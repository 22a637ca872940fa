"""Who gets what from each endpoint: one row a call, and one outcome for everybody but the named.

`"200 zoe=404"` is 404 for Zoe and 200 for all others who are signed in. Who is not signed in gets
401, except where the row names `nobody` as well.
"""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from tests.api.conftest import CONTENT, RENAME
from tests.cast import email_document

# The people of the other matrix, and two more who stand between them: Mei contributes, Tom is the
# steward of her channel, Jun that of another one, Ana manages the journey, Omar leads governance
# and administers, Ida audits, Vera only views the journey, and Zoe has nothing to do with it.
SIGNED_IN = ("mei", "tom", "jun", "ana", "omar", "ida", "vera", "zoe")
PEOPLE = ("nobody", *SIGNED_IN)
ROW = tuple[str, str, Any, str]


def outcomes(text: str) -> dict[str, int]:
    """The status for each person."""
    default, *others = text.split()
    found = dict.fromkeys(SIGNED_IN, int(default)) | {"nobody": 401}
    for other in others:
        names, _, status = other.partition("=")
        for name in names.split(","):
            assert name in found, text
            found[name] = int(status)
    return found


AWAY = {
    "taker": "jun@bank.example",
    "starts_at": f"{timezone.now():%Y-%m-%dT%H:%M:%SZ}",
    "ends_at": f"{timezone.now() + timedelta(days=2):%Y-%m-%dT%H:%M:%SZ}",
}
J = "/journeys/account-opening/"
SUBJECT = {"kind": "journey", "key": "account-opening"}
PROPOSED = {"slot": "body", "asset": "onboarding-welcome", "document": email_document("Hi")}
LETTER = {"key": "second", "kind": "email", "team": "email", "document": email_document("x")}
ANOTHER = {"document": email_document("Another")}
WELCOME = "/assets/onboarding-welcome/"
REMARK = {"place": "steps/welcome-email/body/en", "passage": "field:subject", "text": "x"}
CAMPAIGN = {
    "asset": "onboarding-welcome",
    "version": 1,
    "places": [{"journey": "account-opening", "step": "welcome-email", "slot": "body"}],
    "title": "Everywhere",
}
BEHIND = {"after": "{published}"}
REPLAY = {"text": "x", "since": "2026-01-01T00:00Z"}

# fmt: off
# method, address, body, outcome. `{n}` is a draft of Mei's on the restricted journey; in a body
# `{published}` is a number too.
CALLS: list[ROW] = [
    ("GET", "/journeys/", None, "200"),
    ("POST", "/journeys/", {"key": "fresh", "name": "Fresh"}, "201 ana,ida,vera=403"),
    ("GET", J, None, "200 zoe=404"),
    ("POST", J + "halt/", {"kind": "pause"}, "403 ana,omar=200 zoe=404"),
    # Nothing is halted.
    ("POST", J + "resume/", {}, "409 zoe=404"),
    ("GET", J + "versions/", None, "200 zoe=404"),
    ("GET", J + "versions/1/", None, "200 zoe=404"),
    ("GET", J + "versions/1/compare/1/", None, "200 zoe=404"),
    # The first of the two that there are.
    ("POST", J + "versions/1/restore/", {}, "201 ida,vera=403 zoe=404"),
    ("POST", CONTENT, {**PROPOSED, "rationale": "x"}, "403 mei,tom,omar=201 zoe=404"),
    ("GET", "/changes/", None, "200"),
    ("POST", "/changes/", {"subject": SUBJECT, "title": "x"}, "201 ida,vera=403 zoe=404"),
    ("GET", "/changes/{n}/", None, "200 zoe=404"),
    ("PATCH", "/changes/{n}/", {"title": "Warmer still"}, "200 ida,vera=403 zoe=404"),
    ("GET", "/changes/{n}/document/", None, "200 zoe=404"),
    ("PUT", "/changes/{n}/document/", {}, "428"),
    ("POST", "/changes/{n}/edits/", RENAME, "200 ida,vera=403 zoe=404"),
    ("GET", "/changes/{n}/diff/", None, "200 zoe=404"),
    ("GET", "/changes/{n}/checks/", None, "200 zoe=404"),
    ("GET", "/changes/{n}/requirements/", None, "200 zoe=404"),
    ("POST", "/changes/{n}/evidence/", {}, "200 zoe=404"),
    ("POST", J + "versions/1/evidence/", {}, "200 zoe=404"),
    ("POST", WELCOME + "versions/1/evidence/", {}, "200"),
    # There is no such version.
    ("POST", "/taxonomies/topics/versions/1/evidence/", {}, "404"),
    ("GET", "/changes/{n}/clashes/", None, "200 zoe=404"),
    ("GET", "/changes/{n}/conflicts/", None, "200 zoe=404"),
    # Live has not moved under it.
    ("POST", "/changes/{n}/resolutions/", {"resolutions": []}, "409 ida,vera=403 zoe=404"),
    ("GET", "/changes/{n}/viewed/", None, "200 zoe=404"),
    ("PUT", "/changes/{n}/viewed/1/", None, "400 zoe=404"),
    ("DELETE", "/changes/{n}/viewed/1/", None, "400 zoe=404"),
    ("GET", "/changes/{n}/remarks/", None, "200 zoe=404"),
    ("POST", "/changes/{n}/remarks/", REMARK, "201 zoe=404"),
    ("DELETE", "/changes/{n}/remarks/1/", None, "404"),
    ("POST", "/changes/{n}/remarks/1/answers/", {"text": "x"}, "404"),
    ("POST", "/changes/{n}/remarks/1/resolve/", {}, "404"),
    ("POST", "/changes/{n}/remarks/1/reopen/", {}, "404"),
    ("GET", "/changes/{n}/suggestions/", None, "200 zoe=404"),
    # The author edits and does not suggest.
    ("POST", "/changes/{n}/suggestions/", {"edits": RENAME}, "201 mei=403 zoe=404"),
    ("POST", "/changes/{n}/suggestions/1/apply/", {}, "404"),
    ("POST", "/changes/{n}/suggestions/1/decline/", {"comment": "No"}, "404"),
    ("POST", "/changes/{n}/suggestions/1/withdraw/", {}, "404"),
    # A draft asks nobody yet.
    ("PUT", "/changes/{n}/pick-up/", None, "409 zoe=404"),
    ("DELETE", "/changes/{n}/pick-up/", None, "200 zoe=404"),
    ("GET", "/delegations/", None, "200"),
    ("POST", "/delegations/", AWAY, "201 jun=400"),
    ("DELETE", "/delegations/1/", None, "404"),
    ("POST", "/changes/{n}/actions/comment/", {"comment": "Hm"}, "200 zoe=404"),
    ("GET", "/policies/", None, "200"),
    ("POST", "/policies/", {"definition": {}}, "403 omar=422"),
    ("GET", "/policies/health/", None, "403 omar,ida=200"),
    ("GET", "/policies/replays/", None, "403 omar,ida=200"),
    ("POST", "/policies/replays/", REPLAY, "403 omar,ida=422"),
    ("GET", "/policies/replays/1/", None, "403 omar,ida=404"),
    ("GET", "/policies/replays/1/rows/", None, "403 omar,ida=404"),
    ("GET", "/policies/owner/", None, "200"),
    ("GET", "/policies/owner/versions/", None, "200"),
    ("POST", "/policies/owner/end/", {"comment": "x"}, "403 omar=201"),
    ("POST", "/policies/owner/versions/1/activate/", {}, "403 omar=409"),
    ("POST", "/policies/owner/versions/1/decline/", {"comment": "x"}, "403 omar=409"),
    ("GET", "/facts/", None, "200"),
    ("GET", "/inbox/", None, "200"),
    ("GET", "/assets/", None, "200"),
    ("POST", "/assets/", LETTER, "403 mei,tom,omar=201"),
    ("GET", WELCOME, None, "200"),
    ("GET", WELCOME + "versions/", None, "200"),
    ("POST", WELCOME + "versions/", ANOTHER, "403 mei,tom,omar=201"),
    ("GET", WELCOME + "versions/1/", None, "200"),
    ("POST", WELCOME + "versions/1/restore/", {}, "409"),
    ("POST", WELCOME + "versions/1/export/", {}, "200"),
    ("GET", WELCOME + "pictures/", None, "200"),
    # JSON is no picture; who may upload one, `test_pictures` says.
    ("POST", WELCOME + "pictures/", {}, "415"),
    ("GET", WELCOME + "alike/", None, "200"),
    ("GET", "/library/facets/", None, "200"),
    # JSON is no file; who may bring one in, `test_content_work` says.
    ("POST", "/library/import/", {}, "415"),
    # Who may propose nothing there starts none.
    ("POST", "/campaigns/", CAMPAIGN, "202 ida,vera=403 zoe=404"),
    ("GET", "/campaigns/0/", None, "404"),
    ("GET", "/collections/", None, "200"),
    ("POST", "/collections/", {"name": "Spring"}, "201"),
    ("GET", "/collections/0/", None, "404"),
    ("POST", "/collections/0/", {"assets": ["onboarding-welcome"]}, "404"),
    ("GET", "/taxonomies/", None, "200"),
    ("GET", "/taxonomies/topics/", None, "404"),
    ("GET", "/taxonomies/topics/concepts/", None, "404"),
    ("GET", "/teams/", None, "200"),
    ("GET", "/teams/email/", None, "200"),
    ("GET", "/users/me/", None, "200"),
    ("GET", "/ledger/", None, "200"),
    ("GET", "/why/?subject=account-opening", None, "200 zoe=404"),
    # About others only those who see everything and governance leads ask.
    (
        "GET", "/why/?subject=account-opening&person=tom@bank.example", None,
        "403 tom,omar,ida=200",
    ),
    ("GET", "/schemas/journey.json", None, "200 nobody=200"),
    ("GET", "/schemas/asset.json", None, "200 nobody=200"),
    ("GET", "/schemas/taxonomy.json", None, "200 nobody=200"),
]
LATER = {"publish_at": f"{timezone.now() + timedelta(days=2):%Y-%m-%dT%H:%M:%SZ}"}
SAID = {"comment": "Because the matrix asks"}
# Every step of a change, on one in that state.
STEPS: list[ROW] = [
    ("POST", "/changes/{draft}/actions/submit/", {}, "403 mei=200 zoe=404"),
    ("POST", "/changes/{in_review}/actions/submit/", {}, "409 zoe=404"),
    ("POST", "/changes/{draft}/actions/approve/", {}, "409 zoe=404"),
    ("POST", "/changes/{in_review}/actions/approve/", {}, "403 tom,ana=200 zoe=404"),
    ("POST", "/changes/{in_review}/actions/request-changes/", SAID, "403 tom,ana=200 zoe=404"),
    ("POST", "/changes/{in_review}/actions/comment/", SAID, "200 zoe=404"),
    ("POST", "/changes/{in_review}/actions/reject/", SAID, "403 ana,omar=200 zoe=404"),
    ("POST", "/changes/{published}/actions/reject/", SAID, "409 zoe=404"),
    ("POST", "/changes/{in_review}/actions/withdraw/", {}, "403 mei=200 zoe=404"),
    ("POST", "/changes/{scheduled}/actions/withdraw/", {}, "403 mei=200 zoe=404"),
    ("POST", "/changes/{in_review}/actions/publish/", {}, "409 zoe=404"),
    ("POST", "/changes/{approved}/actions/publish/", {}, "403 ana,omar=200 zoe=404"),
    ("POST", "/changes/{approved}/actions/schedule/", LATER, "403 ana,omar=200 zoe=404"),
    ("POST", "/changes/{scheduled}/actions/unschedule/", {}, "403 ana,omar=200 zoe=404"),
    ("POST", "/changes/{draft}/actions/rebase/", {}, "409 ida,vera=403 zoe=404"),
    ("POST", "/changes/{draft}/actions/queue/", BEHIND, "409 ida,vera=403 zoe=404"),
    ("POST", "/changes/{in_review}/actions/appoint/", SAID, "403 omar=400 zoe=404"),
    ("POST", "/changes/{in_review}/actions/break-glass/", SAID, "403 omar=200 zoe=404"),
    ("POST", "/changes/{published}/actions/stand-by/", SAID, "409 zoe=404"),
    ("POST", "/changes/{published}/actions/object/", SAID, "409 zoe=404"),
    ("POST", "/changes/{published}/actions/roll-back/", SAID, "403 ana,omar=200 zoe=404"),
]
# fmt: on
