"""Rights in the database alone do not get the log signed anew: the key knows its last head."""

import os

import pytest
import structlog.testing
from django.core.management import CommandError, call_command

from cjops.core import auditing
from cjops.core.errors import Invalid
from cjops.core.models import AuditEntry, TreeHead
from cjops.core.sealing import checking, kept
from cjops.core.sealing.heads import anchor_of, as_anchor
from cjops.core.sealing.keys import make
from cjops.core.sealing.log import seal
from tests.core.sealing.test_log import found, key, meddle  # noqa: F401  (a fixture)
from tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("key")]


@pytest.fixture
def person():
    return UserFactory()


@pytest.fixture
def heads(person):
    """Two heads, the second over one entry more."""
    return [note(person) and seal() for _round in range(2)]


def note(person):
    return auditing.note("admin.acted", actor=person, about=person, data={"rows": 1})


def alter(entry):
    """Say in the row and in its body that it was somebody else."""
    entry.actor = UserFactory()
    meddle(
        "UPDATE core_auditentry SET actor_id = %s, body = %s WHERE id = %s",
        *(entry.actor.pk, auditing.entry_body(entry), entry.pk),
    )


def cut_back_to(head):
    """Take the log back to an earlier head, as a restore of an old backup would."""
    meddle("DELETE FROM core_leaf WHERE position >= %s", head.size)
    meddle("DELETE FROM core_treehead WHERE size > %s", head.size)


def put_back(head):
    kept.file().write_text(as_anchor(head) + "\n")


# --- refused --------------------------------------------------------------------------------------


def test_a_tail_that_was_altered_is_not_signed_anew(heads, key):  # noqa: F811
    cut_back_to(heads[0])
    alter(AuditEntry.objects.latest("pk"))
    # No row contradicts another: only who signed knows.
    assert found(key=key) == []

    with structlog.testing.capture_logs() as logs, pytest.raises(Invalid, match="does not go on"):
        seal()

    assert TreeHead.objects.latest("size").size == heads[0].size
    assert [one["event"] for one in logs] == ["ledger_refused"]
    assert anchor_of(kept.file().read_text()).size == heads[1].size
    with pytest.raises(CommandError, match="1 findings"):
        call_command("verify_ledger")


@pytest.mark.parametrize("behind", [0, 1])
def test_nor_is_a_log_that_was_made_anew_by_hand(heads, person, behind):
    meddle("DELETE FROM core_leaf")
    meddle("DELETE FROM core_treehead")
    alter(AuditEntry.objects.order_by("pk")[0])
    kept.forget()
    note(person)
    # As somebody does who computes leaves and heads, though this one signs them besides.
    assert seal().size == 3
    put_back(heads[behind])

    with pytest.raises(Invalid, match="does not go on"):
        seal()


def test_leaves_are_added_to_no_other_tree_than_the_heads(heads):
    meddle("UPDATE core_treehead SET peaks = %s WHERE size = %s", b"x" * 32 *
           heads[1].size.bit_count(), heads[1].size)  # fmt: skip
    with pytest.raises(Invalid, match="does not go on"):
        seal()


def test_an_empty_database_is_not_begun_anew(heads):
    meddle("DELETE FROM core_leaf")
    meddle("DELETE FROM core_treehead")
    with pytest.raises(Invalid, match="does not go on"):
        seal()


@pytest.mark.parametrize("text", ["", "{}", "no json"])
def test_a_file_that_is_no_head_is_refused(heads, text):
    kept.file().write_text(text)
    with pytest.raises(Invalid, match="no tree head"):
        seal()


def test_a_file_that_the_key_did_not_sign_is_refused(heads):
    text = kept.file().read_text()
    kept.file().write_text(text.replace(heads[1].root, heads[0].root))
    with pytest.raises(Invalid, match="no tree head"):
        seal()


# --- allowed --------------------------------------------------------------------------------------


def test_each_head_is_kept_for_the_owner_alone(heads):
    assert anchor_of(kept.file().read_text()).root == heads[1].root
    assert kept.file().stat().st_mode & 0o777 == 0o600
    assert [one.name for one in kept.file().parent.iterdir() if ".pem.head" in one.name] == [
        kept.file().name
    ]


def test_a_file_that_is_behind_is_fine_as_after_a_crash(heads, person):
    put_back(heads[0])
    note(person)
    head = seal()
    assert anchor_of(kept.file().read_text()).size == head.size


def test_others_that_sealed_more_are_not_taken_back(heads):
    kept.keep(heads[0])
    assert anchor_of(kept.file().read_text()).size == heads[1].size


def test_a_file_that_is_missing_is_made_of_what_there_is(heads):
    kept.forget()
    assert seal() is None
    assert anchor_of(kept.file().read_text()).root == heads[1].root


def test_a_new_key_goes_on_from_the_head_of_the_old_one(heads, person, settings):
    os.unlink(settings.LEDGER_KEY_FILE)
    make(settings.LEDGER_KEY_FILE)
    note(person)
    assert seal().size == heads[1].size + 1


def test_a_disk_that_is_full_keeps_nobody_from_sealing(heads, person, monkeypatch):
    def full(*_args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(kept.os, "replace", full)
    note(person)
    with structlog.testing.capture_logs() as logs:
        assert seal() is not None
    assert [one["event"] for one in logs] == ["ledger_head_not_kept"]
    assert anchor_of(kept.file().read_text()).size == heads[1].size


def test_without_a_key_nothing_is_kept(person, settings):
    settings.LEDGER_KEY_FILE = ""
    note(person)
    assert seal() is not None
    assert kept.last_kept() is None


# --- a restore ------------------------------------------------------------------------------------


def test_a_restore_is_accepted_on_purpose_and_noted(heads, person):
    cut_back_to(heads[0])
    with pytest.raises(Invalid):
        seal()

    call_command("verify_ledger", accept_restore=True)

    entry = AuditEntry.objects.latest("pk")
    assert (entry.action, entry.data["size"]) == ("ledger.restored", heads[0].size)
    assert seal().size == heads[1].size + 1
    call_command("verify_ledger")


def test_what_does_not_hold_by_itself_is_not_accepted(heads):
    meddle("UPDATE core_leaf SET hash = %s WHERE position = 0", b"x" * 32)
    with pytest.raises(CommandError, match="does not hold"):
        call_command("verify_ledger", accept_restore=True)
    assert not AuditEntry.objects.filter(action="ledger.restored").exists()


def test_new_entries_of_another_server_are_not_taken_for_inserted_ones(heads, person):
    # Restored into a server whose transactions have lower numbers.
    meddle("UPDATE core_treehead SET horizon = %s", 10**15)
    note(person)
    assert found() == []
    assert seal() is not None
    assert found() == []


@pytest.mark.parametrize("size", [1, 2, 3])
def test_heads_are_read_in_step_with_the_leaves(person, key, monkeypatch, size):  # noqa: F811
    for entries in (1, 3, 2, 4):
        for _entry in range(entries):
            note(person)
        seal()
    monkeypatch.setattr(checking, "CHUNK", size)
    assert found(key=key) == []
    meddle("UPDATE core_treehead SET root = %s WHERE size = 6", "0" * 64)
    assert found() == [("rewritten", 4)]
    meddle("DELETE FROM core_leaf WHERE position >= 5")
    assert found() == [("cut", 6), ("cut", 10)]
