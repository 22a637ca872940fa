from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JourneysConfig(AppConfig):
    name = "journeys"
    verbose_name = _("Journeys")

    def ready(self) -> None:
        from content.finding.facets import register_markets  # noqa: PLC0415
        from journeys.markets import JourneyMarkets  # noqa: PLC0415
        from journeys.permissions import DERIVED  # noqa: PLC0415
        from people.deriving import register  # noqa: PLC0415

        register("journey", DERIVED)
        register_markets(JourneyMarkets())
