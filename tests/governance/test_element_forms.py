"""The form of an element writes what somebody changed, and nothing else."""

import pytest
from django.http import QueryDict
from hypothesis import given, settings
from hypothesis import strategies as st

from cjops.documents import edit
from governance.element_forms import ElementForm
from governance.element_options import Options
from journeys.definition import complete
from tests.governance.posting import as_posted

DIGEST = "0" * 64
OPTIONS = Options(
    user=None,
    steps=[("a", "A"), ("b", "B")],
    stages=[("start", "Start")],
    channels=[("email", "E-mail")],
    teams=[("email", "E-mail"), ("sms", "SMS")],
    journeys=[("win-back", "Win back")],
    concepts=[("products:account", "Account"), ("products:loan", "Loan")],
    assets=[("Welcome", [("welcome@1", "Welcome · v1"), ("welcome@2", "Welcome · v2")])],
)
TEXTS = st.sampled_from(["", "open an account", "开户", "a\nb", "<b> & 'c'", "é" * 30, "x\ty"])
LINES = st.sampled_from(["", "Welcome", "欢迎", "<i>", '"quoted"'])
KEYS = st.sampled_from(["a", "b", "gone"])
TAGS = st.lists(
    st.sampled_from(["products:loan", "products:account", "secret:plan", "products:old"]),
    unique=True,
)
DURATIONS = st.none() | st.sampled_from(
    ["P3D", "P1M2D", "PT45S", "PT1H30S", "PT90M", "PT1H30M", "P0D", "P1.5D", "P99999D", "soon"]
)
JOURNEYS = st.none() | st.sampled_from(["win-back", "hidden-from-me"])
SHARES = st.none() | st.floats(0, 1) | st.sampled_from([1 / 3, 0.333333, 1e-9, 0, 1])
SLOTS = st.dictionaries(
    st.sampled_from(["body", "hero"]),
    st.fixed_dictionaries(
        {
            "purpose": TEXTS,
            "asset": st.sampled_from([None, "welcome", "hidden"]),
            "version": st.none() | st.integers(1, 30),
            "digest": st.none() | st.just(DIGEST),
        }
    ),
)
KPI = st.none() | st.fixed_dictionaries({"metric": LINES, "target": LINES, "guardrail": LINES})
DAYS = st.none() | st.dates().map(lambda day: day.isoformat())
ELEMENTS = {
    "steps": st.fixed_dictionaries(
        {
            "name": LINES,
            "kind": st.sampled_from(["message", "wait", "hand_off", "exit"]),
            "stage": st.sampled_from(["", "start", "gone"]),
            "channel": st.none() | st.sampled_from(["email", "gone"]),
            "team": st.none() | st.sampled_from(["email", "gone"]),
            "touchpoint": LINES,
            "purpose": TEXTS,
            "wait": DURATIONS,
            "journey": JOURNEYS,
            "emotion": st.none() | st.integers(-2, 2),
            "support_teams": st.lists(st.sampled_from(["sms", "email", "gone"]), unique=True),
            "frequency_class": st.sampled_from(["none", "marketing"]),
            "kpi": KPI,
            "tags": TAGS,
            "slots": SLOTS,
        }
    ),
    "transitions": st.fixed_dictionaries(
        {"source": KEYS, "target": KEYS, "condition": TEXTS, "delay": DURATIONS, "share": SHARES}
    ),
    "exits": st.fixed_dictionaries(
        {
            "name": LINES,
            "rule": TEXTS,
            "outcome": st.sampled_from(["end", "switch"]),
            "journey": JOURNEYS,
        }
    ),
    "entries": st.fixed_dictionaries({"name": LINES, "step": st.just("") | KEYS}),
    "stages": st.fixed_dictionaries({"name": LINES, "description": TEXTS}),
    "header": st.fixed_dictionaries(
        {
            "name": LINES,
            "purpose": TEXTS,
            "lifecycle": st.fixed_dictionaries({"start": DAYS, "end": DAYS}),
            "personas": st.lists(st.sampled_from(["Ana, 30", "老客户"]), unique=True),
            "reentry": st.fixed_dictionaries(
                {"rule": st.sampled_from(["never", "always"]), "wait": DURATIONS}
            ),
            "tags": TAGS,
        }
    ),
}


