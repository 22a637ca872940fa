"""`import_journey`: a change with a definition from a file, on real files and on bad ones."""

from io import StringIO
from pathlib import Path

import orjson
import pytest
from django.core.management import CommandError, call_command

from content.definition import complete as asset_document
from content.models import Asset, AssetVersion
from governance import policies, queries, services
from governance.management.commands.import_journey import _beside
from governance.models import Change, LedgerEntry
from governance.proposals import proposal_of
from governance.services.importing import import_journey
from governance.transitions import Action, State
from journeys.definition import complete
from journeys.importers import MAX_BYTES, Imported, ImportedContent
from journeys.models import Journey
from people import granting
from people.models import User
from tests.real import real_path

FILES = [
    ("salesforce", "salesforce/multistep.definition.json"),
    ("salesforce", "salesforce/multistep.version1.api.json"),
    ("dittofeed", "dittofeed/onboarding.yaml"),
]
SMALL = {
    "key": "small",
    "document": {
        "name": "Small",
        "stages": [{"key": "only", "name": "Only"}],
        "entries": [{"key": "in", "name": "In", "rule": "Anybody", "step": "hello"}],
        "steps": [
            {"key": "hello", "stage": "only", "name": "Hello", "kind": "action"},
            {"key": "bye", "stage": "only", "name": "Bye", "kind": "exit"},
        ],
        "transitions": [{"key": "hello-bye", "source": "hello", "target": "bye"}],
    },
}


MEI = "mei@bank.example"


def run(path: Path | str, format: str = "cjops", by: str = MEI, key: str = "") -> str:
    out = StringIO()
    call_command("import_journey", str(path), format=format, user=by, key=key, stdout=out)
    return out.getvalue()


def refusal(path: Path | str, **said: str) -> str:
    with pytest.raises(CommandError) as caught:
        run(path, **said)
    return str(caught.value)


def real(name: str) -> Path:
    return real_path(f"journeys/{name}")


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "small.json"
    path.write_bytes(orjson.dumps(SMALL))
    return path


def steward(channel: str) -> User:
    return User.objects.filter(
        memberships__role="lead", memberships__team__channels__key=channel
    ).order_by("pk")[0]


@pytest.mark.real_data
@pytest.mark.parametrize(("format", "name"), FILES)
def test_a_real_file_goes_all_the_way(cast, format, name):
    said = run(real(name), format, key="brought-in")
    change = Change.objects.get(journey__key="brought-in")
    assert f"Opened change {change.number} of brought-in" in said
    assert "Not carried over:\n- " in said
    assert (change.state, change.author) == (State.DRAFT, cast.mei)
    assert change.journey.live_version is None
    assert proposal_of(change).errors == []
    services.take(action=Action.SUBMIT, number=change.number, actor=cast.mei)
    for requirement in change.requirements.all():
        able = queries.deciders([requirement], change)[requirement.pk]
        assert cast.mei not in able
        if requirement.met_at is None:
            services.take(action=Action.APPROVE, number=change.number, actor=able[0])
    services.take(action=Action.PUBLISH, number=change.number, actor=cast.mei)
    journey = Journey.objects.get(key="brought-in")
    assert journey.live_version.number == 1
    assert journey.steps.count() == journey.step_count > 3
    for asset in Asset.objects.filter(bindings__step__journey=journey):
        assert asset.live_version == asset.versions.first()
        assert asset.team.key == "email"
    assert "says just this" in run(real(name), format, key="brought-in")


@pytest.mark.real_data
@pytest.mark.parametrize(("format", "name"), FILES)
def test_the_same_file_again_opens_nothing(cast, format, name):
    run(real(name), format)
    before = [model.objects.count() for model in (Change, Asset, AssetVersion, LedgerEntry)]
    said = run(real(name), format)
    assert f"Change {Change.objects.latest('number').number} of" in said
    assert "proposes this already" in said
    assert before == [model.objects.count() for model in (Change, Asset, AssetVersion, LedgerEntry)]


