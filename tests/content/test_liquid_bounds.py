"""Liquid that would run for ever, fill the memory or end the process is refused: steps count."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content import liquid, liquid_bounds
from content.liquid import LiquidFault
from tests.content.checking import asset, codes

DOUBLE = "{% assign a = a | append: a %}"
BOMBS = {
    "nested loops": "{% for a in (1..1000) %}{% for b in (1..1000) %}x{% endfor %}{% endfor %}",
    "loops one after another": "{% for a in (1..1000) %}x{% endfor %}" * 2_000,
    "a loop with much in it": "{% for a in (1..1000) %}" + "{{ a }}" * 2_000 + "{% endfor %}",
    "an empty loop with much in it": (
        "{% for a in (1..1000) %}" + "{% if true %}{% endif %}" * 2_000 + "{% endfor %}"
    ),
    "a wide range": "{% for a in (1..1000000000) %}{% endfor %}",
    "a range of a variable": "{% for a in (1..n) %}{% endfor %}",
    "a range in a value": "{{ (1..100000000) | join: 'x' }}",
    "a range that is assigned": "{% assign a = (1..100000000) %}",
    "doubling": "{% assign a = 'xxxxxxxxxxxxxxxx' %}" + DOUBLE * 40,
    "doubling in a loop": (
        "{% assign a = 'x' %}{% for i in (1..100) %}" + DOUBLE + "{% endfor %}{{ a }}"
    ),
    "replacing": "{{ 'x'" + " | replace: 'x', 'xxxxxxxxxx'" * 12 + " }}",
    "replacing nothing": "{{ 'xxxxxxxx'" + " | replace: '', 'xxxxxxxxxx'" * 12 + " }}",
    "squaring": (
        "{% assign a = 9 %}{% for i in (1..100) %}{% assign a = a | times: a %}{% endfor %}"
    ),
    "a wide date": "{{ 'now' | date: '%1000000000d' }}",
    "a wide date of blanks": "{{ 'now' | date: '%_999999999Y' }}",
    "capturing in a loop": (
        "{% capture a %}xxxxxxxxxx{% endcapture %}{% for i in (1..100) %}{% capture a %}{{ a }}"
        "{{ a }}{% endcapture %}{% endfor %}"
    ),
    "a joined list": (
        "{% capture l %}" + "x" * 9_000 + "{% endcapture %}{% assign a = l | split: '' %}"
        "{{ a | join: l }}"
    ),
    "the same list again and again": (
        "{% assign a = 'a,b,c,d' | split: ',' %}" + "{% assign a = a | concat: a %}" * 40
    ),
    "each with each": (
        "{% capture l %}" + "xy" * 4_000 + "{% endcapture %}{% assign a = l | split: '' %}"
        "{{ a | uniq | join: '' }}"
    ),
    "deep blocks": "{% if a %}" * 3_000,
    "deep blocks that are closed": "{% if a %}" * 500 + "{% endif %}" * 500,
    "deep names": "{{ a" + "[a" * 1_300 + "]" * 1_300 + " }}",
    "a long name": "{{ a" + ".a" * 3_000 + " }}",
    "many values": "{{ a }}" * 6_000,
    "much code": ("{% assign a = '" + "x" * 3_900 + "' %}") * 30,
    "openings": "{{" * 100_000,
    "tags that open": "{%" * 100_000,
    "raw that never ends": "{% raw %}" * 5_000 + "x" * 100_000,
    "comments that never end": "{% comment %}" * 4_000,
    "an unfinished comment": "{% comment %}{% if %}",
    "a quote that never ends": "{{ '" + "x" * 3_000 + " }}",
    "many conditions": "{% if " + "a or " * 700 + "a %}{% endif %}",
    "many filters": "{{ a" + " | upcase" * 400 + " }}",
    "much output": "{% for i in (1..1000) %}" + "x" * 10_000 + "{% endfor %}",
    "a tag that is not ours": "{% include 'x' %}",
    "a tag that renders": "{% render 'x' %}",
    "increments": "{% increment a %}",
    "blanks": "{%" + " " * 3_000 + "%}",
    "a stray end": "{% endfor %}",
    "a stray break": "{% break %}",
    "an unknown filter": "{{ a | x }}",
    "a filter that skips the escaping": "{{ a | safe }}",
    "a date that overflows": "{{ '99999999999999999999999999' | date: '%Y' }}",
    "division by nothing": "{{ 1 | divided_by: 0 }}",
}
# What these may come to without a fault: short, and done in few steps.
ALLOWED = {"many conditions", "many filters", "deep names", "blanks"}


def filled(source, **values):
    """What it says, and no longer than is allowed; "" where it is refused."""
    try:
        template = liquid.parse(source)
        return liquid.render(template, values or dict.fromkeys(template.names, "x"))
    except LiquidFault as fault:
        return "" if fault.words else "a fault without words"


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_does_not_go_off(name, monkeypatch):
    taken = []
    pay = liquid_bounds._Context.pay
    monkeypatch.setattr(
        liquid_bounds._Context, "pay", lambda self, steps: (taken.append(steps), pay(self, steps))
    )
    liquid.parse.cache_clear()
    said = filled(BOMBS[name])
    assert len(said) <= liquid_bounds.MAX_VALUE
    assert not said or name in ALLOWED
    # All but the last, which is refused, were within what may be taken.
    assert sum(taken[:-1]) <= liquid_bounds.MAX_STEPS
    assert len(taken) <= liquid_bounds.MAX_STEPS


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_in_an_asset_is_a_finding(name):
    found = codes(asset("sms", text=f"Hi {BOMBS[name]}"[:99_000]))
    assert name in ALLOWED or {"liquid-broken", "liquid-endless"} & set(found)


@pytest.mark.parametrize(
    "source",
    [
        "{% for item in items %}{{ item }}, {% endfor %}",
        "{% for i in (1..12) %}<td>{{ i }}</td>{% endfor %}",
        "{% raw %}{{ not this }}{% endraw %}",
        "{% comment %}{{ nor this }}{% endcomment %}x",
        "{{ a | replace: 'a', 'b' | upcase | truncate: 20 }}",
        "{{ '2027-03-01' | date: '%d %B %Y' }}",
        "{{ 1000 | times: 12 | divided_by: 5 }}",
        "{{ 'b,a' | split: ',' | sort | uniq | join: ' and ' }}",
        "a { b } } {",
    ],
)
def test_what_people_write_is_filled_in(source):
    assert filled(source)


def test_four_hundred_values_in_an_email_are_no_bomb():
    source = "<p>{{ first_name | default: 'you' }}</p>" * 400
    assert filled(source).count("<p>x</p>") == 400


def test_lines_are_those_of_the_source():
    template = liquid.parse("a\n{{ b }}\n\n{% if c %}\n{{ d.e }}{% endif %}")
    assert [(one.name, one.line) for one in template.variables] == [("b", 2), ("c", 4), ("d.e", 5)]
    assert [(one.name, one.line) for one in template.bare] == [("b", 2), ("d.e", 5)]
    with pytest.raises(LiquidFault) as fault:
        liquid.parse("a\n\n{{ b")
    assert fault.value.line == 3


PIECES = st.sampled_from(
    [
        "{{",
        "}}",
        "{%",
        "%}",
        "{%-",
        "-%}",
        " a ",
        "a.b",
        "|",
        "default:",
        "'x'",
        "'",
        '"',
        "if",
        "else",
        "endif",
        "for i in a",
        "endfor",
        "(1..3)",
        "assign",
        "=",
        "1",
        "case",
        "when",
        "raw",
        "endraw",
        "comment",
        "endcomment",
        "capture",
        "endcapture",
        "x",
        "\n",
        ",",
        ":",
        "[",
        "]",
        ".",
        "unless",
    ]
)


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES, max_size=25).map(" ".join))
def test_no_mixture_of_pieces_is_anything_but_text_or_a_fault(source):
    filled(source)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(sorted(liquid._TEXT.filters)),
    st.one_of(st.integers(), st.floats(), st.text(max_size=20), st.none(), st.booleans()),
    st.one_of(st.integers(), st.floats(), st.text(max_size=20), st.none()),
)
def test_no_filter_fails_in_another_way(name, value, argument):
    filled(f"{{{{ a | {name} }}}}", a=value)
    filled(f"{{{{ a | {name}: b }}}}", a=value, b=argument)
    filled(f"{{{{ a | {name}: b, b }}}}", a=[value, value], b=argument)
