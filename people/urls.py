"""Addresses of teams and one's own preferences."""

from django.urls import path

from people import account_views, views

urlpatterns = [
    path("people/", views.team_list, name="team-list"),
    path("people/<slug:key>/", views.team_detail, name="team-detail"),
    path("preferences/", views.preferences, name="preferences"),
    path("preferences/tokens/", account_views.token_list, name="token-list"),
    path("preferences/tokens/<int:pk>/end/", account_views.token_end, name="token-end"),
]
