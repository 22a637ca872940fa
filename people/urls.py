"""Addresses of teams and one's own preferences."""

from django.urls import path

from people import account_views, views

urlpatterns = [
    path("people/", views.team_list, name="team-list"),
    path("people/<slug:key>/", views.team_detail, name="team-detail"),
    path("preferences/", views.preferences, name="preferences"),
    path("preferences/sessions/", account_views.session_list, name="session-list"),
    path(
        "preferences/sessions/end-others/",
        account_views.session_end_others,
        name="session-end-others",
    ),
    path("preferences/sessions/<int:pk>/end/", account_views.session_end, name="session-end"),
    path("preferences/tokens/", account_views.token_list, name="token-list"),
    path("preferences/tokens/<int:pk>/end/", account_views.token_end, name="token-end"),
]
