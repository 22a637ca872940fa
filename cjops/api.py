"""Every address of the API, and its description; assembly only."""

from typing import Any

from django.urls import URLPattern, include, path, re_path
from django.utils import translation
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.request import Request
from rest_framework.response import Response

import content.api
import governance.api
import governance.api.trying
import journeys.api
import people.api
import tags.api
from cjops.core.api import nothing_here
from cjops.core.api.views import ApiView
from cjops.core.scopes import Scope


class Description(SpectacularAPIView):
    """The OpenAPI description; public, as it tells nothing but what this code is."""

    authentication_classes = ()
    throttle_classes = ()
    known: dict[str, Any] = {}

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The description, made once for each process: that takes half a second."""
        if not Description.known:
            with translation.override("en"):
                generator = self.generator_class(patterns=described)
                Description.known = generator.get_schema(  # type: ignore[no-untyped-call]
                    request=None, public=True
                )
        return Response(Description.known)


class Docs(SpectacularSwaggerSplitView):
    """The description to read and to try; its script is a file of its own, as the CSP wants."""

    # There is nothing to describe about a page.
    http_method_names = ("get", "head")
    authentication_classes = ()
    throttle_classes = ()
    template_name = "api/docs.html"


class Nothing(ApiView):
    """What is asked for by mistake."""

    schema = None
    writes = frozenset(Scope)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """The same refusal whatever the method."""
        super().initial(request, *args, **kwargs)
        raise nothing_here()


v1: list[URLPattern] = [
    path("journeys/", governance.api.JourneyCollection.as_view(), name="api-journeys"),
    path("journeys/<slug:key>/", governance.api.JourneyDetail.as_view(), name="api-journey"),
    path(
        "journeys/<slug:key>/halt/", governance.api.JourneyHalt.as_view(), name="api-journey-halt"
    ),
    path(
        "journeys/<slug:key>/resume/",
        governance.api.JourneyResume.as_view(),
        name="api-journey-resume",
    ),
    path(
        "journeys/<slug:key>/versions/",
        journeys.api.VersionList.as_view(),
        name="api-journey-versions",
    ),
    path(
        "journeys/<slug:key>/versions/<int:number>/",
        journeys.api.VersionDetail.as_view(),
        name="api-journey-version",
    ),
    path(
        "journeys/<slug:key>/versions/<int:a>/compare/<int:b>/",
        governance.api.JourneyCompare.as_view(),
        name="api-journey-compare",
    ),
    path(
        "journeys/<slug:key>/versions/<int:number>/restore/",
        governance.api.JourneyRestore.as_view(),
        name="api-journey-restore",
    ),
    path(
        "journeys/<slug:key>/steps/<slug:step>/content/",
        governance.api.StepContent.as_view(),
        name="api-step-content",
    ),
    path("changes/", governance.api.ChangeList.as_view(), name="api-changes"),
    path("changes/<int:number>/", governance.api.ChangeDetail.as_view(), name="api-change"),
    path(
        "changes/<int:number>/document/",
        governance.api.ChangeDocument.as_view(),
        name="api-change-document",
    ),
    path(
        "changes/<int:number>/edits/",
        governance.api.ChangeEdits.as_view(),
        name="api-change-edits",
    ),
    path("changes/<int:number>/diff/", governance.api.ChangeDiff.as_view(), name="api-change-diff"),
    path(
        "changes/<int:number>/checks/",
        governance.api.ChangeChecks.as_view(),
        name="api-change-checks",
    ),
    path(
        "changes/<int:number>/evidence/",
        governance.api.ChangeEvidence.as_view(),
        name="api-change-evidence",
    ),
    path(
        "journeys/<slug:key>/versions/<int:number>/evidence/",
        governance.api.JourneyEvidence.as_view(),
        name="api-journey-evidence",
    ),
    path(
        "assets/<slug:key>/pictures/",
        content.api.PictureList.as_view(),
        name="api-asset-pictures",
    ),
    path(
        "assets/<slug:key>/versions/<int:number>/evidence/",
        governance.api.AssetEvidence.as_view(),
        name="api-asset-evidence",
    ),
    path(
        "taxonomies/<slug:key>/versions/<int:number>/evidence/",
        governance.api.TaxonomyEvidence.as_view(),
        name="api-taxonomy-evidence",
    ),
    path(
        "changes/<int:number>/requirements/",
        governance.api.ChangeRequirements.as_view(),
        name="api-change-requirements",
    ),
    path(
        "changes/<int:number>/clashes/",
        governance.api.ChangeClashes.as_view(),
        name="api-change-clashes",
    ),
    path(
        "changes/<int:number>/conflicts/",
        governance.api.ChangeConflicts.as_view(),
        name="api-change-conflicts",
    ),
    path(
        "changes/<int:number>/resolutions/",
        governance.api.ChangeResolutions.as_view(),
        name="api-change-resolutions",
    ),
    path(
        "changes/<int:number>/viewed/",
        governance.api.ChangeViewed.as_view(),
        name="api-change-viewed",
    ),
    path(
        "changes/<int:number>/viewed/<slug:digest>/",
        governance.api.ChangeViewedHunk.as_view(),
        name="api-change-viewed-hunk",
    ),
    path(
        "changes/<int:number>/pick-up/",
        governance.api.ChangePickUp.as_view(),
        name="api-change-pick-up",
    ),
    path(
        "changes/<int:number>/remarks/",
        governance.api.ChangeRemarks.as_view(),
        name="api-change-remarks",
    ),
    path(
        "changes/<int:number>/remarks/<int:remark>/",
        governance.api.RemarkDetail.as_view(),
        name="api-remark",
    ),
    path(
        "changes/<int:number>/remarks/<int:remark>/answers/",
        governance.api.RemarkAnswers.as_view(),
        name="api-remark-answers",
    ),
    path(
        "changes/<int:number>/remarks/<int:remark>/resolve/",
        governance.api.RemarkResolve.as_view(),
        name="api-remark-resolve",
    ),
    path(
        "changes/<int:number>/remarks/<int:remark>/reopen/",
        governance.api.RemarkReopen.as_view(),
        name="api-remark-reopen",
    ),
    path(
        "changes/<int:number>/suggestions/",
        governance.api.ChangeSuggestions.as_view(),
        name="api-change-suggestions",
    ),
    path(
        "changes/<int:number>/suggestions/<int:suggestion>/apply/",
        governance.api.SuggestionApply.as_view(),
        name="api-suggestion-apply",
    ),
    path(
        "changes/<int:number>/suggestions/<int:suggestion>/decline/",
        governance.api.SuggestionDecline.as_view(),
        name="api-suggestion-decline",
    ),
    path(
        "changes/<int:number>/suggestions/<int:suggestion>/withdraw/",
        governance.api.SuggestionWithdraw.as_view(),
        name="api-suggestion-withdraw",
    ),
    path(
        "changes/<int:number>/actions/<slug:action>/",
        governance.api.ChangeAction.as_view(),
        name="api-change-action",
    ),
    path("policies/", governance.api.PolicyCollection.as_view(), name="api-policies"),
    path(
        "policies/health/",
        governance.api.trying.ApproverHealth.as_view(),
        name="api-approver-health",
    ),
    path(
        "policies/replays/",
        governance.api.trying.ReplayCollection.as_view(),
        name="api-replays",
    ),
    path(
        "policies/replays/<int:pk>/",
        governance.api.trying.ReplayDetail.as_view(),
        name="api-replay",
    ),
    path(
        "policies/replays/<int:pk>/rows/",
        governance.api.trying.ReplayRows.as_view(),
        name="api-replay-rows",
    ),
    path("policies/<slug:key>/", governance.api.PolicyDetail.as_view(), name="api-policy"),
    path(
        "policies/<slug:key>/versions/",
        governance.api.PolicyVersionList.as_view(),
        name="api-policy-versions",
    ),
    path("policies/<slug:key>/end/", governance.api.PolicyEnd.as_view(), name="api-policy-end"),
    path(
        "policies/<slug:key>/versions/<int:number>/activate/",
        governance.api.PolicyActivate.as_view(),
        name="api-policy-activate",
    ),
    path(
        "policies/<slug:key>/versions/<int:number>/decline/",
        governance.api.PolicyDecline.as_view(),
        name="api-policy-decline",
    ),
    path("facts/", governance.api.FactList.as_view(), name="api-facts"),
    path("delegations/", governance.api.DelegationCollection.as_view(), name="api-delegations"),
    path("delegations/<int:pk>/", governance.api.DelegationEnd.as_view(), name="api-delegation"),
    path("inbox/", governance.api.Inbox.as_view(), name="api-inbox"),
    path("assets/", governance.api.AssetCollection.as_view(), name="api-assets"),
    path("assets/<slug:key>/", content.api.AssetDetail.as_view(), name="api-asset"),
    path("assets/<slug:key>/alike/", content.api.AssetAlike.as_view(), name="api-asset-alike"),
    path("library/import/", governance.api.ContentImport.as_view(), name="api-library-import"),
    path("campaigns/", governance.api.CampaignCollection.as_view(), name="api-campaigns"),
    path("campaigns/<int:pk>/", governance.api.CampaignDetail.as_view(), name="api-campaign"),
    path("library/facets/", content.api.AssetFacets.as_view(), name="api-asset-facets"),
    path("collections/", content.api.CollectionList.as_view(), name="api-collections"),
    path("collections/<int:pk>/", content.api.CollectionDetail.as_view(), name="api-collection"),
    path(
        "assets/<slug:key>/versions/", content.api.VersionList.as_view(), name="api-asset-versions"
    ),
    path(
        "assets/<slug:key>/versions/<int:number>/",
        content.api.VersionDetail.as_view(),
        name="api-asset-version",
    ),
    path(
        "assets/<slug:key>/versions/<int:number>/export/",
        governance.api.AssetExport.as_view(),
        name="api-asset-export",
    ),
    path(
        "assets/<slug:key>/versions/<int:number>/restore/",
        governance.api.AssetRestore.as_view(),
        name="api-asset-restore",
    ),
    path("taxonomies/", tags.api.TaxonomyList.as_view(), name="api-taxonomies"),
    path("taxonomies/<slug:key>/", tags.api.TaxonomyDetail.as_view(), name="api-taxonomy"),
    path("taxonomies/<slug:key>/concepts/", tags.api.ConceptList.as_view(), name="api-concepts"),
    path("teams/", people.api.TeamList.as_view(), name="api-teams"),
    path("teams/<slug:key>/", people.api.TeamDetail.as_view(), name="api-team"),
    path("users/me/", people.api.Me.as_view(), name="api-me"),
    path("ledger/", governance.api.LedgerList.as_view(), name="api-ledger"),
    path("why/", governance.api.Why.as_view(), name="api-why"),
    path("schemas/journey.json", journeys.api.JourneySchema.as_view(), name="api-schema-journey"),
    path("schemas/asset.json", content.api.AssetSchema.as_view(), name="api-schema-asset"),
    path("schemas/taxonomy.json", tags.api.TaxonomySchema.as_view(), name="api-schema-taxonomy"),
]

described = [path("api/v1/", include(v1))]

urlpatterns = [
    path("v1/", include(v1)),
    path("schema/", Description.as_view(), name="api-schema"),
    path("docs/", Docs.as_view(url_name="api-schema"), name="api-docs"),
    re_path("", Nothing.as_view(), name="api-nothing"),
]
