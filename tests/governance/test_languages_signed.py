"""Policies ask for languages: each team signs off its own, and the change says which are open."""

import pytest
from django.urls import reverse

import content.services
from content.models import Asset
from governance import queries, rules, services
from governance.gathering import sheet_of
from governance.proposals import proposal_of
from governance.transitions import Action
from tests.cast import email_document, propose, rename, take
from tests.governance.enforcing import leaf, need, only, policy
from tests.pages import text_of

CHINESE = policy(
    "chinese",
    need("chinese", reviewers=[{"people": ["jun@bank.example"]}], scope="parts"),
    when=leaf("languages", "any_of", ["zh-hans"]),
)
EVERYTHING = policy("base", need("base", reviewers=[{"people": ["nora@bank.example"]}]))


def bilingual(subject="Welcome to your account", chinese="欢迎"):
    document = email_document(subject)
    first = document["renditions"][0]
    document["renditions"].append({**first, "key": "zh-hans", "subject": chinese})
    return document


@pytest.fixture
def asset(cast):
    """The welcome e-mail in two languages, live."""
    asset = Asset.objects.get(pk=cast.asset.pk)
    version = content.services.add_version(asset=asset, document=bilingual(), actor=cast.mei)
    content.services.make_live(bound={(asset.key, version.number)})
    only(CHINESE, EVERYTHING)
    return asset


def of_asset(cast, asset, *keys, submit=True):
    """A change of the asset that rewords these languages."""
    change = services.open_change(kind="asset", key=asset.key, title="Words", actor=cast.mei)
    edits = [
        {"op": "update", "element": "renditions", "key": key, "fields": {"subject": "New words"}}
        for key in keys
    ]
    services.edit_change(number=change.number, actor=cast.mei, edits=edits)
    change.refresh_from_db()
    if submit:
        take(change, Action.SUBMIT, cast.mei)
    return change


def facts_of(change):
    return sheet_of(change, proposal_of(change)).change


def asked(change):
    found = rules.rulings_on(change, proposal_of(change), queries.editor_ids(change))
    return {draft.key: len(draft.hunks) for draft in found.drafts}


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        (["en"], {"base": 1}),
        (["zh-hans"], {"base": 1, "chinese": 1}),
        (["en", "zh-hans"], {"base": 2, "chinese": 1}),
    ],
)
def test_only_the_parts_in_its_language_are_asked_of_a_team(cast, asset, keys, expected):
    change = of_asset(cast, asset, *keys, submit=False)
    assert facts_of(change)["languages"] == frozenset(keys)
    assert asked(change) == expected


@pytest.mark.parametrize(
    ("document", "languages"),
    [
        (bilingual(subject="Hello there"), {"en"}),
        (bilingual(chinese="您好"), {"zh-hans"}),
        (email_document(), {"zh-hans"}),
    ],
)
def test_of_a_step_those_count_in_which_the_versions_differ(cast, asset, document, languages):
    shown = asset.versions.get(number=2)
    other = content.services.add_version(asset=asset, document=document, actor=cast.mei)
    before = propose(cast, binds(asset, shown))
    proposal = proposal_of(before)
    after = propose(cast, binds(asset, other))
    # As if the bilingual version were the one that the step shows now.
    moved = type(proposal)("journey", proposal.proposed, proposal_of(after).proposed)
    assert sheet_of(after, moved).change["languages"] == languages


def binds(asset, version):
    fields = {
        "slots/body/asset": asset.key,
        "slots/body/version": version.number,
        "slots/body/digest": version.digest,
    }
    return {"op": "update", "element": "steps", "key": "welcome-email", "fields": fields}


def test_a_step_that_shows_the_same_touches_no_language(cast, asset):
    assert facts_of(propose(cast, rename("Hello")))["languages"] == frozenset()


def test_the_page_says_by_language_who_signed_off_and_who_is_asked(client, cast, asset):
    change = of_asset(cast, asset, "en", "zh-hans")
    client.force_login(cast.mei)
    page = reverse("change-detail", args=[change.number])
    before = text_of(client.get(page)).partition("By language")[2]
    assert "Chinese: waits for Jun" in before
    take(change, Action.APPROVE, cast.jun)
    after = text_of(client.get(page)).partition("By language")[2]
    assert "Chinese: signed off by Jun" in after
    assert "Base: waits for Nora" in after


def test_one_language_that_nobody_asks_for_by_itself_is_not_listed(client, cast, asset):
    change = of_asset(cast, asset, "en")
    client.force_login(cast.mei)
    page = client.get(reverse("change-detail", args=[change.number]))
    assert "By language" not in text_of(page)


def test_a_later_edit_of_one_language_leaves_the_other_signed_off(client, cast, asset):
    change = of_asset(cast, asset, "en", "zh-hans")
    take(change, Action.APPROVE, cast.jun)
    take(change, Action.REQUEST_CHANGES, cast.nora, comment="Shorter, please")
    edit = {"op": "update", "element": "renditions", "key": "en", "fields": {"subject": "Again"}}
    services.edit_change(number=change.number, actor=cast.mei, edits=[edit])
    change.refresh_from_db()
    take(change, Action.SUBMIT, cast.mei)
    client.force_login(cast.mei)
    page = client.get(reverse("change-detail", args=[change.number]))
    assert "Chinese: signed off by Jun" in text_of(page)
