from django.apps import AppConfig
from django.core.checks import Tags, register
from django.utils.translation import gettext_lazy as _

from cjops.core.checks import ledger_anchors, ledger_key


class CoreConfig(AppConfig):
    name = "cjops.core"
    label = "core"

    def ready(self) -> None:
        from cjops.core import auditing  # noqa: PLC0415
        from cjops.core.sealing import sources  # noqa: PLC0415

        sources.register(auditing.SOURCE)
        auditing.register_actions(
            {
                "ledger.anchored": _("kept a tree head elsewhere"),
                "ledger.restored": _("accepted that the ledger was restored from a backup"),
                "admin.added": _("added in the administration"),
                "admin.changed": _("changed in the administration"),
                "admin.deleted": _("deleted in the administration"),
                "admin.acted": _("ran an action in the administration"),
            }
        )
        register(ledger_key, Tags.security, deploy=True)
        register(ledger_anchors, Tags.security, deploy=True)
