from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TagsConfig(AppConfig):
    name = "tags"
    verbose_name = _("Tags")

    def ready(self) -> None:
        from people.deriving import register  # noqa: PLC0415
        from tags.permissions import DERIVED  # noqa: PLC0415

        register("taxonomy", DERIVED)
