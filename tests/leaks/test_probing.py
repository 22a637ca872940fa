"""What somebody sends never tells by the answer that something hidden is there."""

import pytest

from cjops.core.errors import Invalid
from governance import services
from governance.models import Change
from tests.cast import journey_document
from tests.leaks.looking import Looker, normal
from tests.leaks.scene import FIRST_NUMBER, KEY, MISSING_KEY

HIDDEN = f"{KEY}-topics:{KEY}-cards"
MISSING = f"{MISSING_KEY}-topics:{MISSING_KEY}-cards"
# An edit of an open journey that names a hidden key in each place that takes one.
PLACES = {
    "tag": lambda tag: ("steps", "welcome-email", {"tags": [tag]}),
    "tag of the whole": lambda tag: ("header", "header", {"tags": [tag]}),
    "asset": lambda key: ("steps", "call", {"slots/script/asset": key, "slots/script/version": 1}),
    "journey": lambda key: ("steps", "end", {"journey": key}),
}
KEYS = {
    "tag": (HIDDEN, MISSING),
    "tag of the whole": (HIDDEN, MISSING),
    "asset": (f"{KEY}-asset", f"{MISSING_KEY}-asset"),
    "journey": (f"{KEY}-parent", f"{MISSING_KEY}-parent"),
}


@pytest.fixture
def mei(scene):
    return Looker(scene.cast.mei, scene.tokens["mei"])


def send(looker, path, body, method="post"):
    answer = getattr(looker.client, method)(
        path, body, content_type="application/json",
        headers={"Authorization": f"Token {looker.token}"},
    )  # fmt: skip
    return f"{answer.status_code} {normal(answer.content.decode())}", answer


@pytest.mark.parametrize("place", PLACES)
def test_an_edit_that_names_it_is_refused_like_one_that_names_nothing(scene, mei, place):
    change = scene.open_changes[-1]
    said = []
    for key in KEYS[place]:
        element, name, fields = PLACES[place](key)
        body = {"edits": [{"op": "update", "element": element, "key": name, "fields": fields}]}
        told, answer = send(mei, f"/api/v1/changes/{change.number}/edits/", body)
        assert answer.status_code in (400, 403, 422), told
        said.append(told)

    assert said[0] == said[1]


def test_a_new_journey_carries_no_tag_that_its_author_does_not_see(scene):
    for tag in (HIDDEN, MISSING):
        with pytest.raises(Invalid) as refused:
            services.create_journey(
                key="tagged", actor=scene.cast.mei, raw={**journey_document(""), "tags": [tag]}
            )
        assert refused.value.code == "tag-unknown"


def test_a_new_journey_does_so_for_those_who_see_it(scene):
    change = services.create_journey(
        key="tagged", actor=scene.cast.ana, raw={**journey_document(""), "tags": [HIDDEN]}
    )

    assert Change.objects.filter(pk=change.pk).exists()


ACTIONS = ("approve", "comment", "withdraw", "publish", "queue", "roll-back", "break-glass")


@pytest.mark.parametrize("action", ACTIONS)
def test_an_action_on_a_hidden_change_is_refused_like_one_on_none(scene, mei, action):
    hidden, _answer = send(
        mei, f"/api/v1/changes/{FIRST_NUMBER}/actions/{action}/", {"comment": "x"}
    )
    missing, answer = send(mei, f"/api/v1/changes/7799999/actions/{action}/", {"comment": "x"})

    assert answer.status_code in (400, 404)
    assert hidden == missing


def test_queueing_behind_a_hidden_change_is_refused_like_behind_none(scene, mei):
    change = scene.open_changes[1]
    said = [
        send(mei, f"/api/v1/changes/{change.number}/actions/queue/", {"after": number})[0]
        for number in (scene.changes["draft"].number, 7799999)
    ]

    assert said[0] == said[1]
    assert not said[0].startswith("200")
