"""Search finds what was meant, shows the best first, and tells nobody what they do not see."""

import pytest

from content.finding import searching
from tests.cast import build

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return build()


def found(cast, typed, **kw):
    search = searching.Search(cast.mei, typed, **kw)
    assets = searching.matching(search.seen, search.used)
    ids = searching.ranked(assets, search.used)
    keys = dict(assets.values_list("pk", "key"))
    return [keys[pk] for pk in ids], search


def test_words_of_the_body(cast):
    keys, _search = found(cast, "account open")
    assert keys == ["onboarding-welcome"]
