"""Tree heads leave the portal: into a file, into mailboxes; each is noted."""

import json
import os

import pytest
from django.core.management import CommandError, call_command

from cjops.core import tasks
from cjops.core.errors import Invalid
from cjops.core.models import AuditEntry
from cjops.core.sealing import kept
from cjops.core.sealing.anchors import anchor
from cjops.core.sealing.checking import check
from cjops.core.sealing.heads import read_anchors
from tests.cast import reach
from tests.core.sealing.test_log import key, meddle  # noqa: F401  (a fixture)
from tests.governance.test_mail import postbox  # noqa: F401  (a fixture)

pytestmark = pytest.mark.django_db


def noted():
    rows = AuditEntry.objects.filter(action="ledger.anchored").order_by("pk")
    return [data["where"] for data in rows.values_list("data", flat=True)]


def test_heads_are_added_to_the_file(cast, key, tmp_path, settings):  # noqa: F811
    file = settings.LEDGER_ANCHOR_FILE = str(tmp_path / "heads")
    reach(cast, "published")
    tasks.anchor_log()
    tasks.anchor_log()
    first, second = read_anchors(file)
    # That it was kept is an entry of its own.
    assert second.size == first.size + 1
    assert noted() == ["file", "file"]
    assert list(check(key, read_anchors(file))) == []


def test_a_log_made_anew_is_found_by_the_file(cast, key, tmp_path, settings):  # noqa: F811
    settings.LEDGER_ANCHOR_FILE = str(tmp_path / "heads")
    reach(cast, "published")
    anchor()
    meddle("DELETE FROM core_leaf")
    meddle("DELETE FROM core_node")
    meddle("DELETE FROM core_treehead")
    meddle("DELETE FROM governance_notification")
    meddle(
        "DELETE FROM governance_ledgerentry WHERE id = (SELECT min(id) FROM governance_ledgerentry)"
    )
    # Whoever has the key has what is kept beside it.
    kept.forget()
    anchor()
    assert [one.kind for one in check(key)] == []
    anchors = read_anchors(settings.LEDGER_ANCHOR_FILE)
    assert {one.kind for one in check(key, anchors)} >= {"differs"}


def test_heads_are_mailed(cast, key, postbox, settings):  # noqa: F811
    settings.LEDGER_ANCHOR_MAILS = ["auditor@bank.example", "board@bank.example"]
    reach(cast, "published")
    head = anchor()
    (message,) = postbox.received
    assert message["To"] == "auditor@bank.example, board@bank.example"
    (attached,) = [part for part in message.walk() if part.get_filename()]
    said = json.loads(attached.get_payload(decode=True))
    assert (said["size"], said["root"]) == (head.size, head.root)
    assert noted() == ["mail"]


def test_the_file_is_written_though_nobody_takes_mail(cast, key, tmp_path, settings):  # noqa: F811
    settings.LEDGER_ANCHOR_FILE = str(tmp_path / "heads")
    settings.LEDGER_ANCHOR_MAILS = ["auditor@bank.example"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    reach(cast, "published")
    with pytest.raises(OSError, match="refused"):
        anchor()
    assert noted() == ["file"]


def test_without_a_place_nothing_is_done(cast, settings):
    settings.LEDGER_ANCHOR_FILE, settings.LEDGER_ANCHOR_MAILS = "", []
    reach(cast, "published")
    assert anchor() is None
    assert noted() == []


def test_a_file_that_cannot_be_written_is_said(cast, key, tmp_path, settings):  # noqa: F811
    reach(cast, "published")
    settings.LEDGER_ANCHOR_FILE = os.fspath(tmp_path)
    with pytest.raises(Invalid, match="Cannot write"):
        anchor()
    with pytest.raises(CommandError, match="Cannot write"):
        call_command("anchor_ledger", str(tmp_path))
    assert noted() == []


def test_the_command_prints_or_adds_and_notes(cast, key, tmp_path, capsys):  # noqa: F811
    reach(cast, "published")
    call_command("anchor_ledger")
    assert json.loads(capsys.readouterr().out)["key"] == key.id
    call_command("anchor_ledger", str(tmp_path / "heads"))
    assert len(read_anchors(tmp_path / "heads")) == 1
    assert noted() == ["printed", "file"]
