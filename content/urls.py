"""Addresses of the content library, its assets and their previews."""

from django.urls import path

from content import views

urlpatterns = [
    path("content/", views.asset_list, name="asset-list"),
    # No key holds a plus sign, so this address is never an asset's.
    path("content/+new/", views.asset_create, name="asset-create"),
    path("content/<slug:key>/", views.asset_detail, name="asset-detail"),
    path("content/<slug:key>/write/", views.asset_write, name="asset-write"),
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
