"""One form for every kind of content: what it asks for, and the document that comes of it."""

import pytest
from django.http import QueryDict

from cjops.documents import digest
from content.definition import blank, complete
from content.kinds import KINDS
from content.rendition_form import RenditionsForm
from tests.factories import JourneyFactory
from tests.pages import text_of

pytestmark = pytest.mark.django_db


def sent(**values):
    data = QueryDict(mutable=True)
    for name, value in values.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return data


def written(document, **values):
    form = RenditionsForm(sent(**values), document=document)
    assert form.is_valid(), form.errors
    return complete(form.document())


@pytest.mark.parametrize("kind", KINDS)
def test_a_form_that_says_nothing_new_leaves_the_document_as_it_is(kind):
    document = blank("Something", kind)
    shown = RenditionsForm(document=document)
    values = {
        name: str(field.initial or "") for name, field in shown.fields.items() if name != "tags"
    }

    again = written(document, language=["en"], tags_shown="1", variants_shown="1", **values)

    assert digest(again) == digest(document)


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_asks_for_all_that_is_written_and_its_files(kind):
    form = RenditionsForm(document=blank("Something", kind))
    group = form.languages()[0]
    assert [one.written.name for one in group.lines] == [one.name for one in KINDS[kind].written]
    assert group.has_sizes is (kind == "banner")


def test_what_was_not_on_the_page_stays():
    document = complete({
        "name": "Note", "kind": "sms", "rights": {"source": "Our studio"}, "tags": ["a:b"],
        "renditions": [{"key": "en", "text": "Hi {{ name }}",
                        "variables": {"name": {"sample": "Maya"}},
                        "claims": {"rate": {"text": "2 %", "reference": "List"}}}],
    })  # fmt: skip
    assert written(document, language="en", **{"en.text": "Hi {{ name }}"}) == document


def test_variables_of_the_text_get_a_row_and_unused_words_go():
    document = complete({"name": "Note", "kind": "sms", "renditions": [{"key": "en"}]})
    data = sent(language="en", **{"en.text": "Hi {{ first_name }} {% if vip %}!{% endif %}"})
    form = RenditionsForm(typed=data, document=document)
    assert [one.name for one in form.languages()[0].variables] == ["first_name", "vip"]

    after = written(
        document,
        language="en",
        **{"en.text": "Hi {{ first_name }}", "en.var.first_name.fallback": "you",
           "en.var.gone.sample": ""},
    )  # fmt: skip
    assert after["renditions"][0]["variables"] == {"first_name": {"sample": "", "fallback": "you"}}


def test_a_text_that_cannot_be_read_still_shows_its_variables():
    form = RenditionsForm(
        typed=sent(language="en", **{"en.text": "Hi {{ first_name }} {% if"}),
        document=blank("Note", "sms"),
    )
    assert [one.name for one in form.languages()[0].variables] == ["first_name"]


def test_a_variant_with_its_own_text():
    document = complete(
        {"name": "Note", "kind": "sms", "renditions": [{"key": "en", "text": "Hi"}]}
    )
    added = RenditionsForm(
        typed=sent(do="add", language="en", add_language="en", add_variant_name="First time",
                   copy_from="en", **{"en.text": "Hello"}),
        document=document,
    )  # fmt: skip
    assert [one.value for one in added.languages()] == ["en", "en/first-time"]
    assert added["en-first-time.text"].value() == "Hello"

    after = written(
        document,
        language=["en", "en/first-time"],
        variant="first-time",
        **{"en.text": "Hi", "en-first-time.text": "Welcome", "variant.first-time.persona": "Maya"},
    )
    assert [one["key"] for one in after["renditions"]] == ["en", "en-first-time"]
    assert after["variants"]["first-time"]["persona"] == "Maya"


def test_a_variant_goes_with_its_texts():
    document = complete({
        "name": "Note", "kind": "sms", "variants": {"vip": {"name": "VIP"}},
        "renditions": [{"key": "en", "text": "Hi"}, {"key": "en-vip", "variant": "vip"}],
    })  # fmt: skip
    form = RenditionsForm(
        typed=sent(remove_variant="vip", language=["en", "en/vip"], variant="vip"),
        document=document,
    )
    assert [one.value for one in form.languages()] == ["en"]
    assert "variants" not in written(document, language="en", variants_shown="1")


