"""Whoever may not see it reads no word, key, number or digest of it, wherever they look."""

import pytest

from tests.leaks.addresses import addresses, tabs, with_queries
from tests.leaks.looking import Looker, queries
from tests.leaks.scene import KEY, OUTSIDERS

SOME = 40


def told(looker):
    """The first of what was told, for the message of a test that fails."""
    return "\n" + "\n".join(looker.wrong[:SOME]) + f"\n{len(looker.wrong)} of {looker.seen}"


@pytest.fixture(scope="module")
def digests(built):
    return built.digests()


@pytest.mark.parametrize("person", OUTSIDERS)
def test_no_address_tells(scene, digests, person):
    looker = Looker(scene.cast.named(person), scene.tokens[person])

    for address, absent in addresses(scene):
        looker.look(address, absent, digests)

    assert not looker.wrong, told(looker)


@pytest.mark.parametrize("person", ["zoe"])
def test_no_search_tells(scene, digests, person):
    looker = Looker(scene.cast.named(person), scene.tokens[person])

    for address, absent in (*with_queries(scene), *tabs(scene)):
        looker.look(address, absent, digests)

    assert not looker.wrong, told(looker)


@pytest.mark.parametrize("form", ["csv", "jsonl"])
@pytest.mark.parametrize("person", OUTSIDERS)
def test_no_file_of_the_ledger_tells(scene, digests, person, form):
    looker = Looker(scene.cast.named(person))

    text = looker.take(f"/ledger/export/{form}/", digests)

    assert '"why' in text.replace('""', '"'), "nothing there that could tell"
    assert not looker.wrong, told(looker)


def test_whoever_sees_it_finds_it_in_the_file(scene, digests):
    looker = Looker(scene.cast.ida)

    assert KEY in looker.take("/ledger/export/jsonl/", digests)


def test_nothing_tells_strangers(scene, digests):
    looker = Looker()

    for address, absent in addresses(scene):
        looker.look(address, absent, digests)

    assert not looker.wrong, told(looker)


def test_what_is_hidden_takes_as_many_queries_as_what_is_missing(scene):
    looker = Looker(scene.cast.zoe, scene.tokens["zoe"])
    looker.ask("/")
    wrong = []
    for address, absent in addresses(scene):
        if address != absent:
            looker.ask(absent)
            taken = queries(looker, address), queries(looker, absent)
            if taken[0] != taken[1]:
                wrong.append(f"{address}: {taken}")

    assert not wrong, "\n" + "\n".join(wrong)
