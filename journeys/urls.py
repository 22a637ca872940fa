"""Addresses of journeys, their versions and their steps."""

from django.urls import path

from journeys import views

urlpatterns = [
    path("content/<slug:key>/uses/", views.asset_uses, name="asset-uses"),
    path("journeys/", views.journey_list, name="journey-list"),
    path("journeys/<slug:key>/", views.journey_detail, name="journey-detail"),
    path("journeys/<slug:key>/versions/<int:number>/", views.version_detail, name="version-detail"),
    path("journeys/<slug:key>/steps/<slug:step>/", views.step_detail, name="step-detail"),
]
