"""What is recorded is sealed, once and in order, and whatever is altered is found."""

import threading

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, connections, transaction

from cjops.core.immutability import at_rest
from cjops.core.models import AuditEntry, Leaf, TreeHead
from cjops.core.sealing import keys
from cjops.core.sealing.checking import check
from cjops.core.sealing.heads import as_anchor, read_anchors
from cjops.core.sealing.log import seal
from cjops.core.sealing.merkle import Frontier, leaf_hash
from governance.models import Change, LedgerEntry
from governance.services import halt
from governance.services.recording import record
from governance.transitions import Action
from tests.cast import build, reach

pytestmark = pytest.mark.django_db


@pytest.fixture
def key(tmp_path, settings):
    settings.LEDGER_KEY_FILE = str(tmp_path / "ledger.pem")
    return keys.make(settings.LEDGER_KEY_FILE).public


@pytest.fixture
def sealed(cast, key):
    """A ledger of some kinds of entries, sealed in two rounds."""
    reach(cast, "published")
    seal()
    halt(journey_key=cast.journey.key, kind="pause", actor=cast.ana, reason="标题 “x”")
    seal()
    return list(LedgerEntry.objects.order_by("pk"))


def found(**said):
    return [(one.kind, one.position) for one in check(**said)]


def meddle(statement, *values):
    with at_rest(), connection.cursor() as cursor:
        cursor.execute(statement, values)


# --- sealing --------------------------------------------------------------------------------------


def test_every_entry_is_sealed_once_in_order(sealed):
    leaves = Leaf.objects.order_by("position")
    assert [one.row for one in leaves if one.source == "governance"] == [e.pk for e in sealed]
    assert [one.position for one in leaves] == [*range(len(leaves))]
    bodies = {("governance", one.pk): one.body for one in sealed}
    bodies |= {("portal", one.pk): one.body for one in AuditEntry.objects.all()}
    frontier = Frontier()
    frontier.extend(leaf_hash(bodies[one.source, one.row].encode()) for one in leaves)
    assert TreeHead.objects.latest("size").root == frontier.root.hex()


def test_nothing_new_makes_no_head(sealed):
    assert seal() is None
    assert TreeHead.objects.count() == 2


