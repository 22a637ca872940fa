"""What leaves the portal as a file is written down; a look ahead at the address is not."""

import pytest
from django.urls import reverse

from cjops.core.models import AuditEntry

pytestmark = pytest.mark.django_db


def noted():
    return list(
        AuditEntry.objects.filter(action__endswith=".exported")
        .order_by("pk")
        .values_list("action", "data")
    )


@pytest.mark.parametrize(
    ("route", "query", "said"),
    [
        ("policy-export", "", ("policies.exported", {})),
        ("approver-health", "?csv=teams", ("health.exported", {"table": "teams", "days": 90})),
    ],
)
def test_exports_are_noted(client, cast, route, query, said):
    client.force_login(cast.ida)
    address = reverse(route) + query
    client.head(address)
    assert noted() == []
    assert client.get(address).status_code == 200
    assert noted() == [said]
    client.force_login(cast.mei)
    assert client.get(address).status_code == 403
    assert noted() == [said]


def test_looking_at_figures_is_no_export(client, cast):
    client.force_login(cast.ida)
    assert client.get(reverse("approver-health")).status_code == 200
    assert noted() == []
