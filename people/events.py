"""What the log says of signing in and of rights, and the words for it."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SIGNED_IN, SIGN_IN_FAILED, SIGNED_OUT = "sign-in.done", "sign-in.failed", "sign-in.ended"
PASSWORD_CHANGED, PASSWORD_RESET = "password.changed", "password.reset"
FACTOR_ADDED, FACTOR_REMOVED = "factor.added", "factor.removed"
TOKEN_MADE, TOKEN_ENDED = "token.made", "token.ended"
SESSION_ENDED = "session.ended"
INVITED, DEACTIVATED, ACTIVATED = "person.invited", "person.deactivated", "person.activated"
GRANT_GIVEN, GRANT_TAKEN_BACK = "grant.given", "grant.taken_back"
GRANT_ENDED = "grant.ended"
ROLE_SAVED, ROLE_DELETED = "role.saved", "role.deleted"
TEAM_JOINED, TEAM_LEFT, TEAM_ROLE = "team.joined", "team.left", "team.role"
TEAM_CHANNELS = "team.channels"
PERSON_POWERS, ADDRESS_CHANGED = "person.powers", "person.address"
SUBJECT_ACCESS = "subject.access"

ACTIONS: dict[str, str | Promise] = {
    SIGNED_IN: _("Signed in"),
    SIGN_IN_FAILED: _("Failed to sign in"),
    SIGNED_OUT: _("Signed out"),
    PASSWORD_CHANGED: _("Password changed"),
    PASSWORD_RESET: _("Password chosen anew by mail"),
    FACTOR_ADDED: _("Second factor added"),
    FACTOR_REMOVED: _("Second factor removed"),
    TOKEN_MADE: _("API token made"),
    TOKEN_ENDED: _("API token ended"),
    SESSION_ENDED: _("Session ended"),
    INVITED: _("Invited by mail"),
    DEACTIVATED: _("Account switched off"),
    ACTIVATED: _("Account switched on"),
    GRANT_GIVEN: _("Granted a role"),
    GRANT_TAKEN_BACK: _("Took a role back"),
    GRANT_ENDED: _("A grant came to its end"),
    ROLE_SAVED: _("Saved a role"),
    ROLE_DELETED: _("Deleted a role"),
    TEAM_JOINED: _("Joined a team"),
    TEAM_LEFT: _("Left a team"),
    TEAM_ROLE: _("Given another place in a team"),
    TEAM_CHANNELS: _("Set the channels of a team"),
    PERSON_POWERS: _("Changed the powers of an account"),
    ADDRESS_CHANGED: _("Changed the address of an account"),
    SUBJECT_ACCESS: _("Changed who sees a subject"),
}