def test_who_brings_a_journey_answers_for_it_but_does_not_decide(cast, small):
    run(small)
    change = Change.objects.get(journey__key="small")
    standing = policies.Standing(cast.mei, change)
    assert {"propose", "publish", "manage"} <= standing.rights
    services.take(action=Action.SUBMIT, number=change.number, actor=cast.mei)
    assert not policies.can(cast.mei, change, Action.APPROVE)
    assert policies.can(cast.omar, Change.objects.get(pk=change.pk), Action.APPROVE)


def test_a_journey_that_exists_gets_a_change_and_stays_live(cast, small):
    live = cast.journey.live_version
    run(small, by="ana@bank.example", key="account-opening")
    change = Change.objects.latest("number")
    assert change.journey == cast.journey
    assert (change.base_number, change.base_digest) == (live.number, live.digest)
    cast.journey.refresh_from_db()
    assert cast.journey.live_version == live


def with_content(key: str) -> Imported:
    hello, bye = SMALL["document"]["steps"]
    message = {
        "kind": "message",
        "channel": "email",
        "slots": {"body": {"asset": key, "version": 1}},
    }
    document = {**SMALL["document"], "steps": [{**hello, **message}, bye]}
    content = asset_document({"name": "Other", "kind": "email", "renditions": [{"key": "en"}]})
    return Imported(
        complete(document), "other", (), (ImportedContent(key, "Other", "email", content),)
    )


def test_content_of_a_taken_key_gets_another(cast):
    imported = with_content("onboarding-welcome")
    outcome = import_journey(imported=imported, actor=cast.mei)
    assert outcome.assets == ("other-onboarding-welcome",)
    again = import_journey(imported=imported, actor=cast.mei)
    assert (again.assets, again.is_new, again.change) == ((), False, outcome.change)


def test_content_belongs_to_the_stewards_whoever_brings_it(cast):
    outcome = import_journey(imported=with_content("news"), actor=cast.jun)
    assert Asset.objects.get(key="news").team.key == "email"
    assert outcome.change.author == cast.jun


def test_a_person_without_rights_is_refused_and_nothing_is_left(cast, small):
    before = Change.objects.count()
    assert "already a journey" in refusal(small, key="account-opening", by="zoe@bank.example")
    Journey.objects.filter(pk=cast.journey.pk).update(is_restricted=False)
    granting.take_back(grant=cast.journey.grants.get(team__key="sms"), actor=None)
    # Jun's team owns a step, which is not the same as the whole journey.
    assert "your team owns" in refusal(small, key="account-opening", by="jun@bank.example")
    assert "may not propose" in refusal(small, key="account-opening", by="zoe@bank.example")
    assert Change.objects.count() == before


@pytest.mark.parametrize(
    ("content", "format", "words"),
    [
        (b"{", "salesforce", "not valid JSON"),
        (b"[]", "salesforce", "not a Journey Builder definition"),
        (b"\xff\xfe", "dittofeed", "UTF-8"),
        (b"a: [", "dittofeed", "not valid YAML"),
        (b"\x89PNG\r\n\x1a\n", "cjops", "not valid JSON"),
        (b'{"schema": "asset/1"}', "cjops", "not a journey definition"),
        (b'{"name": 3}', "cjops", "must be text"),
        (b" " * (MAX_BYTES + 1), "cjops", "larger than 10 MB"),
    ],
)
def test_a_file_that_is_not_what_it_says(cast, tmp_path, content, format, words):
    path = tmp_path / "file"
    path.write_bytes(content)
    message = refusal(path, format=format)
    assert words in message
    assert "\n" not in message


def test_bad_arguments(cast, tmp_path, small):
    assert "No such file" in refusal(tmp_path / "missing.json")
    assert "directory" in refusal(tmp_path)
    assert "Nobody signs in with x@y.example" in refusal(small, by="x@y.example")
    assert "not a valid key" in refusal(small, key="Not a key")
    assert "80 characters" in refusal(small, key="k" * 81)
    with pytest.raises(CommandError, match="bpmn"):
        run(small, format="bpmn")


@pytest.mark.parametrize("name", ["../secret.liquid.html", "/etc/passwd", "..", ".", "", "a\x00b"])
def test_nothing_outside_the_folder_is_read(tmp_path, name):

    (tmp_path / "secret.liquid.html").write_text("secret")
    inner = tmp_path / "inner"
    inner.mkdir()
    assert _beside(inner / "file.yaml", name) is None