def test_sizes_of_a_banner_come_and_go():
    document = blank("Card", "banner")
    form = RenditionsForm(
        typed=sent(add_size="en", language="en", **{"en.own_size": "468 × 60"}), document=document
    )
    assert [one.place for one in form.languages()[0].files] == ["468x60"]

    sized = written(document, language="en", **{"en.sizes": "300x250", "en.sizes_shown": "1"})
    assert sized["renditions"][0]["files"] == {"300x250": {"file": None, "alt": ""}}
    assert "files" not in written(sized, language="en", **{"en.sizes_shown": "1"})["renditions"][0]


@pytest.mark.parametrize("size", ["", "x", "0x10", "300", "300x250x2", "\x00", "9999999x1"])
def test_a_size_that_is_none_is_told(size):
    form = RenditionsForm(
        typed=sent(add_size="en", language="en", **{"en.own_size": size}),
        document=blank("Card", "banner"),
    )
    assert form.languages()[0].files == []
    assert "width x height" in form.notes[0]


def test_a_file_of_another_asset_cannot_be_chosen():
    form = RenditionsForm(
        sent(language="en", **{"en.file.picture": "a" * 64}), document=blank("Card", "push")
    )
    assert not form.is_valid()
    assert "no such file" in form.errors["en.file.picture"][0]


def test_claims_and_rights_and_channel():
    after = written(
        blank("Card", "banner"), language="en", channel="social",
        **{"en.claim.claim-1.text": "2 % interest", "en.claim.claim-1.reference": "Price list 4",
           "rights.licence": "Stock 12", "rights.valid_until": "2027-01-31",
           "rights.territories": "China, Hong Kong\nMacau"},
    )  # fmt: skip
    assert after["renditions"][0]["claims"]["claim-1"]["reference"] == "Price list 4"
    assert after["rights"]["territories"] == ["China", "Hong Kong", "Macau"]
    assert after["channel"] == "social"
    emptied = written(after, language="en", **{"en.claim.claim-1.text": "",
                      "en.claim.claim-1.reference": "", "channel": "display"})  # fmt: skip
    assert "claims" not in emptied["renditions"][0]
    assert "channel" not in emptied


@pytest.mark.parametrize(
    ("name", "values", "words"),
    [
        ("variant", [f"v{n}" for n in range(10_000)], "at most 20 variants"),
        ("language", [f"en/v{n}" for n in range(10_000)], "at most 100 languages"),
    ],
)
def test_a_forged_form_is_bounded_and_refused(name, values, words):
    form = RenditionsForm(sent(**{name: values}), document=blank("Note", "sms"))
    assert len(form.structure.spoken) <= 100
    assert len(form.structure.variants) <= 20
    assert words in " ".join(form.notes)


@pytest.mark.parametrize(
    "names",
    [
        ["en.var.__class__.sample", "en.var..sample", "en.var.A B.sample"],
        ["en.claim.../x.text", "en.claim..text", "en.claim.CAPS.text"],
        [f"en.claim.c{n}.text" for n in range(500)],
        [f"en.var.v{n}.sample" for n in range(500)],
        ["", ".", "....", "en", "en.", "\x00.var.x.sample"],
    ],
)
def test_forged_names_are_left_out_or_bounded(names):
    form = RenditionsForm(
        sent(language="en", **{"en.text": "Hi"} | dict.fromkeys(names, "x")),
        document=blank("Note", "sms"),
    )
    assert form.is_valid()
    rendition = complete(form.document())["renditions"][0]
    assert len(rendition.get("claims", {})) <= 100
    assert len(rendition.get("variables", {})) <= 100


def test_the_page_of_each_kind_opens(signed_in):
    client = signed_in("mei")
    for kind in KINDS:
        answer = client.get("/content/+new/", {"kind": kind})
        assert answer.status_code == 200
        assert str(KINDS[kind].label) in text_of(answer)


def test_a_market_that_is_chosen_joins_the_territories_once():
    before = complete({"kind": "banner", "rights": {"territories": ["Hong Kong"]}})
    after = written(before, language="en", add_territory="Macau")
    assert after["rights"]["territories"] == ["Hong Kong", "Macau"]
    again = written(before, language="en", add_territory="HONG KONG")
    assert again["rights"]["territories"] == ["Hong Kong"]


def test_the_markets_of_journeys_are_offered(signed_in):
    JourneyFactory(market="Macau", is_live=False)
    JourneyFactory(market="Atlantis", is_live=False, is_restricted=True)
    page = signed_in("mei").get("/content/+new/?kind=sms").content.decode()
    listed = page.partition('<datalist id="markets">')[2].partition("</datalist>")[0]
    assert "Macau" in listed
    assert "Atlantis" not in listed
