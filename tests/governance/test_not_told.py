"""Restricted subjects are not told by delegations and policies that name them."""

import pytest

import people.leaving
import people.services
from cjops.core.errors import Conflict, Invalid
from governance import services
from governance.models import Delegation
from journeys.models import Journey
from tests.api.conftest import ApiClient
from tests.governance.delegations import hand_on
from tests.governance.policies.writing import clear, in_force, make_lead

KEY, NAME = "account-opening", "Account opening"
HIDDEN = "a subject you cannot see"
ABOUT_IT = {"any": [{"fact": "key", "op": "any_of", "value": [KEY, "other"]},
                    {"not": {"fact": "parents", "op": "any_of", "value": [KEY]}}]}  # fmt: skip


def restrict(cast, *, yes=True):
    Journey.objects.filter(pk=cast.journey.pk).update(is_restricted=yes)
    cast.journey.refresh_from_db()


def page(client, user, path):
    client.force_login(user)
    return client.get(path).content.decode()


def api(user):
    return ApiClient(people.services.issue_token(user=user))


# --- delegations ----------------------------------------------------------------------------------


def test_a_delegation_on_a_journey_does_not_tell_it(client, cast):
    restrict(cast, yes=False)
    made = hand_on(cast.ana, cast.zoe, journey=cast.journey)
    assert f"on the journey {NAME}" in page(client, cast.zoe, "/delegations/")
    restrict(cast)

    said = page(client, cast.zoe, "/delegations/")
    assert "on one journey you cannot see" in said
    assert NAME not in said
    assert f"on the journey {NAME}" in page(client, cast.ana, "/delegations/")

    row = api(cast.zoe).read("/delegations/").json()["results"][0]
    assert (row["id"], row["journey"], row["is_journey_hidden"]) == (made.pk, None, True)
    row = api(cast.ana).read("/delegations/").json()["results"][0]
    assert (row["journey"], row["is_journey_hidden"]) == (KEY, False)


def test_nobody_decides_on_a_journey_they_do_not_see(cast):
    restrict(cast)
    with pytest.raises(Invalid) as refused:
        hand_on(cast.ana, cast.zoe, journey=cast.journey)
    assert "does not see this journey" in str(refused.value.errors["taker"])


def test_nobody_takes_what_is_somebody_elses(cast):
    lead = make_lead(cast.omar)
    with pytest.raises(Invalid) as refused:
        hand_on(cast.ana, lead, actor=lead)
    assert refused.value.errors == {"taker": ["Somebody else has to hand decisions to you."]}
    assert hand_on(cast.ana, cast.jun, actor=lead)


def test_a_circle_names_nobody(cast):
    hand_on(cast.jun, cast.zoe)
    hand_on(cast.zoe, cast.tom)
    with pytest.raises(Conflict) as refused:
        hand_on(cast.tom, cast.jun)
    assert refused.value.code == "delegation_circle"
    assert not any(name in refused.value.message for name in ("Zoe", "Jun", "Tom"))


def test_what_ends_is_noted_on_the_taker(cast):
    made = hand_on(cast.ana, cast.jun)
    services.end_delegation(pk=made.pk, actor=cast.jun)
    cast.jun.refresh_from_db()
    assert cast.jun.acts_for_others_until == Delegation.objects.get().ends_at


# --- policies -------------------------------------------------------------------------------------


@pytest.fixture
def lead(cast):
    clear()
    found = make_lead(cast.omar)
    in_force(found, "quiet", when=ABOUT_IT["any"][0])
    in_force(found, "quiet", when=ABOUT_IT)
    restrict(cast)
    return found


def test_pages_of_policies_do_not_tell_it(client, cast, lead):
    for path in ("/policies/", "/policies/quiet/"):
        said = page(client, cast.zoe, path)
        assert HIDDEN in said, path
        assert KEY not in said, path
        for reader in (lead, cast.ida, cast.ana):
            assert KEY in page(client, reader, path)
    assert "As YAML" not in page(client, cast.ana, "/policies/quiet/")
    assert "As YAML" in page(client, lead, "/policies/quiet/")


def test_programs_do_not_read_it(cast, lead):
    for path in ("/policies/", "/policies/quiet/", "/policies/quiet/versions/"):
        said = api(cast.zoe).read(path).content.decode()
        assert KEY not in said, path
        assert '"?"' in said, path
        assert '"other"' in said, path
        for reader in (lead, cast.ida, cast.ana):
            assert KEY in api(reader).read(path).content.decode()


def test_only_who_reads_policies_whole_takes_them_along(client, cast, lead):
    client.force_login(cast.ana)
    assert client.get("/policies/export/").status_code == 403
    assert "/policies/export/" not in page(client, cast.ana, "/policies/")
    client.force_login(cast.ida)
    assert client.get("/policies/export/").status_code == 200
    assert "/policies/export/" in page(client, cast.ida, "/policies/")


def test_how_much_is_uncovered_is_for_governance_leads(client, cast, lead):
    clear()
    assert "may find no policy" in page(client, lead, "/policies/")
    assert "may find no policy" not in page(client, cast.ida, "/policies/")
    assert "may find no policy" not in page(client, cast.zoe, "/policies/")


# --- content that nobody may decide on ------------------------------------------------------------


def submit(cast):
    return services.submit_content(
        journey_key=cast.journey.key,
        step_key="welcome-email",
        slot="body",
        actor=cast.mei,
        asset_key=cast.asset.key,
        rationale="Shorter",
        document={**cast.asset.live_version.get_document(), "name": "Shorter welcome"},
    )


def test_content_that_no_policy_is_about_is_refused_in_words(client, cast):
    clear()
    with pytest.raises(Conflict) as refused:
        submit(cast)
    assert refused.value.code == "no_policy"
    assert refused.value.message
    assert not cast.asset.versions.filter(number__gt=1).exists()


def test_content_that_nobody_may_decide_on_is_refused_in_words(cast):
    clear()
    lead = make_lead(cast.omar)
    in_force(lead, "letters")
    people.leaving.deactivate(person=cast.tom.pk, actor=cast.omar)
    with pytest.raises(Conflict) as refused:
        submit(cast)
    assert refused.value.code == "nobody_eligible"
    assert refused.value.message
