"""Addresses of what waits, changes, and content for a step."""

from django.urls import path

from governance import views
from governance.views import policies, trying

urlpatterns = [
    # No key holds a plus sign, so these addresses are never an asset's.
    path("content/+bulk/", views.asset_bulk, name="asset-bulk"),
    path("content/+calendar/", views.asset_calendar, name="asset-calendar"),
    path("content/+unused/", views.asset_unused, name="asset-unused"),
    path("content/<slug:key>/retire/", views.asset_retire, name="asset-retire"),
    path("", views.inbox, name="inbox"),
    path("inbox/read/", views.notification_read_all, name="notification-read-all"),
    path("changes/", views.change_list, name="change-list"),
    path("changes/new/<slug:kind>/<slug:key>/", views.change_open, name="change-open"),
    path("changes/concepts/", views.concept_options, name="concept-options"),
    path("changes/<int:number>/", views.change_detail, name="change-detail"),
    path("changes/<int:number>/take/<slug:action>/", views.change_take, name="change-take"),
    path("changes/<int:number>/preview/<slug:side>/", views.change_preview, name="change-preview"),
    path("changes/<int:number>/text/<path:place>/", views.change_text, name="change-text"),
    path(
        "changes/<int:number>/content-frame/<slug:side>/<path:place>/",
        views.change_content_frame,
        name="change-content-frame",
    ),
    path(
        "changes/<int:number>/content/<path:place>/",
        views.change_content,
        name="change-content",
    ),
    path(
        "changes/<int:number>/remarks/<int:remark>/answer/",
        views.remark_answer,
        name="remark-answer",
    ),
    path(
        "changes/<int:number>/remarks/<int:remark>/resolve/",
        views.remark_resolve,
        name="remark-resolve",
    ),
    path(
        "changes/<int:number>/remarks/<int:remark>/discard/",
        views.remark_discard,
        name="remark-discard",
    ),
    path("changes/<int:number>/rebase/", views.change_rebase, name="change-rebase"),
    path("changes/<int:number>/describe/", views.change_describe, name="change-describe"),
    path("changes/<int:number>/deciders/", views.change_deciders, name="change-deciders"),
    path("changes/<int:number>/pick-up/", views.change_pick_up, name="change-pick-up"),
    path("changes/<int:number>/put-down/", views.change_put_down, name="change-put-down"),
    path("changes/<int:number>/viewed/", views.change_viewed, name="change-viewed"),
    path("changes/<int:number>/picture/", views.change_picture, name="change-picture"),
    path(
        "changes/<int:number>/hunks/<slug:element>/<slug:key>/",
        views.change_hunk,
        name="change-hunk",
    ),
    path(
        "changes/<int:number>/suggest/<slug:element>/<slug:key>/",
        views.change_suggest,
        name="change-suggest",
    ),
    path(
        "changes/<int:number>/suggestions/<int:suggestion>/apply/",
        views.suggestion_apply,
        name="suggestion-apply",
    ),
    path(
        "changes/<int:number>/suggestions/<int:suggestion>/decline/",
        views.suggestion_decline,
        name="suggestion-decline",
    ),
    path(
        "changes/<int:number>/suggestions/<int:suggestion>/withdraw/",
        views.suggestion_withdraw,
        name="suggestion-withdraw",
    ),
    path("changes/<int:number>/evidence/", views.change_evidence, name="change-evidence"),
    path(
        "evidence/<slug:kind>/<slug:key>/<int:number>/",
        views.version_evidence,
        name="version-evidence",
    ),
    path("changes/<int:number>/edit/", views.change_edit, name="change-edit"),
    path(
        "changes/<int:number>/edit/<slug:element>/new/",
        views.change_new_element,
        name="change-new-element",
    ),
    path(
        "changes/<int:number>/edit/<slug:element>/<slug:key>/",
        views.change_edit_element,
        name="change-edit-element",
    ),
    path(
        "changes/<int:number>/edit/<slug:element>/<slug:key>/move/",
        views.change_move_element,
        name="change-move-element",
    ),
    path(
        "changes/<int:number>/edit/<slug:element>/<slug:key>/remove/",
        views.change_remove_element,
        name="change-remove-element",
    ),
    path("delegations/", views.delegation_list, name="delegation-list"),
    path("delegations/<int:pk>/end/", views.delegation_end, name="delegation-end"),
    path("why/", views.why, name="why"),
    path("ledger/", views.ledger_list, name="ledger"),
    path("ledger/export/<slug:form>/", views.ledger_export, name="ledger-export"),
    path("policies/", policies.policy_list, name="policy-list"),
    path("policies/new/", policies.policy_create, name="policy-create"),
    path("policies/import/", policies.policy_import, name="policy-import"),
    path("policies/export/", policies.policy_export, name="policy-export"),
    path("policies/test/", trying.policy_test, name="policy-test"),
    path("policies/health/", trying.approver_health, name="approver-health"),
    path("policies/replays/", trying.replay_list, name="replay-list"),
    path("policies/replays/new/", trying.replay_create, name="replay-create"),
    path("policies/replays/<int:pk>/", trying.replay_detail, name="replay-detail"),
    path("policies/replays/<int:pk>/cancel/", trying.replay_cancel, name="replay-cancel"),
    path("policies/replays/<int:pk>.csv", trying.replay_export, name="replay-export"),
    path("policies/<slug:key>/", policies.policy_detail, name="policy-detail"),
    path("policies/<slug:key>/edit/", policies.policy_edit, name="policy-edit"),
    path("policies/<slug:key>/end/", policies.policy_end, name="policy-end"),
    path(
        "policies/<slug:key>/versions/<int:number>/activate/",
        policies.policy_activate,
        name="policy-activate",
    ),
    path(
        "policies/<slug:key>/versions/<int:number>/decline/",
        policies.policy_decline,
        name="policy-decline",
    ),
    # No key holds a plus sign, so this address is never a journey's.
    path("journeys/+new/", views.journey_create, name="journey-create"),
    path("freezes/", views.freeze_list, name="freeze-list"),
    path("journeys/<slug:key>/halt/", views.journey_halt, name="journey-halt"),
    path("journeys/<slug:key>/resume/", views.journey_resume, name="journey-resume"),
    path("journeys/<slug:key>/versions/compare/", views.version_pick, name="version-pick"),
    path(
        "journeys/<slug:key>/versions/<int:a>/compare/<int:b>/",
        views.version_compare,
        name="version-compare",
    ),
    path(
        "journeys/<slug:key>/versions/<int:number>/restore/",
        views.version_restore,
        name="version-restore",
    ),
    path(
        "journeys/<slug:journey>/steps/<slug:step>/submit/",
        views.content_submit,
        name="content-submit",
    ),
]
