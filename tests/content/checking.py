"""Assets of one rendition that pass all checks, and what is found in them once they are changed."""

import datetime as dt

from content import definition
from content.rules import Rules
from content.validation import validate
from tests.factories import LEAVING

TODAY = dt.date(2026, 11, 23)
HEAD = '<meta name="color-scheme" content="light dark">'
GOOD = {
    "email": {
        "subject": "Welcome to the bank",
        "preheader": "Two minutes to your first payment",
        "sender": "The bank <hello@bank.example>",
        "body": f'<p>Welcome to the bank</p><p><a href="{LEAVING}">Unsubscribe</a></p>',
        "text": f"Welcome to the bank\n{LEAVING}",
    },
    "sms": {"text": "The bank: your card is on its way."},
    "push": {"title": "Your card", "text": "It is on its way.", "link": "bank://cards"},
    "in-app": {
        "title": "Hello",
        "body": "There is *news*.",
        "action": "See",
        "link": "bank://news",
    },
    "banner": {"title": "Save", "action": "See", "link": "https://bank.example/save"},
    "web-block": {"title": "Save", "body": "Save a little."},
    "call-script": {"title": "Overdraft", "body": "Good morning."},
    "event": {
        "title": "First home",
        "starts": "2027-03-01T18:30",
        "ends": "2027-03-01T20:00",
        "timezone": "Asia/Shanghai",
        "link": "https://bank.example/events/1",
        "body": "How to buy one.",
    },
    "poster": {"title": "First home"},
}
RULES = Rules(languages=("en",), today=TODAY)


def asset(kind="email", header=None, **fields):
    """An asset in English; `header` says what is beside the rendition."""
    rendition = {"key": "en", **GOOD[kind], **fields}
    return definition.complete(
        {"name": "A", "kind": kind, "renditions": [rendition], **(header or {})}
    )


def in_two(kind, first, second, key="zh-hans"):
    """The asset in English and in another language."""
    renditions = [{"key": "en", **GOOD[kind], **first}, {"key": key, **GOOD[kind], **second}]
    return definition.complete({"name": "A", "kind": kind, "renditions": renditions})


def found(document, rules=RULES):
    """The findings by their code; the first of each."""
    findings = {}
    for one in validate(document, rules):
        findings.setdefault(one.code, one)
    return findings


def codes(document, rules=RULES):
    return sorted(found(document, rules))


def body(inner):
    """The e-mail with that inside."""
    source = f'{HEAD}\n<p>Welcome</p>\n{inner}\n<p><a href="{LEAVING}">Unsubscribe</a></p>'
    return asset(body=source)
