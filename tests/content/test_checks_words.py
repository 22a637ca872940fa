"""What is found in words: variables, forbidden and required words, what is hidden, claims."""

import pytest

from content.rules import Known, Phrase, Rules
from content.validation import readable, words_of_market
from tests.content.checking import TODAY, asset, body, codes, found

KNOWN = {
    "first_name": Known("first_name"),
    "card.last4": Known("card.last4"),
    "branch": Known("branch", is_always_there=True),
}


def ruled(*phrases, **more):
    return Rules(languages=("en",), today=TODAY, phrases=phrases, **more)


def test_a_misspelled_variable_is_told_its_name():
    rules = ruled(variables=KNOWN)
    finding = found(asset("sms", text="Hi\n{{ frist_name }}"), rules)["variable-unknown"]
    assert (finding.severity, finding.line) == ("error", 2)
    assert "“first_name”" in finding.message
    unlike = found(asset("sms", text="Hi {{ weather }}"), rules)["variable-unknown"]
    assert "ask an admin" in unlike.message


def test_where_nobody_has_listed_variables_none_is_unknown():
    assert codes(asset("sms", text="Hi {{ weather | default: 'you' }}")) == []


@pytest.mark.parametrize(
    "text",
    [
        "Hi {{ first_name | default: 'you' }}",
        "Hi {% if first_name %}{{ first_name }}{% else %}you{% endif %}",
        "Hi {% unless first_name %}you{% else %}{{ first_name }}{% endunless %}",
        "{% case card.last4 %}{% when '1' %}one{% else %}{{ card.last4 }}{% endcase %}",
        "{% assign name = first_name | default: 'you' %}Hi {{ name }}",
        "At {{ branch }}",
    ],
)
def test_what_has_a_fallback_or_is_asked_for_is_fine(text):
    assert codes(asset("sms", text=text), ruled(variables=KNOWN)) == []


@pytest.mark.parametrize(
    "text",
    [
        "Hi {{ first_name }}",
        "Hi {{ first_name | upcase }}",
        "{% if branch %}{{ first_name }}{% endif %}",
    ],
)
def test_what_some_customers_have_not_needs_a_fallback(text):
    assert codes(asset("sms", text=text), ruled(variables=KNOWN)) == ["fallback-missing"]
    given = {"first_name": {"fallback": "you"}}
    assert codes(asset("sms", text=text, variables=given), ruled(variables=KNOWN)) == []


def test_a_fallback_of_what_is_not_used_is_told():
    finding = found(asset("sms", variables={"frist_name": {"sample": "Maya"}}))["variable-unused"]
    assert finding.pointer == "/renditions/0/variables/frist_name"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{{ a", "liquid-broken"),
        ("{% if a %}", "liquid-broken"),
        ("{% include 'x' %}", "liquid-broken"),
        ("{{ a | nope }}", "liquid-broken"),
        ("{{ 1 | divided_by: 0 }}", "liquid-broken"),
        ("{% for a in (1..1000000) %}x{% endfor %}", "liquid-endless"),
        ("{% if a %}" * 60 + "{% endif %}" * 60, "liquid-endless"),
    ],
)
def test_liquid_that_fails_or_loops_is_an_error(text, code):
    finding = found(asset("sms", text=text))[code]
    assert finding.severity == "error"
    assert finding.pointer == "/renditions/0/text"


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("risk-free", "It is RISK-FREE."),
        ("risk free", "It is risk\n  free."),
        ("free", "It is f\u200bree."),
        ("free", "It is ｆｒｅｅ."),
        ("零风险", "这是零风险产品"),
        ("零风险", "这是零\u200b风\u2060险产品"),
        ("保本", "保证保本保息"),
        ("No. 1", "the no. 1 bank"),
        ("Müller", "frau MÜLLER"),
    ],
)
def test_a_forbidden_word_is_found_however_it_is_written(words, text):
    rules = ruled(Phrase(words, "forbidden"))
    assert "word-forbidden" in codes(asset("sms", text=text), rules)


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("free", "Freedom and carefree"),
        ("free", "{{ free | default: 'x' }}"),
        ("art", "start"),
        ("零风险", "零售风险"),
    ],
)
def test_what_only_looks_like_it_is_fine(words, text):
    rules = ruled(Phrase(words, "forbidden"))
    assert "word-forbidden" not in codes(asset("sms", text=text), rules)


