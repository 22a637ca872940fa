"""A bundle holds what is known of a change, and whatever is altered in it is found."""

import io
import json
import subprocess
import sys
import zipfile
from hashlib import sha256

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from cjops.core import auditing
from cjops.core.errors import NotFound
from cjops.core.models import AuditEntry, TreeHead
from cjops.core.sealing import keys, verify
from cjops.core.sealing.heads import as_anchor
from cjops.core.sealing.log import seal
from governance.evidence import evidence_of_change, evidence_of_version
from governance.evidence.packing import as_json
from governance.models import LedgerEntry
from governance.services import halt
from tests.cast import propose, reach, rename, take

pytestmark = pytest.mark.django_db


def unpacked(data):
    with zipfile.ZipFile(io.BytesIO(data)) as bundle:
        return {name: bundle.read(name) for name in bundle.namelist()}


@pytest.fixture
def change(cast, key):
    return reach(cast, "published")


@pytest.fixture
def files(cast, change):
    return unpacked(evidence_of_change(number=change.number, reader=cast.ida).data)


def found(files, **said):
    return list(verify.check(files, **said))


def entries(files):
    return json.loads(files["ledger/entries.json"])


def signed_again(files, signer):
    """As somebody would who has the key: the manifest fits, and only the log can tell."""
    names = files.keys() - {verify.MANIFEST, verify.SIGNATURE}
    manifest = json.loads(files[verify.MANIFEST])
    manifest["files"] = {name: sha256(files[name]).hexdigest() for name in names}
    files[verify.MANIFEST] = as_json(manifest)
    files[verify.SIGNATURE] = signer.sign(verify.PURPOSE + files[verify.MANIFEST])
    return files


def with_entries(files, told):
    return signed_again({**files, "ledger/entries.json": as_json(told)}, keys.signer())


# --- what it holds --------------------------------------------------------------------------------


def test_it_holds_and_says_all_of_it(files, change, key):
    assert found(files, key=key.pem.encode()) == []
    assert len(entries(files)) == LedgerEntry.objects.filter(change=change).count()
    assert files["report.pdf"].startswith(b"%PDF")
    assert {"documents/proposed.json", "changes.json", "requirements.json"} <= files.keys()
    assert {"decisions.json", "conversation.json", "people.json", "verify.py"} <= files.keys()
    assert json.loads(files["requirements.json"])[0]["why"]


def test_documents_are_those_of_their_digests(files, change):
    index = json.loads(files["documents/index.json"])
    assert index["proposed"]["digest"] == change.digest
    assert sha256(files[index["proposed"]["file"]]).hexdigest() == change.digest
    assert "before" in index
    assert "published" in index


def test_content_is_there_as_it_is_shown(cast, key):
    made = evidence_of_version(kind="journey", key=cast.journey.key, number=1, reader=cast.ida)
    files = unpacked(made.data)
    assert found(files, key=key.pem.encode()) == []
    (one,) = json.loads(files["content/index.json"])
    assert b"Your account is open." in files[one["pages"]["en"]]


@pytest.mark.parametrize(("kind", "subject"), [("journey", "journey"), ("asset", "asset")])
def test_versions_have_evidence(cast, change, key, kind, subject):
    of = getattr(cast, subject)
    of.refresh_from_db()
    made = evidence_of_version(
        kind=kind, key=of.key, number=of.live_version.number, reader=cast.ida
    )
    files = unpacked(made.data)
    assert found(files, key=key.pem.encode()) == []
    assert json.loads(files["documents/index.json"])["version"]["digest"] == of.live_version.digest


def test_a_draft_has_evidence(cast, key):
    change = propose(cast, rename("Hello 你好"))
    files = unpacked(evidence_of_change(number=change.number, reader=cast.mei).data)
    assert found(files, key=key.pem.encode()) == []


def test_the_same_input_gives_the_same_bytes(cast, change, monkeypatch):
    monkeypatch.setattr("governance.evidence.exporting._note", lambda *_args, **_said: None)
    at = LedgerEntry.objects.latest("pk").at
    monkeypatch.setattr("governance.evidence.exporting.timezone.now", lambda: at)
    first, second = (evidence_of_change(number=change.number, reader=cast.ida) for _ in range(2))
    assert first.data == second.data


def test_whoever_does_not_see_it_gets_nothing(cast, change):
    cast.journey.is_restricted = True
    cast.journey.save()
    with pytest.raises(NotFound):
        evidence_of_change(number=change.number, reader=cast.zoe)
    assert not AuditEntry.objects.filter(action="evidence.exported").exists()


