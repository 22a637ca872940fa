"""Addresses of the content library, its assets and their previews."""

from django.urls import path

from content import views

urlpatterns = [
    path("content/", views.asset_list, name="asset-list"),
    # No key holds a plus sign, so this address is never an asset's.
    path("content/+new/", views.asset_create, name="asset-create"),
    path("content/+compose/", views.asset_compose, name="asset-compose"),
    path("content/+drafts/", views.draft_list, name="draft-list"),
    path("content/+new/<slug:token>/draft/", views.draft_new, name="draft-new"),
    path("content/+new/<slug:token>/preview/", views.draft_preview_new, name="draft-preview-new"),
    path("content/+collections/", views.collection_list, name="collection-list"),
    path("content/+collections/<int:pk>/", views.collection_detail, name="collection-detail"),
    path("content/<slug:key>/alike/", views.asset_alike, name="asset-alike"),
    path(
        "content/<slug:key>/alike/<slug:other>/",
        views.asset_differences,
        name="asset-differences",
    ),
    path("content/<slug:key>/", views.asset_detail, name="asset-detail"),
    path("content/<slug:key>/write/", views.asset_write, name="asset-write"),
    path("content/<slug:key>/versions/<int:number>/adapt/", views.asset_adapt, name="asset-adapt"),
    path(
        "content/<slug:key>/versions/<int:number>/take-out/",
        views.asset_take_out,
        name="asset-take-out",
    ),
    path("content/<slug:key>/origins/<slug:origin>/", views.origin_changes, name="origin-changes"),
    path("content/<slug:key>/draft/", views.draft, name="draft"),
    path("content/<slug:key>/draft/preview/", views.draft_preview, name="draft-preview"),
    path("content/<slug:key>/draft/file/", views.draft_upload, name="draft-upload"),
    path(
        "content/<slug:key>/versions/<int:number>/export/", views.asset_export, name="asset-export"
    ),
    path("content/<slug:key>/pictures/", views.pictures, name="asset-pictures"),
    path(
        "content/<slug:key>/pictures/<slug:sha256>/",
        views.picture,
        name="asset-picture",
    ),
    path(
        "content/<slug:key>/pictures/<slug:sha256>/drawing/",
        views.drawing,
        name="asset-drawing",
    ),
    path(
        "content/<slug:key>/versions/<int:number>/test/",
        views.asset_test,
        name="asset-test",
    ),
    path(
        "content/<slug:key>/versions/<int:number>/preview/",
        views.asset_preview,
        name="asset-preview",
    ),
]
