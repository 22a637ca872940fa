"""Addresses of teams and one's own preferences."""

from django.urls import path

from people import views

urlpatterns = [
    path("people/", views.team_list, name="team-list"),
    path("people/<slug:key>/", views.team_detail, name="team-detail"),
    path("preferences/", views.preferences, name="preferences"),
]
