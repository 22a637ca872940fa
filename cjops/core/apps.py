from django.apps import AppConfig
from django.core.checks import Tags, register

from cjops.core.checks import ledger_key


class CoreConfig(AppConfig):
    name = "cjops.core"
    label = "core"

    def ready(self) -> None:
        from cjops.core import auditing  # noqa: PLC0415
        from cjops.core.sealing import sources  # noqa: PLC0415

        sources.register(auditing.SOURCE)
        register(ledger_key, Tags.security, deploy=True)
