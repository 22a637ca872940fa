from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GovernanceConfig(AppConfig):
    name = "governance"
    verbose_name = _("Governance")

    def ready(self) -> None:
        # The list of journeys can be narrowed to those with open changes, which only we know.
        import journeys.listing  # noqa: PLC0415
        from cjops.core import auditing  # noqa: PLC0415
        from cjops.core.sealing.sources import register  # noqa: PLC0415
        from content.media import usage  # noqa: PLC0415
        from governance import entries, proposals, queries  # noqa: PLC0415
        from governance.queries.leaving import holdings  # noqa: PLC0415
        from people.leaving import HOLDINGS  # noqa: PLC0415

        register(entries.SOURCE)
        HOLDINGS.append(holdings)
        auditing.register_actions(
            {
                "evidence.exported": _("took evidence along"),
                "ledger.exported": _("took the ledger along"),
                "policies.exported": _("took the policies along"),
                "replay.exported": _("took what a try-out found along"),
                "health.exported": _("took figures about deciding along"),
            }
        )
        # What an open change proposes to show is not unused.
        usage.DOCUMENTS.append(proposals.open_documents)
        journeys.listing.NARROWINGS["changing"] = queries.with_open_changes
