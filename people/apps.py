from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "people"
    verbose_name = _("People")

    def ready(self) -> None:
        from cjops.core import auditing  # noqa: PLC0415
        from people import events  # noqa: PLC0415

        auditing.register_actions(events.ACTIONS)