def test_taking_it_along_is_noted(cast, change, files):
    entry = AuditEntry.objects.get(action="evidence.exported")
    assert (entry.actor, entry.about, entry.about_id) == (
        cast.ida, "governance.change", change.number)  # fmt: skip


def test_it_is_checked_without_the_portal(cast, change, key, tmp_path):
    bundle = tmp_path / "evidence.zip"
    bundle.write_bytes(evidence_of_change(number=change.number, reader=cast.ida).data)
    with zipfile.ZipFile(bundle) as packed:
        packed.extractall(tmp_path / "open")
    (tmp_path / "key.pem").write_text(key.pem)
    script = [sys.executable, "-I", str(tmp_path / "open" / "verify.py")]

    def run(*arguments):
        return subprocess.run([*script, *map(str, arguments)], capture_output=True, text=True,
                              cwd=tmp_path)  # fmt: skip

    assert run("--key", tmp_path / "key.pem").returncode == 0
    assert run(bundle, "--key", tmp_path / "key.pem").returncode == 0
    (tmp_path / "open" / "changes.txt").write_text("else")
    done = run()
    assert done.returncode == 1
    assert "changes.txt is not what the manifest names" in done.stdout
    assert run(tmp_path / "nothing.zip").returncode == 2


# --- what is altered ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["changes.txt", "people.json", "report.pdf", "decisions.json"])
def test_an_altered_file(files, name):
    assert f"{name} is not what the manifest names." in found({**files, name: b"[]"})


def test_a_file_that_is_gone_or_came_in(files):
    del files["changes.txt"]
    said = found({**files, "more.txt": b""})
    assert said == ["changes.txt is missing.", "more.txt is not in the manifest."]


def test_a_manifest_that_was_made_to_fit(files):
    files["changes.txt"] = b"else"
    manifest = json.loads(files[verify.MANIFEST])
    manifest["files"]["changes.txt"] = sha256(b"else").hexdigest()
    files[verify.MANIFEST] = as_json(manifest)
    assert found(files) == ["The manifest is not signed by the key."]


def test_an_altered_entry(files):
    told = entries(files)
    told[1]["body"] = told[1]["body"].replace('"v":1', '"v":2')
    place = told[1]["position"]
    said = found(with_entries(files, told))
    assert said == [f"The entry at position {place} is not the one that was sealed."]


def test_an_altered_entry_with_its_leaf(files):
    told = entries(files)
    told[1]["body"] = told[1]["body"].replace('"v":1', '"v":2')
    told[1]["leaf"] = verify.leaf_hash(told[1]["body"].encode()).hex()
    said = found(with_entries(files, told))
    assert said == [f"The entry at position {told[1]['position']} is not under the tree head."]


def test_an_entry_that_is_gone_without_the_key(files):
    said = found({**files, "ledger/entries.json": as_json(entries(files)[1:])})
    assert said == ["ledger/entries.json is not what the manifest names."]


def test_an_entry_that_came_in(files):
    told = entries(files)
    more = {**told[-1], "position": told[-1]["position"] + 1}
    said = found(with_entries(files, [*told, more]))
    assert said == [f"The entry at position {more['position']} is not under the tree head."]


def test_entries_that_changed_places(files):
    told = entries(files)
    told[0], told[1] = told[1], told[0]
    said = found(with_entries(files, told))
    assert said == [f"The entry at position {told[1]['position']} is out of order or comes twice."]
    told[0]["position"], told[1]["position"] = told[1]["position"], told[0]["position"]
    assert len(found(with_entries(files, told))) == 2


@pytest.mark.parametrize("name", ["proposed", "published", "before"])
def test_another_document(files, name):
    index = json.loads(files["documents/index.json"])
    other = b'{"name":"else"}'
    index[name] = {"digest": sha256(other).hexdigest(), "file": "documents/else.json"}
    altered = {**files, "documents/else.json": other, "documents/index.json": as_json(index)}
    said = found(signed_again(altered, keys.signer()))
    assert f"The {name} document is not the one that the ledger names." in said


def test_other_content(cast, change, key):
    made = evidence_of_version(kind="journey", key=cast.journey.key, number=1, reader=cast.ida)
    files = unpacked(made.data)
    index = json.loads(files["content/index.json"])
    index[0]["digest"] = sha256(b"{}").hexdigest()
    altered = {**files, index[0]["document"]: b"{}", "content/index.json": as_json(index)}
    said = found(signed_again(altered, keys.signer()))
    assert said == [f"No document shows {index[0]['document']}."]


