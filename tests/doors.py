"""Every address of the portal, and who gets what there: one row a route and method, one column a
person."""

from datetime import timedelta

from django.utils import timezone

PEOPLE = ("nobody", "mei", "tom", "ana", "omar", "ida", "zoe")
IN, OUT = 200, 302  # OUT: sent to the sign-in page, or on after a POST
J = {"key": "account-opening"}
STEP = {"key": "account-opening", "step": "welcome-email"}
FILL = {"journey": "account-opening", "step": "welcome-email"}
ASSET = {"key": "onboarding-welcome"}
CR = {"number": None}  # the change under review
EDIT = {"number": "draft"}  # a draft of Mei's
NEW = {"number": "draft", "element": "steps"}
ELEMENT = {**NEW, "key": "welcome-email"}
PART = {**CR, "element": "steps", "key": "welcome-email"}
SUGGESTED = {**CR, "suggestion": "suggested"}  # by Tom
READ = {"number": "content", "place": "steps/welcome-email/body/en"}  # new words, by Mei
REMARK = {"number": "content", "remark": "remark"}  # by Tom, on these

# fmt: off
# route, arguments,                                   nobody mei  tom  ana omar  ida  zoe
PAGES = [
    ("inbox", {},                                     (OUT,  200, 200, 200, 200, 200, 200)),
    ("preferences", {},                               (OUT,  200, 200, 200, 200, 200, 200)),
    ("session-list", {},                              (OUT,  200, 200, 200, 200, 200, 200)),
    ("token-list", {},                                (OUT,  200, 200, 200, 200, 200, 200)),
    ("team-list", {},                                 (OUT,  200, 200, 200, 200, 200, 200)),
    ("team-detail", {"key": "email"},                 (OUT,  200, 200, 200, 200, 200, 200)),
    ("journey-list", {},                              (OUT,  200, 200, 200, 200, 200, 200)),
    ("journey-create", {},                            (OUT,  200, 200, 403, 200, 403, 200)),
    ("journey-detail", J,                             (OUT,  200, 200, 200, 200, 200, 404)),
    ("version-detail", {**J, "number": 1},            (OUT,  200, 200, 200, 200, 200, 404)),
    ("freeze-list", {},                               (OUT,  200, 200, 200, 200, 200, 200)),
    # Tom leads the team of one of its steps.
    ("journey-halt", J,                               (OUT,  403, 200, 200, 200, 403, 404)),
    ("journey-resume", J,                             (OUT,  409, 409, 409, 409, 409, 404)),
    # Without two numbers there is nothing to compare.
    ("version-pick", J,                               (OUT,  404, 404, 404, 404, 404, 404)),
    ("version-compare", {**J, "a": 1, "b": 2},        (OUT,  200, 200, 200, 200, 200, 404)),
    ("version-restore", {**J, "number": 1},           (OUT,  200, 200, 200, 200, 403, 404)),
    ("step-detail", STEP,                             (OUT,  200, 200, 200, 200, 200, 404)),
    ("content-submit", FILL,                          (OUT,  200, 200, 200, 200, 403, 404)),
    # The draft does not show this content anew.
    ("content-revise", {**EDIT, **ASSET, "version": 1},
                                                      (OUT,  409, 409, 403, 409, 403, 404)),
    ("asset-list", {},                                (OUT,  200, 200, 200, 200, 200, 200)),
    ("asset-create", {},                              (OUT,  200, 200, 403, 200, 403, 200)),
    ("asset-detail", ASSET,                           (OUT,  200, 200, 200, 200, 200, 200)),
    ("asset-write", ASSET,                            (OUT,  200, 200, 403, 200, 403, 403)),
    ("asset-preview", {**ASSET, "number": 1},         (OUT,  200, 200, 200, 200, 200, 200)),
    ("draft-preview", ASSET,                          (OUT,  200, 200, 403, 200, 403, 403)),
    ("draft-preview-new", {"token": "0123456789"},    (OUT,  200, 200, 200, 200, 200, 200)),
    ("asset-adapt", {**ASSET, "number": 1},           (OUT,  200, 200, 200, 200, 200, 200)),
    ("asset-take-out", {**ASSET, "number": 1},        (OUT,  200, 200, 200, 200, 200, 200)),
    ("asset-compose", {},                             (OUT,  200, 200, 200, 200, 200, 200)),
    # It was made from nothing.
    ("origin-changes", {**ASSET, "origin": "x"},      (OUT,  404, 404, 404, 404, 404, 404)),
    ("draft-list", {},                                (OUT,  200, 200, 200, 200, 200, 200)),
    ("asset-pictures", ASSET,                         (OUT,  200, 200, 200, 200, 200, 200)),
    ("asset-picture", {**ASSET, "sha256": "picture"}, (OUT,  200, 200, 200, 200, 200, 200)),
    ("content-import", {},                            (OUT,  200, 200, 403, 200, 403, 200)),
    ("asset-submit", ASSET,                           (OUT,  200, 200, 200, 200, 200, 200)),
    ("asset-replace", ASSET,                          (OUT,  200, 200, 200, 200, 200, 200)),
    ("asset-uses", ASSET,                             (OUT,  200, 200, 200, 200, 200, 200)),
    ("campaign-detail", {"pk": "campaign"},           (OUT,  200, 200, 200, 200, 200, 404)),
    # A thumbnail is still to be drawn: nothing to see yet.
    ("asset-drawing", {**ASSET, "sha256": "picture"}, (OUT,  204, 204, 204, 204, 204, 204)),
    ("asset-test", {**ASSET, "number": 1},            (OUT,  200, 200, 200, 200, 200, 200)),
    ("asset-alike", ASSET,                            (OUT,  200, 200, 200, 200, 200, 200)),
    ("asset-differences", {**ASSET, "other": "onboarding-welcome"},
                                                      (OUT,  200, 200, 200, 200, 200, 200)),
    ("asset-retire", ASSET,                           (OUT,  200, 200, 403, 200, 403, 403)),
    ("asset-bulk", {},                                (OUT,  200, 200, 200, 200, 200, 200)),
    ("asset-calendar", {},                            (OUT,  200, 200, 200, 200, 200, 200)),
    ("asset-unused", {},                              (OUT,  200, 200, 200, 200, 200, 200)),
    ("collection-list", {},                           (OUT,  200, 200, 200, 200, 200, 200)),
    ("collection-detail", {"pk": 0},                  (OUT,  404, 404, 404, 404, 404, 404)),
    ("delegation-list", {},                           (OUT,  200, 200, 200, 200, 200, 200)),
    ("change-list", {},                               (OUT,  200, 200, 200, 200, 200, 200)),
    ("concept-options", {},                           (OUT,  200, 200, 200, 200, 200, 200)),
    ("change-open", {"kind": "journey", **J},         (OUT,  200, 200, 200, 200, 403, 404)),
    ("change-detail", CR,                             (OUT,  200, 200, 200, 200, 200, 404)),
    # A change of a journey has no content of its own to show.
    ("change-preview", {**CR, "side": "after"},
                                                      (OUT,  404, 404, 404, 404, 404, 404)),
    ("change-test", {**CR, "side": "after"},
                                                      (OUT,  404, 404, 404, 404, 404, 404)),
    ("change-take", {**CR, "action": "approve"},
                                                      (OUT,  403, 200, 200, 403, 403, 404)),
    ("change-take", {**CR, "action": "withdraw"},
                                                      (OUT,  200, 403, 403, 403, 403, 404)),
    ("change-take", {**CR, "action": "reject"},
                                                      (OUT,  403, 403, 200, 200, 403, 404)),
    ("change-take", {**CR, "action": "publish"},
                                                      (OUT,  409, 409, 409, 409, 409, 404)),
    ("change-take", {**EDIT, "action": "queue"},
                                                      (OUT,  200, 200, 200, 200, 403, 404)),
    ("change-text", {**CR, "place": "steps/welcome-email/name"},
                                                      (OUT,  200, 200, 200, 200, 200, 404)),
    ("change-hunk", PART,                             (OUT,  200, 200, 200, 200, 200, 404)),
    ("change-content", READ,                          (OUT,  200, 200, 200, 200, 200, 404)),
    ("change-content-frame", {**READ, "side": "after"},
                                                      (OUT,  200, 200, 200, 200, 200, 404)),
    ("change-deciders", CR,                           (OUT,  200, 200, 200, 200, 200, 404)),
    ("change-deciders", EDIT,                         (OUT,  200, 200, 200, 200, 200, 404)),
    ("change-take", {**CR, "action": "appoint"},
                                                      (OUT,  403, 403, 403, 200, 403, 404)),
    ("change-take", {**CR, "action": "break-glass"},
                                                      (OUT,  403, 403, 403, 200, 403, 404)),
    ("change-picture", CR,                            (OUT,  200, 200, 200, 200, 200, 404)),
    # Its author edits and does not suggest; nobody else answers a suggestion.
    ("change-suggest", PART,                          (OUT,  403, 200, 200, 200, 200, 404)),
    ("suggestion-apply", SUGGESTED,                   (OUT,  200, 403, 403, 403, 403, 404)),
    ("suggestion-decline", SUGGESTED,                 (OUT,  200, 403, 403, 403, 403, 404)),
    # Whoever made it takes it back.
    ("suggestion-withdraw", SUGGESTED,                (OUT,  403, 200, 403, 403, 403, 404)),
    ("change-describe", EDIT,                         (OUT,  200, 200, 200, 200, 403, 404)),
    ("change-edit", EDIT,                             (OUT,  200, 200, 200, 200, 403, 404)),
    ("change-edit-element", ELEMENT,                  (OUT,  200, 200, 200, 200, 403, 404)),
    ("change-new-element", NEW,                       (OUT,  200, 200, 200, 200, 403, 404)),
    ("change-remove-element", ELEMENT,                (OUT,  200, 200, 200, 200, 403, 404)),
    ("policy-list", {},                               (OUT,  200, 200, 200, 200, 200, 200)),
    ("policy-detail", {"key": "owner"},               (OUT,  200, 200, 200, 200, 200, 200)),
    ("policy-export", {},                             (OUT,  403, 403, 403, 200, 200, 403)),
    # Omar, who may do everything, is the only governance lead.
    ("policy-create", {},                             (OUT,  403, 403, 403, 200, 403, 403)),
    ("policy-edit", {"key": "owner"},                 (OUT,  403, 403, 403, 200, 403, 403)),
    ("policy-import", {},                             (OUT,  403, 403, 403, 200, 403, 403)),
    ("policy-end", {"key": "owner"},                  (OUT,  403, 403, 403, 200, 403, 403)),
    # Its first version is decided on already.
    ("policy-activate", {"key": "owner", "number": 1},
                                                      (OUT,  403, 403, 403, 409, 403, 403)),
    ("policy-decline", {"key": "owner", "number": 1},
                                                      (OUT,  403, 403, 403, 409, 403, 403)),
    # Of one's own account. The cast has neither set it up nor a password to ask for once more.
    ("mfa_index", {},                                 (OUT,  200, 200, 200, 200, 200, 200)),
    ("mfa_activate_totp", {},                         (OUT,  200, 200, 200, 200, 200, 200)),
    ("mfa_add_webauthn", {},                          (OUT,  200, 200, 200, 200, 200, 200)),
    ("mfa_reauthenticate_webauthn", {},               (OUT,  403, 403, 403, 403, 403, 403)),
    ("mfa_deactivate_totp", {},                       (OUT,  404, 404, 404, 404, 404, 404)),
    ("mfa_view_recovery_codes", {},                   (OUT,  404, 404, 404, 404, 404, 404)),
    ("mfa_generate_recovery_codes", {},               (OUT,  200, 200, 200, 200, 200, 200)),
    ("mfa_download_recovery_codes", {},               (OUT,  404, 404, 404, 404, 404, 404)),
    # Between the password and being signed in.
    ("mfa_authenticate", {},                          (OUT,  OUT, OUT, OUT, OUT, OUT, OUT)),
    ("mfa_reauthenticate", {},                        (OUT,  403, 403, 403, 403, 403, 403)),
    # Governance leads and people who see everything; there is no replay of that number.
    # About oneself; about others it is a question of its own (tests/governance/test_explaining.py).
    ("why", {},                                       (OUT,  200, 200, 200, 200, 200, 200)),
    ("ledger", {},                                    (OUT,  200, 200, 200, 200, 200, 200)),
    ("policy-test", {},                               (OUT,  403, 403, 403, 200, 200, 403)),
    ("approver-health", {},                           (OUT,  403, 403, 403, 200, 200, 403)),
    ("replay-list", {},                               (OUT,  403, 403, 403, 200, 200, 403)),
    ("replay-create", {},                             (OUT,  403, 403, 403, 200, 200, 403)),
    ("replay-detail", {"pk": 0},                      (OUT,  403, 403, 403, 404, 404, 403)),
    ("replay-export", {"pk": 0},                      (OUT,  403, 403, 403, 404, 404, 403)),
    # No identity provider is set up.
    ("oidc-start", {},                                (404,  404, 404, 404, 404, 404, 404)),
    ("oidc-callback", {},                             (404,  404, 404, 404, 404, 404, 404)),
    ("health-live", {},                               (200,  200, 200, 200, 200, 200, 200)),
    # No operator has said where to report to.
    ("security-txt", {},                              (404,  404, 404, 404, 404, 404, 404)),
    ("admin:index", {},                               (OUT,  OUT, OUT, OUT, 200, OUT, OUT)),
    ("metrics", {},                                   (OUT,  403, 403, 403, 200, 403, 403)),
]

