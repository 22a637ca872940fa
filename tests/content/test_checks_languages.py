"""Do the languages say the same? Numbers are compared, whatever they are written like."""

import pytest

from content.validation.amounts import amounts
from tests.content.checking import codes, found, in_two

SAME = [
    ("10,000 people", "1万人"),
    ("10,000 people", "１０,０００人"),
    ("320,000 €", "32万欧元"),
    ("1.5 million", "150万"),
    ("2 bn", "20億"),
    ("1 December", "12月1日"),
    ("December 1, 2026", "2026年12月1日"),
    ("1st of December 2026", "2026-12-01"),
    ("in May 2027", "2027年5月"),
    ("from 9:30 am to 5 pm", "上午9:30至下午5点"),
    ("from 7 to 22", "7时至22时"),
    ("at half past 9", "9点半"),
    ("20 % off", "8折"),
    ("15% off", "85折"),
    ("3.40 %", "百分之3.4"),
    ("9 or 10 %", "9%或10%"),
    ("two minutes", "2分钟"),
    ("3 steps", "三步"),
    ("25 days", "二十五天"),
    ("one in 6", "每六位"),
    ("89,90 €", "89.90欧元"),
    ("{{ amount }} by {{ date }}", "{{ date }}前{{ amount }}"),
    ("see https://bank.example/2027", "见"),
    ("write to a1@bank.example", "来信"),
]


@pytest.mark.parametrize(("english", "chinese"), SAME)
def test_the_same_said_in_another_way_is_the_same(english, chinese):
    variables = {name: {"fallback": "x"} for name in ("amount", "date")}
    if "{{" not in english:
        variables = {}
    first = {"text": english, "variables": variables}
    second = {"text": chinese, "variables": variables}
    assert "numbers-differ" not in codes(in_two("sms", first, second))


DIFFERENT = [
    ("10,000 people", "1000人", "1000"),
    ("1 December", "12月2日", "12月2日"),
    ("3.40 %", "3.04%", "3.04%"),
    ("20 % off", "7折", "7折"),
    ("5 €", "五十欧元，即50欧元", "50"),
    ("at 9:30", "10:30", "10:30"),
]


@pytest.mark.parametrize(("english", "chinese", "named"), DIFFERENT)
def test_what_differs_is_named(english, chinese, named):
    finding = found(in_two("sms", {"text": english}, {"text": chinese}))["numbers-differ"]
    assert f"“{named}" in finding.message
    assert (finding.severity, finding.key) == ("warning", "zh-hans")


def test_links_may_lead_to_the_same_page_in_another_language():
    english = {"link": "https://bank.example/en/cards?utm_source=a"}
    chinese = {"link": "https://bank.example/zh-hans/cards/?lang=zh"}
    assert codes(in_two("push", english, chinese)) == []
    chinese = {"link": "https://bank.example/zh-hans/loans"}
    assert codes(in_two("push", english, chinese)) == ["links-differ"]


def test_variables_that_only_one_language_fills_in_are_told():
    document = in_two("sms", {"text": "Hi {{ a | default: 'x' }}"}, {"text": "您好"})
    assert "{{ a }}" in found(document)["variables-differ"].message


def test_variants_are_compared_with_their_own():
    from content import definition  # noqa: PLC0415

    renditions = [
        {"key": "en", "text": "5 €"},
        {"key": "en-b", "language": "en", "variant": "b", "text": "7 €"},
        {"key": "zh-hans", "text": "5欧元"},
        {"key": "zh-hans-b", "language": "zh-Hans", "variant": "b", "text": "7欧元"},
    ]
    document = definition.complete(
        {"name": "A", "kind": "sms", "variants": {"b": {}}, "renditions": renditions}
    )
    assert "numbers-differ" not in codes(document)


def test_a_long_text_is_read_in_one_pass():
    assert len(amounts("1,2 3. 4年5月6 " * 20_000).certain) < 20