def test_a_forbidden_word_says_where_why_and_what_instead():
    phrase = Phrase("risk-free", "forbidden", "warning", instead="low-risk", reason="Nothing is.")
    finding = found(body("<p>It is\n<b>risk</b>-free.</p>"), ruled(phrase))["word-forbidden"]
    assert (finding.severity, finding.line) == ("warning", 4)
    assert finding.message == (
        "English: “risk-free” must not be said. Write “low-risk” instead. The rule gives this "
        "reason: “Nothing is.”"
    )


@pytest.mark.parametrize(
    ("phrase", "end"),
    [
        (Phrase("bank", "forbidden"), "“bank” must not be said."),
        (Phrase("bank", "forbidden", instead="house"), "said. Write “house” instead."),
        (Phrase("bank", "forbidden", reason="So."), "said. The rule gives this reason: “So.”"),
        (Phrase("terms", "required"), "“terms” has to be said somewhere. Add it."),
        (Phrase("terms", "required", reason="So."), "it. The rule gives this reason: “So.”"),
    ],
)
def test_each_case_is_one_whole_sentence(phrase, end):
    (finding,) = found(asset("sms"), ruled(phrase)).values()
    assert finding.message.endswith(end)


@pytest.mark.parametrize(
    ("phrase", "is_about"),
    [
        (Phrase("bank", "forbidden", language="en"), True),
        (Phrase("bank", "forbidden", language="EN"), True),
        (Phrase("bank", "forbidden", language="zh"), False),
        (Phrase("bank", "forbidden", language="en-GB"), False),
        (Phrase("bank", "forbidden", kinds=("sms",)), True),
        (Phrase("bank", "forbidden", kinds=("email",)), False),
        (Phrase("bank", "forbidden", market="de"), True),
        (Phrase("bank", "forbidden", market="cn"), False),
    ],
)
def test_a_rule_is_about_some_markets_languages_and_kinds(phrase, is_about):
    document = asset("sms", header={"rights": {"territories": ["DE", "AT"]}})
    assert ("word-forbidden" in codes(document, ruled(phrase))) == is_about


def test_what_may_be_used_everywhere_is_under_the_rules_of_every_market():
    rules = ruled(Phrase("bank", "forbidden", market="cn"))
    assert codes(asset("sms"), rules) == ["word-forbidden"]


def test_required_words_may_stand_anywhere():
    rules = ruled(Phrase("Terms apply", "required"))
    finding = found(asset(), rules)["word-required"]
    assert finding.pointer == "/renditions/0/body"
    assert codes(asset(preheader="terms apply"), rules) == []
    files = {"picture": {"file": "a" * 64, "alt": "Terms apply"}}
    assert "word-required" not in codes(asset("in-app", files=files), rules)


def test_alternative_text_is_said_too():
    inner = "<img src='https://bank.example/a.jpg' alt='Risk-free' width=9 height=9>"
    assert codes(body(inner), ruled(Phrase("risk-free", "forbidden"))) == ["word-forbidden"]


@pytest.mark.parametrize(
    ("inner", "code"),
    [
        ("<p>a &#8238;b</p>", "direction-override"),
        ("<p>a &#x2066;b</p>", "direction-override"),
        ("<p>fr&#8203;ee</p>", "character-hidden"),
        ("<p>fr&shy;ee</p>", "character-hidden"),
        ("<p>fr\u2060ee</p>", "character-hidden"),
        ("<p>风\u200b险</p>", "character-hidden"),
    ],
)
def test_what_nobody_sees_is_found(inner, code):
    finding = found(body(inner))[code]
    assert finding.line == 3
    assert finding.severity == ("error" if code == "direction-override" else "warning")


@pytest.mark.parametrize(
    "inner",
    [
        "<p>👩‍👩‍👧</p>",
        "<p>می‌خواهم क्‍ष</p>",
        "<div style='display:none'>Hi&nbsp;&zwnj;&nbsp;&zwnj;&nbsp;</div>",
        "<p>www.&#8203;bank</p>",
    ],
)
def test_joiners_where_they_belong_are_fine(inner):
    assert codes(body(inner)) == []


