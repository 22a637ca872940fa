from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "people"
    verbose_name = _("People")

    def ready(self) -> None:
        from cjops.core.auditing import register_actions  # noqa: PLC0415

        register_actions(
            {
                "grant.given": _("Granted a role"),
                "grant.taken_back": _("Took a role back"),
                "grant.ended": _("A grant came to its end"),
                "role.saved": _("Saved a role"),
                "role.deleted": _("Deleted a role"),
            }
        )