# --- keys and heads from elsewhere ----------------------------------------------------------------


def test_another_log_with_another_key(cast, change, files, key, tmp_path, settings):
    anchor = as_anchor(TreeHead.objects.latest("size"))
    settings.LEDGER_KEY_FILE = str(tmp_path / "other.pem")
    other = keys.make(settings.LEDGER_KEY_FILE)
    halt(journey_key=cast.journey.key, kind="pause", actor=cast.ana)
    forged = unpacked(evidence_of_change(number=change.number, reader=cast.ida).data)
    # In itself it is sound.
    assert found(forged) == []
    said = found(forged, key=key.pem.encode())
    assert "The manifest is not signed by the key." in said
    assert any("is of another key" in line for line in said)
    assert any("anchor" in line for line in found(forged, anchors=anchor))
    assert other.public.id != key.id


def test_an_anchor_of_the_same_head(files, key):
    anchor = as_anchor(TreeHead.objects.latest("size"))
    assert found(files, key=key.pem.encode(), anchors=anchor) == []
    other = json.loads(anchor) | {"root": "0" * 64}
    said = found(files, anchors=json.dumps(other))
    assert any("is of another log" in line for line in said)


def test_an_earlier_anchor_is_compared_where_it_was_noted(cast, change, key):
    seal()
    head = TreeHead.objects.latest("size")
    auditing.note("ledger.anchored", actor=None, data={"size": head.size, "root": head.root})
    take(propose(cast, rename("Else")), "submit", cast.mei)
    files = unpacked(evidence_of_change(number=change.number, reader=cast.ida).data)
    anchor = as_anchor(head)
    assert found(files, key=key.pem.encode(), anchors=anchor) == []
    other = json.loads(anchor) | {"root": "0" * 64}
    assert "The anchor over" in found(files, anchors=json.dumps(other))[1]


def test_an_old_head_cannot_be_compared_with_a_newer_anchor(cast, files, key):
    halt(journey_key=cast.journey.key, kind="pause", actor=cast.ana)
    head = seal()
    (said,) = found(files, key=key.pem.encode(), anchors=as_anchor(head))
    assert "Ask for a newer bundle" in said


def test_without_a_key_it_says_so(cast, change, settings):
    settings.LEDGER_KEY_FILE = ""
    halt(journey_key=cast.journey.key, kind="pause", actor=cast.ana)
    files = unpacked(evidence_of_change(number=change.number, reader=cast.ida).data)
    assert found(files) == ["There is no Ed25519 public key to check signatures with."]


# --- commands and buttons -------------------------------------------------------------------------


def test_the_command_writes_it_and_verify_ledger_checks_it(cast, change, key, tmp_path, capsys):
    out = tmp_path / "evidence.zip"
    call_command("evidence", change=change.number, reader=cast.ida.email, out=str(out))
    call_command("verify_ledger", bundle=str(out))
    assert "The bundle holds." in capsys.readouterr().out
    files = unpacked(out.read_bytes())
    with zipfile.ZipFile(out, "w") as bundle:
        for name, data in {**files, "changes.txt": b"else"}.items():
            bundle.writestr(name, data)
    with pytest.raises(CommandError, match="1 finding"):
        call_command("verify_ledger", bundle=str(out))
    out.write_bytes(b"else")
    with pytest.raises(CommandError, match="no evidence bundle"):
        call_command("verify_ledger", bundle=str(out))


def test_the_command_writes_nothing_that_its_reader_does_not_see(cast, change, tmp_path):
    cast.journey.is_restricted = True
    cast.journey.save()
    with pytest.raises(CommandError, match="There is nothing"):
        call_command("evidence", "--journey", cast.journey.key, "--number", "1",
                     "--as", cast.zoe.email, "--out", str(tmp_path / "x.zip"))  # fmt: skip
    assert not (tmp_path / "x.zip").exists()


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
def test_the_button_gives_the_file(cast, change, key, client, language):
    client.force_login(cast.mei)
    page = client.get(reverse("change-detail", args=[change.number]))
    address = reverse("change-evidence", args=[change.number])
    assert f'action="{address}"' in page.content.decode()
    answer = client.post(address, headers={"accept-language": language})
    assert (
        answer["Content-Disposition"] == f'attachment; filename="evidence-CR-{change.number}.zip"'
    )
    assert found(unpacked(answer.content), key=key.pem.encode()) == []
    assert client.get(address).status_code == 405
