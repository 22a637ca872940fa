"""The emotion curve: how people feel from stage to stage."""

from django.template.loader import render_to_string
from hypothesis import given

from journeys.definition import complete
from journeys.emotion import emotion_curve
from tests.journeys.documents import DOCUMENTS


def test_the_emotion_curve_has_a_spot_for_each_stage_with_a_feeling():
    document = complete(
        {
            "stages": [{"key": key, "name": key.upper()} for key in ("a", "b", "c")],
            "steps": [
                {"key": "1", "kind": "action", "stage": "a", "emotion": 2},
                {"key": "2", "kind": "action", "stage": "c", "emotion": -2},
                {"key": "3", "kind": "action", "stage": "c", "emotion": -1},
                {"key": "4", "kind": "action", "stage": "b"},
            ],
        }
    )
    curve = emotion_curve(document)
    assert [(spot.stage, spot.value) for spot in curve.spots] == [("a", 2), ("c", -1.5)]
    assert curve.spots[0].y < curve.zero < curve.spots[1].y
    assert curve.spots[0].percent < 33.4
    assert curve.d.startswith("M")
    assert curve.description == "A: very happy, C: very unhappy"


@given(DOCUMENTS)
def test_any_journey_has_an_emotion_curve(document):
    curve = emotion_curve(document)
    assert all(0 <= spot.y <= curve.height and 0 <= spot.percent <= 100 for spot in curve.spots)
    assert bool(curve.d) == (len(curve.spots) > 1)
    assert render_to_string("journeys/_curve.html", {"curve": curve})
