from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContentConfig(AppConfig):
    name = "content"
    verbose_name = _("Content")

    def ready(self) -> None:
        from cjops.core import auditing  # noqa: PLC0415
        from content.permissions import DERIVED  # noqa: PLC0415
        from people.deriving import register  # noqa: PLC0415

        register("asset", DERIVED)
        auditing.register_actions(
            {
                "picture.uploaded": _("uploaded a picture"),
                "media.removed": _("removed stored bytes that nothing names"),
                "test.asked": _("had a test sent to themselves"),
                "test.sent": _("sent a test to who asked for it"),
                "test.failed": _("could not send a test"),
                "asset.exported": _("exported a version of an asset"),
                "collection.made": _("made a collection"),
                "collection.filled": _("put assets into a collection"),
                "collection.emptied": _("took assets out of a collection"),
                "collection.removed": _("deleted a collection"),
            }
        )