def test_many_rows_take_several_rounds(cast):
    reach(cast, "published")
    decisions, others = LedgerEntry.objects.count(), AuditEntry.objects.count()
    while seal(limit=2):
        pass
    assert Leaf.objects.count() == decisions + others
    assert TreeHead.objects.count() == max(-(-decisions // 2), -(-others // 2))
    assert found() == []


def test_a_body_says_what_the_columns_say(sealed, key):
    assert found(key=key) == []


def test_bodies_hold_no_names(sealed):
    for entry in sealed:
        assert "@" not in entry.body


# --- what is altered ------------------------------------------------------------------------------


def test_an_altered_column(sealed):
    meddle("UPDATE governance_ledgerentry SET reason = 'else' WHERE id = %s", sealed[2].pk)
    assert found() == [("altered", 2)]


def test_an_altered_body(sealed):
    meddle("UPDATE governance_ledgerentry SET body = 'x' WHERE id = %s", sealed[1].pk)
    assert found() == [("altered", 1)]


def test_an_altered_row_with_its_leaf(sealed):
    meddle("UPDATE governance_ledgerentry SET body = '{}' WHERE id = %s", sealed[1].pk)
    meddle("UPDATE core_leaf SET hash = %s WHERE position = 1", leaf_hash(b"{}"))
    assert ("altered", 1) in found()
    assert ("rewritten", 0) in found()


def test_a_row_that_is_gone(sealed):
    meddle("DELETE FROM governance_ledgerentry WHERE id = %s", sealed[3].pk)
    assert found() == [("missing", 3)]


def test_a_row_that_is_gone_with_its_leaf(sealed):
    meddle("DELETE FROM governance_ledgerentry WHERE id = %s", sealed[3].pk)
    meddle("DELETE FROM core_leaf WHERE position = 3")
    kinds = found()
    assert kinds[0] == ("missing", 3)
    assert ("rewritten", 0) in kinds or ("cut", len(sealed)) in kinds


def test_two_leaves_that_changed_places(sealed):
    meddle("UPDATE core_leaf SET position = -position WHERE position IN (1, 2)")
    meddle("UPDATE core_leaf SET position = 3 + position WHERE position < 0")
    kinds = {kind for kind, _position in found()}
    assert kinds == {"reordered", "rewritten"}


def test_a_row_that_came_in_behind(sealed):
    # With the number of a transaction that ended before the last head.
    entry = LedgerEntry.objects.order_by("pk").first()
    entry.pk, entry.xid = None, 1
    entry.save(force_insert=True)
    assert [kind for kind, _position in found()] == ["inserted"]


def test_a_head_with_another_root(sealed, key):
    head = TreeHead.objects.latest("size")
    meddle("UPDATE core_treehead SET root = %s WHERE size = %s", "0" * 64, head.size)
    first = TreeHead.objects.order_by("size")[0].size
    assert found(key=key) == [("rewritten", first), ("unsigned", head.size)]


def test_a_log_that_was_cut_off_differs_from_its_anchor(sealed, key, tmp_path):
    file = tmp_path / "anchors"
    file.write_text("".join(as_anchor(head) + "\n" for head in TreeHead.objects.all()))
    assert found(key=key, anchors=read_anchors(file)) == []
    last = TreeHead.objects.latest("size")
    meddle("DELETE FROM core_treehead WHERE size = %s", last.size)
    meddle("DELETE FROM core_leaf WHERE position = %s", last.size - 1)
    meddle("DELETE FROM governance_notification WHERE entry_id = %s", sealed[-1].pk)
    meddle("DELETE FROM governance_ledgerentry WHERE id = %s", sealed[-1].pk)
    assert found(key=key) == []
    assert found(key=key, anchors=read_anchors(file)) == [("cut", last.size)]


def test_another_key_did_not_sign_it(sealed, tmp_path):
    other = keys.make(tmp_path / "other.pem").public
    assert {kind for kind, _position in found(key=other)} == {"unsigned"}


# --- what the database refuses --------------------------------------------------------------------


@pytest.mark.parametrize("table", ["core_leaf", "core_treehead", "governance_ledgerentry"])
@pytest.mark.parametrize(
    "statement", ["DELETE FROM {}", "TRUNCATE {} CASCADE", "UPDATE {} SET {column} = {column}"]
)
def test_the_database_keeps_the_log(sealed, table, statement):
    column = {"core_leaf": "row", "core_treehead": "root"}.get(table, "reason")
    with connection.cursor() as cursor:
        # Or PostgreSQL would refuse to empty what this transaction has just filled.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(DatabaseError, match="immutable"), transaction.atomic():
            cursor.execute(statement.format(table, column=column))


# --- writers --------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_an_open_transaction_is_neither_waited_for_nor_passed_over(transactional_cast, key):
    wrote, go_on = threading.Event(), threading.Event()
    seal()

    def slowly():
        try:
            with transaction.atomic():
                change = Change.objects.latest("pk")
                record(change=change, action=Action.COMMENT, actor=None, from_state="draft",
                       reason="slow")  # fmt: skip
                wrote.set()
                go_on.wait(20)
        finally:
            connections.close_all()

    writer = threading.Thread(target=slowly)
    writer.start()
    assert wrote.wait(20)
    halt(journey_key=transactional_cast.journey.key, kind="pause", actor=transactional_cast.ana)
    head = seal()
    assert head is not None
    assert not LedgerEntry.objects.filter(reason="slow").exists()
    go_on.set()
    writer.join()
    assert seal() is not None
    rows = set(Leaf.objects.filter(source="governance").values_list("row", flat=True))
    assert rows == set(LedgerEntry.objects.values_list("pk", flat=True))


@pytest.fixture
def transactional_cast(transactional_db):
    return build()


# --- commands -------------------------------------------------------------------------------------


def test_the_command_says_that_it_holds(sealed, capsys):
    call_command("verify_ledger")
    out = capsys.readouterr().out
    assert f"The ledger holds: {Leaf.objects.count()} entries" in out
    assert "signatures checked" in out


def test_the_command_says_what_does_not_hold(sealed, capsys):
    meddle("UPDATE governance_ledgerentry SET reason = 'else' WHERE id = %s", sealed[2].pk)
    with pytest.raises(CommandError, match="1 findings"):
        call_command("verify_ledger")
    assert "Position 2: a column of governance" in capsys.readouterr().out


@pytest.mark.parametrize("text", ["", "{}", "no json", '{"size": "x"}'])
def test_an_anchor_file_that_is_none_is_refused_in_words(sealed, tmp_path, text):
    file = tmp_path / "anchors"
    file.write_text(text)
    with pytest.raises(CommandError, match="anchors"):
        call_command("verify_ledger", anchor=str(file))


def test_a_key_is_never_overwritten(tmp_path):
    file = tmp_path / "key.pem"
    call_command("make_ledger_key", str(file), verbosity=0)
    before = file.read_bytes()
    assert file.stat().st_mode & 0o777 == 0o600
    with pytest.raises(CommandError, match="there already"):
        call_command("make_ledger_key", str(file))
    call_command("make_ledger_key", str(file), unless_there=True)
    assert file.read_bytes() == before


def test_an_inner_node_that_was_altered(cast):
    reach(cast, "published")
    entry = LedgerEntry.objects.order_by("pk").first()
    for _more in range(300):
        entry.pk = None
        entry.save(force_insert=True)
    seal()
    assert found() == []
    meddle("UPDATE core_node SET hash = %s WHERE level = 8 AND index = 0", b"x" * 32)
    assert found() == [("altered", 0)]
    meddle("DELETE FROM core_node")
    assert found() == []