SAID = {"comment": "Because the matrix asks"}
LATER = {**SAID, "publish_at": f"{timezone.now() + timedelta(days=2):%Y-%m-%dT%H:%M}"}
AWAY = {
    "taker": "jun@bank.example",
    "starts_at": f"{timezone.now() + timedelta(days=9):%Y-%m-%dT%H:%M}",
    "ends_at": f"{timezone.now() + timedelta(days=12):%Y-%m-%dT%H:%M}",
}
ABOUT = {"title": "Warmer welcome", "rationale": "People drop out here"}
WORDS = {"en.subject": "Hello", "en.preheader": "", "en.sender": "", "en.text": "Hello",
         "en.body": "<p>Hello</p>", "language": "en"}
TEXT = {"do": "save", "base": "2", "name": "Onboarding welcome", "purpose": "", **WORDS}
LETTER = {**TEXT, "name": "Rate letter", "key": "", "team": "email", "kind": "email"}
ME = {"name": "Somebody", "locale": "en", "time_zone": "UTC"}
PAGE = None  # what the page of the same address would send, under another name


def on(state, action):
    return ("change-take", {"number": state, "action": action})


# route, arguments, what is sent,                     nobody mei  tom  ana omar  ida  zoe
WRITES = [
    ("notification-read-all", {}, {},                 (OUT,  302, 302, 302, 302, 302, 302)),
    ("preferences", {}, ME,                           (OUT,  302, 302, 302, 302, 302, 302)),
    ("csp-reports", {}, {},                           (204,  204, 204, 204, 204, 204, 204)),
    # Nobody is signed in there.
    ("session-end", {"pk": 0}, {},                    (OUT,  404, 404, 404, 404, 404, 404)),
    ("session-end-others", {}, {},                    (OUT,  302, 302, 302, 302, 302, 302)),
    ("token-list", {}, {"name": "import", "days": "30"},
                                                      (OUT,  200, 200, 200, 200, 200, 200)),
    # Nobody has that one.
    ("token-end", {"pk": 0}, {},                      (OUT,  404, 404, 404, 404, 404, 404)),
    ("set_language", {}, {"language": "en"},          (OUT,  302, 302, 302, 302, 302, 302)),
    ("journey-create", {}, {"name": "Win back"},      (OUT,  302, 302, 403, 302, 403, 302)),
    ("content-submit", FILL, {**ABOUT, "version": "new", **WORDS},
                                                      (OUT,  302, 302, 422, 302, 403, 404)),
    ("asset-create", {}, LETTER,                      (OUT,  302, 302, 403, 302, 403, 422)),
    ("asset-write", ASSET, TEXT,                      (OUT,  302, 302, 403, 302, 403, 403)),
    ("draft", ASSET, TEXT,                            (OUT,  200, 200, 403, 200, 403, 403)),
    ("draft-new", {"token": "0123456789"}, LETTER,    (OUT,  200, 200, 200, 200, 200, 200)),
    ("asset-take-out", {**ASSET, "number": 1}, {"section": "0"},
                                                      (OUT,  302, 302, 302, 302, 302, 302)),
    ("asset-adapt", {**ASSET, "number": 1}, {"texts": "en"},
                                                      (OUT,  302, 302, 302, 302, 302, 302)),
    ("asset-compose", {}, {"from": "onboarding-welcome", "do": "compose"},
                                                      (OUT,  302, 302, 302, 302, 302, 302)),
    ("content-revise", {**EDIT, **ASSET, "version": 1}, TEXT,
                                                      (OUT,  422, 422, 403, 422, 403, 404)),
    ("asset-retire", ASSET, {"rationale": "Old"},     (OUT,  302, 302, 403, 302, 403, 403)),
    # Each asset is refused by itself.
    ("asset-bulk", {}, {"do": "retire", "asset": "onboarding-welcome"},
                                                      (OUT,  200, 200, 200, 200, 200, 200)),
    ("collection-list", {}, {"name": "Spring"},       (OUT,  302, 302, 302, 302, 302, 302)),
    ("collection-detail", {"pk": 0}, {},              (OUT,  404, 404, 404, 404, 404, 404)),
    # No file was chosen.
    ("draft-upload", ASSET, {},                       (OUT,  422, 422, 403, 422, 403, 403)),
    ("asset-pictures", ASSET, {},                     (OUT,  422, 422, 403, 422, 403, 403)),
    # Whoever sees it may send it to themselves.
    ("asset-test", {**ASSET, "number": 1}, {},        (OUT,  302, 302, 302, 302, 302, 302)),
    ("change-test", {**CR, "side": "after"}, {},      (OUT,  404, 404, 404, 404, 404, 404)),
    ("change-open", {"kind": "journey", **J}, ABOUT,  (OUT,  302, 302, 302, 302, 403, 404)),
    ("change-open", {"kind": "asset", **ASSET}, ABOUT,
                                                      (OUT,  302, 302, 403, 302, 403, 403)),
    # No part has that digest: whoever sees the change reads so.
    ("change-viewed", CR, {"on": "0" * 64},           (OUT,  409, 409, 409, 409, 409, 404)),
    ("change-pick-up", CR, {},                        (OUT,  403, 302, 302, 403, 403, 404)),
    ("change-put-down", CR, {},                       (OUT,  302, 302, 302, 302, 302, 404)),
    # No file was chosen.
    ("content-import", {}, {"team": "email"},         (OUT,  422, 422, 403, 422, 403, 422)),
    ("asset-export", {**ASSET, "number": 1}, {},      (OUT,  200, 200, 200, 200, 200, 200)),
    # No step was chosen, no change was ticked.
    ("asset-submit", ASSET, {"version": "1"},         (OUT,  422, 422, 422, 422, 422, 422)),
    ("campaign-approve", {"pk": "campaign"}, {},      (OUT,  302, 302, 302, 302, 302, 404)),
    ("delegation-list", {}, AWAY,                     (OUT,  302, 302, 302, 302, 302, 302)),
    # From Tom to Nora; a governance lead may end anybody's.
    ("delegation-end", {"pk": "delegated"}, {},       (OUT,  404, 302, 404, 302, 404, 404)),
    # No words: whoever may comment hears so. Others have seen the remark, so it stays.
    ("change-content", READ, {"passage": "field:subject"},
                                                      (OUT,  422, 422, 422, 422, 422, 404)),
    ("remark-answer", REMARK, {"text": "Agreed"},     (OUT,  302, 302, 302, 302, 302, 404)),
    ("remark-resolve", REMARK, {},                    (OUT,  302, 302, 302, 302, 302, 404)),
    ("remark-discard", REMARK, {},                    (OUT,  409, 409, 409, 409, 409, 404)),
    ("change-suggest", PART, PAGE,                    (OUT,  403, 302, 302, 302, 302, 404)),
    ("suggestion-apply", SUGGESTED, {},               (OUT,  302, 403, 403, 403, 403, 404)),
    ("suggestion-decline", SUGGESTED, SAID,           (OUT,  302, 403, 403, 403, 403, 404)),
    ("suggestion-withdraw", SUGGESTED, {},            (OUT,  403, 302, 403, 403, 403, 404)),
    ("journey-halt", J, {"step": "", "kind": "pause"},
                                                      (OUT,  403, 422, 302, 302, 403, 404)),
    ("journey-halt", J, {"step": "welcome-email", "kind": "stop"},
                                                      (OUT,  403, 302, 302, 302, 403, 404)),
    # Nothing is halted.
    ("journey-resume", J, {},                         (OUT,  409, 409, 409, 409, 409, 404)),
    ("version-restore", {**J, "number": 1}, {**ABOUT, "extent": "whole"},
                                                      (OUT,  302, 302, 302, 302, 403, 404)),
    # Nothing was chosen.
    ("policy-test", {}, {"change": ""},               (OUT,  403, 403, 403, 422, 422, 403)),
    ("replay-create", {}, {"do": "start"},            (OUT,  403, 403, 403, 422, 422, 403)),
    ("replay-cancel", {"pk": 0}, {},                  (OUT,  403, 403, 403, 404, 404, 403)),
    ("ledger-export", {"form": "csv"}, {},            (OUT,  200, 200, 200, 200, 200, 200)),
    ("change-evidence", CR, {},                       (OUT,  200, 200, 200, 200, 200, 404)),
    ("version-evidence", {"kind": "journey", **J, "number": 1}, {},
                                                      (OUT,  200, 200, 200, 200, 200, 404)),
    ("change-describe", EDIT, ABOUT,                  (OUT,  302, 302, 302, 302, 403, 404)),
    ("change-edit-element", ELEMENT, PAGE,            (OUT,  302, 302, 302, 302, 403, 404)),
    ("change-new-element", NEW, PAGE,                 (OUT,  302, 302, 302, 302, 403, 404)),
    ("change-move-element", ELEMENT, {"after": "wait"},
                                                      (OUT,  302, 302, 302, 302, 403, 404)),
    ("change-remove-element", ELEMENT, {},            (OUT,  302, 302, 302, 302, 403, 404)),
    ("policy-create", {}, {"do": "refresh"},          (OUT,  403, 403, 403, 200, 403, 403)),
    ("policy-edit", {"key": "owner"}, {"do": "refresh"},
                                                      (OUT,  403, 403, 403, 200, 403, 403)),
    ("policy-import", {}, {"text": "x"},              (OUT,  403, 403, 403, 422, 403, 403)),
    ("policy-end", {"key": "owner"}, SAID,            (OUT,  403, 403, 403, 302, 403, 403)),
    ("policy-activate", {"key": "owner", "number": 1}, SAID,
                                                      (OUT,  403, 403, 403, 409, 403, 403)),
    ("policy-decline", {"key": "owner", "number": 1}, SAID,
                                                      (OUT,  403, 403, 403, 409, 403, 403)),
    (*on("draft", "submit"), SAID,                    (OUT,  302, 403, 403, 403, 403, 404)),
    # Live has not moved, and it waits for nothing: whoever may hears so.
    ("change-rebase", EDIT, {},                       (OUT,  409, 409, 409, 409, 403, 404)),
    (*on("draft", "rebase"), SAID,                    (OUT,  409, 409, 409, 409, 403, 404)),
    (*on("draft", "queue"), {"after": "0"},           (OUT,  409, 409, 409, 409, 403, 404)),
    (*on("in_review", "submit"), SAID,                (OUT,  409, 409, 409, 409, 409, 404)),
    (*on("in_review", "approve"), SAID,               (OUT,  403, 302, 302, 403, 403, 404)),
    (*on("draft", "approve"), SAID,                   (OUT,  409, 409, 409, 409, 409, 404)),
    (*on("in_review", "request-changes"), SAID,       (OUT,  403, 302, 302, 403, 403, 404)),
    (*on("in_review", "comment"), SAID,               (OUT,  302, 302, 302, 302, 302, 404)),
    (*on("in_review", "reject"), SAID,                (OUT,  403, 403, 302, 302, 403, 404)),
    (*on("published", "reject"), SAID,                (OUT,  409, 409, 409, 409, 409, 404)),
    (*on("in_review", "withdraw"), SAID,              (OUT,  302, 403, 403, 403, 403, 404)),
    (*on("in_review", "publish"), SAID,               (OUT,  409, 409, 409, 409, 409, 404)),
    (*on("approved", "publish"), SAID,                (OUT,  403, 403, 302, 302, 403, 404)),
    (*on("approved", "schedule"), LATER,              (OUT,  403, 403, 302, 302, 403, 404)),
    (*on("scheduled", "unschedule"), SAID,            (OUT,  403, 403, 302, 302, 403, 404)),
    (*on("scheduled", "withdraw"), SAID,              (OUT,  302, 403, 403, 403, 403, 404)),
    # Somebody may decide, so there is nothing to choose.
    (*on("in_review", "appoint"), SAID,               (OUT,  403, 403, 403, 422, 403, 404)),
    (*on("in_review", "break-glass"), SAID,           (OUT,  403, 403, 403, 302, 403, 404)),
    (*on("published", "stand-by"), SAID,              (OUT,  409, 409, 409, 409, 409, 404)),
    (*on("published", "object"), SAID,                (OUT,  409, 409, 409, 409, 409, 404)),
    (*on("published", "roll-back"), SAID,             (OUT,  403, 403, 302, 302, 403, 404)),
]
# fmt: on
# Content of others, under a stricter policy than the portal's own.
LOCKED_UP = {"asset-preview", "asset-picture", "change-content-frame"} | {
    "draft-preview",
    "draft-preview-new",
}  # fmt: skip
# Looked at elsewhere: readiness needs a worker (tests/core), the API has its own (tests/api).
ELSEWHERE = {"health-ready"}
