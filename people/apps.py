from allauth.usersessions.apps import UserSessionsConfig
from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "people"
    verbose_name = _("People")
    # Of the two in this module.
    default = True

    def ready(self) -> None:
        from cjops.core import auditing  # noqa: PLC0415
        from people import events  # noqa: PLC0415

        auditing.register_actions(events.ACTIONS)


class SessionsConfig(UserSessionsConfig):  # type: ignore[misc]
    """allauth's sessions without its signals: `people.sessions` writes the rows, and fewer."""

    default = False

    def ready(self) -> None:
        """Nothing: theirs would look at each session of a person at every sign-in."""