def document_with(element, fields):
    if element == "header":
        return complete(fields)
    return complete({element: [{"key": "one", **fields}]})


def form_of(element, current, posted=None, **changed):
    """The form as it is loaded and, with what else is typed, posted back."""
    page = str(ElementForm(element=element, options=OPTIONS, current=current))
    data = QueryDict(mutable=True)
    for name, values in as_posted(page).items():
        data.setlist(name, values)
    for name, value in changed.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return ElementForm(data, element=element, options=OPTIONS, current=current)


@pytest.mark.parametrize("element", ELEMENTS)
@given(data=st.data())
@settings(max_examples=60)
def test_a_form_posted_back_as_it_was_loaded_changes_nothing(element, data):
    document = document_with(element, data.draw(ELEMENTS[element]))
    current = document if element == "header" else document[element][0]

    form = form_of(element, current)

    assert form.is_valid(), form.errors
    assert form.edit_fields({}) == {}


@pytest.mark.parametrize("element", ["steps", "transitions"])
@given(data=st.data())
@settings(max_examples=40)
def test_a_field_that_is_changed_is_the_only_one_that_changes(element, data):
    document = document_with(element, data.draw(ELEMENTS[element]))
    name = {"steps": "purpose", "transitions": "condition"}[element]

    form = form_of(element, document[element][0], **{name: "Say\r\nhello"})

    assert form.is_valid(), form.errors
    fields = form.edit_fields({})
    edited = edit(document, [{"op": "update", "element": element, "key": "one", "fields": fields}])
    after = complete(edited)[element][0]
    assert after == {**document[element][0], name: "Say\nhello"}


def step(**fields):
    return document_with("steps", {"kind": "wait", "stage": "start", **fields})["steps"][0]


def changes(current, element="steps", **changed):
    form = form_of(element, current, **changed)
    assert form.is_valid(), form.errors
    return form.edit_fields({("welcome", 2): DIGEST})


@pytest.mark.parametrize("value", ["P1M2D", "PT45S", "PT1H30S", "PT1.5H"])
def test_a_duration_of_several_parts_can_be_kept_replaced_and_taken_out(value):
    current = step(wait=value)
    assert changes(current, wait_0="3", wait_1="D") == {"wait": "P3D"}
    assert changes(current, wait_0="", wait_1="") == {"wait": None}
    assert not form_of("steps", current, wait_0="3").is_valid()


def test_a_journey_that_the_reader_does_not_see_stays_on_offer_by_its_key():
    current = step(journey="hidden-from-me")
    form = form_of("steps", current)
    assert ("hidden-from-me", "hidden-from-me") in form.fields["journey"].choices
    assert changes(current, journey="") == {"journey": None}
    assert not form_of("steps", current, journey="another-hidden-one").is_valid()


def test_a_new_tag_comes_behind_those_that_are_there():
    current = step(tags=["products:old", "products:loan"])
    chosen = ["products:account", "products:loan", "products:old"]
    assert changes(current, tags=chosen) == {
        "tags": ["products:old", "products:loan", "products:account"]
    }
    assert changes(current, tags=["products:loan"]) == {"tags": ["products:loan"]}


def test_a_slot_is_written_alone():
    slots = {"body": {"asset": "welcome", "version": 1, "digest": DIGEST}, "hero": {}}
    assert changes(step(slots=slots), **{"slot:body": "welcome@2"}) == {
        "slots/body/asset": "welcome",
        "slots/body/version": 2,
        "slots/body/digest": DIGEST,
    }


def test_what_was_not_sent_is_not_changed():
    current = step(purpose="Wait", wait="P3D", name="Wait")
    form = ElementForm(
        QueryDict("name=Pause&kind=wait&stage=start&frequency_class=none"),
        element="steps",
        options=OPTIONS,
        current=current,
    )
    assert form.is_valid(), form.errors
    assert form.edit_fields({}) == {"name": "Pause"}


def test_a_new_element_says_all_it_was_filled_in_with():
    form = ElementForm(
        QueryDict("name=Hello&kind=message&stage=start&frequency_class=none"),
        element="steps",
        options=OPTIONS,
        current={"stage": "start"},
        is_new=True,
    )
    assert form.is_valid(), form.errors
    assert form.edit_fields({}) == {
        "name": "Hello",
        "kind": "message",
        "stage": "start",
        "frequency_class": "none",
    }
