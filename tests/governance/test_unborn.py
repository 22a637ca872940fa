"""Changes of what was never live, with nothing proposed yet: every page of them answers."""

import pytest
from django.urls import reverse

import content.services
import tags.services
from governance import services
from governance.proposals import proposal_of
from people.models import Team
from tests.cast import email_document, journey_document
from tests.governance.posting import as_posted

KINDS = ("journey", "asset", "taxonomy")
TABS = ("changes", "story", "conflicts", "conversation", "checks", "revisions")
READS = ("checks", "requirements", "diff", "conflicts", "clashes", "viewed", "document")


@pytest.fixture(params=KINDS)
def change(request, cast):
    """A change of a subject of that kind that has no live version, with no edit made."""
    kind = request.param
    if kind == "journey":
        digest = cast.asset.versions.get(number=1).digest
        services.create_journey(key="unborn", actor=cast.omar, raw=journey_document(digest))
    elif kind == "asset":
        content.services.create_asset(
            key="unborn",
            name="Unborn",
            kind="email",
            team=Team.objects.get(key="email"),
            document=email_document(),
            actor=cast.mei,
        )
    else:
        team = Team.objects.get(key="email")
        tags.services.create_taxonomy(key="unborn", name="Unborn", team=team, actor=cast.mei)
    return services.open_change(kind=kind, key="unborn", title="First", actor=cast.omar)


@pytest.mark.django_db
@pytest.mark.parametrize("tab", TABS)
def test_every_tab_of_its_page_answers(cast, change, client, tab):
    client.force_login(cast.omar)
    page = client.get(reverse("change-detail", args=[change.number]), {"tab": tab})
    assert page.status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["change-edit", "change-describe", "change-picture"])
def test_its_other_pages_answer(cast, change, client, name):
    client.force_login(cast.omar)
    # Taxonomies are edited by the API.
    expected = 404 if (change.kind, name) == ("taxonomy", "change-edit") else 200
    assert client.get(reverse(name, args=[change.number])).status_code == expected


@pytest.mark.django_db
def test_every_read_of_the_api_answers(cast, change, client):
    client.force_login(cast.omar)
    address = f"/api/v1/changes/{change.number}/"
    found = {name: client.get(f"{address}{name}/").status_code for name in READS}
    found[""] = client.get(address).status_code
    assert set(found.values()) == {200}, found


@pytest.mark.django_db
def test_the_checks_ask_for_a_name(cast, change):
    assert "name-missing" in {found.code for found in proposal_of(change).findings}


@pytest.mark.django_db
@pytest.mark.parametrize("change", ["asset"], indirect=True)
def test_the_first_words_of_an_asset_are_written_on_its_page(cast, change, client):
    client.force_login(cast.omar)
    address = reverse("change-edit", args=[change.number])
    sent = as_posted(client.get(address).content.decode())
    sent |= {"do": "add", "add_language": "en"}
    sent = as_posted(client.post(address, sent).content.decode())
    sent |= {"name": "Named", "en.subject": "Hello", "do": "save"}

    page = client.post(address, sent)

    assert page.status_code == 302
    assert proposal_of(type(change).objects.get(pk=change.pk)).proposed["name"] == "Named"


NAMED = {"op": "update", "element": "header", "fields": {"name": "N"}}
PAGES = [
    ("change-suggest", ["header", "header"]),
    ("change-edit-element", ["header", "header"]),
    ("change-new-element", ["steps"]),
    ("change-preview", ["after"]),
    ("change-preview", ["before"]),
    ("change-text", ["header/header/name"]),
    ("change-hunk", ["header", "header"]),
    *[("change-take", [action]) for action in ("submit", "queue", "withdraw", "reject", "comment")],
]


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "place"), PAGES)
def test_whatever_else_is_asked_is_answered(cast, change, client, name, place):
    for user in (cast.omar, cast.mei):
        client.force_login(user)
        answer = client.get(reverse(name, args=[change.number, *place]))
        assert answer.status_code < 500


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("call", "body"),
    [
        ("actions/submit", {}),
        ("actions/rebase", {}),
        ("edits", {"edits": [NAMED]}),
        ("edits", {"edits": [{"op": "add", "element": "renditions", "key": "en", "fields": {}}]}),
        (
            "suggestions",
            {"edits": [NAMED]},
        ),
    ],
)
def test_whatever_is_done_to_it_is_answered(cast, change, client, call, body):
    for user in (cast.mei, cast.omar):
        client.force_login(user)
        address = f"/api/v1/changes/{change.number}/{call}/"
        answer = client.post(address, body, content_type="application/json")
        assert answer.status_code < 500
        assert client.get(reverse("change-detail", args=[change.number])).status_code in (200, 404)
