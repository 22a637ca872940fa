"""Addresses of the journeys' screens."""

from django.urls import reverse

DETAIL = reverse("journey-detail", args=["account-opening"])
STEP = reverse("step-detail", args=["account-opening", "welcome-email"])
TABS = ("map", "flow", "content", "story", "versions", "changes", "people")
