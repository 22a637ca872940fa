"""Decisions that policies ask of few, wherever they apply."""

from governance.queries.health import health
from tests.governance.policies.writing import clear, definition, in_force, make_lead  # noqa: F401


def asks(key, *reviewers, **more):
    return {"key": key, "name": key.title(), "reviewers": list(reviewers), **more}


def few(reader, **more):
    found = health(reader, days=90, **more).fragile
    return {one.name: one.people for one in found if one.kind == "need"}


def test_needs_of_named_people_teams_and_roles_are_listed(client, cast):
    clear()
    lead = make_lead(cast.omar)
    needs = [
        asks("one", {"people": ["tom@bank.example"]}),
        asks("two", {"people": ["tom@bank.example", "nora@bank.example"]}),
        asks("team", {"team": "sms"}),
        asks("members", {"team": "email", "who": "members"}),
        asks("kind", {"team_kind": "legal"}),
        asks("role", {"role": "journey-manager"}),
        asks("otherwise", {"team_kind": "legal"}, otherwise=[{"people": ["tom@bank.example"]}]),
        asks("places", {"stewards": True}),
    ]
    in_force(lead, "letters", require=needs)

    assert few(lead) == {
        "One": ("Tom",),
        "Team": ("Jun",),
        "Kind": (),
        "Role": ("Ana",),
        "Otherwise": ("Tom",),
    }
    assert few(lead, team="sms") == {"Team": ("Jun",)}

    client.force_login(lead)
    assert "Decision “Kind” of a policy" in client.get("/policies/health/").content.decode()