def test_documents_refuse_what_turns_text_around():
    from cjops.core.errors import DocumentInvalid  # noqa: PLC0415

    with pytest.raises(DocumentInvalid):
        asset("sms", text="a\u202eb")


@pytest.mark.parametrize(
    ("claim", "code"),
    [
        ({"text": "on its way", "reference": ""}, "claim-unfounded"),
        ({"text": "nowhere", "reference": "§ 1"}, "claim-absent"),
        ({"text": "", "reference": "§ 1"}, "claim-absent"),
        (
            {"text": "on its way", "reference": "§ 1", "valid_until": "2026-11-22"},
            "claim-expired",
        ),
    ],
)
def test_a_claim_is_looked_at(claim, code):
    finding = found(asset("sms", claims={"way": claim}))[code]
    assert finding.pointer.startswith("/renditions/0/claims/way/")


def test_a_claim_that_is_said_founded_and_true_is_fine():
    claim = {"text": "ON  its way", "reference": "§ 1", "valid_until": "2026-11-23"}
    assert codes(asset("sms", claims={"way": claim})) == []


HARD = (
    "Notwithstanding the aforementioned contractual obligations, remuneration entitlements "
    "accruing to institutional beneficiaries necessitate comprehensive documentary verification "
    "preceding administrative authorisation, irrespective of jurisdictional considerations. "
)


def test_prose_that_is_hard_to_read_is_told():
    assert codes(asset("call-script", body=HARD * 6)) == ["hard-to-read"]
    assert codes(asset("call-script", body="We sent you a card. It is in the post. " * 20)) == []
    assert codes(asset("call-script", body=HARD)) == []


def test_flesch_is_the_published_formula():
    # “The cat sat on the mat.”: 6 words, 1 sentence, 6 syllables.
    found_ = readable.english("The cat sat on the mat. " * 20)
    assert round(found_.ease, 1) == round(206.835 - 1.015 * 6 - 84.6 * 1, 1) == 116.1
    assert round(found_.grade, 2) == round(0.39 * 6 + 11.8 * 1 - 15.59, 2)


@pytest.mark.parametrize(
    ("word", "count"),
    [("the", 1), ("table", 2), ("received", 2), ("wanted", 2), ("information", 4), ("you", 1),
     ("idea", 2), ("tree", 1), ("places", 2)],
)  # fmt: skip
def test_syllables(word, count):
    assert readable.syllables_of(word) == count


def test_chinese_is_measured_by_its_sentences():
    long = "我们已经收到您的申请" * 6 + "。"
    assert readable.chinese(long * 4) == 60
    assert readable.chinese("您好。") is None


def in_market(market, *phrases, **rights):
    document = asset("sms", text="Risk-free: your card")
    rules = ruled(*phrases)
    return [
        (one.code, one.severity)
        for one in words_of_market({**document, "rights": rights}, rules, market)
    ]


RISK = {"words": "risk-free", "use": "forbidden"}


@pytest.mark.parametrize("market", ["Hong Kong", "hong  kong", "Ｈｏｎｇ Ｋｏｎｇ"])
def test_words_of_a_market_are_looked_for_in_what_is_shown_there(market):
    rule = Phrase(**RISK, market="Hong Kong")
    assert in_market(market, rule, territories=["HK"]) == [("word-forbidden", "error")]


@pytest.mark.parametrize("market", ["", "Macau"])
def test_words_of_other_markets_are_not(market):
    assert in_market(market, Phrase(**RISK, market="Hong Kong"), territories=["HK"]) == []


@pytest.mark.parametrize("rights", [{}, {"territories": ["ＨＯＮＧ KONG"]}])
def test_what_the_content_is_asked_by_itself_is_not_told_twice(rights):
    rule = Phrase(**RISK, market="Hong Kong")
    assert in_market("Hong Kong", rule, **rights) == []
    document = {**asset("sms", text="Risk-free: your card"), "rights": rights}
    assert "word-forbidden" in codes(document, ruled(rule))


def test_a_milder_rule_of_the_market_stays_mild():
    rule = Phrase(**RISK, market="Macau", weight="warning")
    assert in_market("Macau", rule, territories=["China"]) == [("word-forbidden", "warning")]
