"""Can an asset be sent as it is? Everything its authors should hear before anybody reviews it.

The document must have the right shape (`content.definition.complete`). An error blocks submission,
a warning is told to those who decide; which is which, `catalogue` says and an admin may change.
"""

from dataclasses import replace

from cjops.core.findings import Finding
from cjops.documents import Document
from content.markets import folded
from content.rules import NO_RULES, Rules
from content.validation import (
    email,
    every_kind,
    languages,
    legible,
    links,
    needs,
    push,
    readable,
    rights,
    sms,
    text_part,
    variables,
    wording,
)
from content.validation.checked import Checked

__all__ = ["validate", "words_of_market"]

# What is looked at in each kind, beside what all have in common.
CHECKS = {
    "email": (email.check, text_part.check, legible.check),
    "sms": (sms.check,),
    "push": (push.check,),
}
IN_ALL = (
    every_kind.check_text,
    variables.check,
    links.check,
    wording.check,
    readable.check,
    needs.check,
)


def validate(document: Document, rules: Rules = NO_RULES) -> list[Finding]:
    """What is wrong or doubtful: errors first, each group in the order of the document.

    `rules` say what an admin has set: severities, words, variables. Linear in the document.
    """
    checked = Checked(document, rules)
    every_kind.check_whole(checked)
    rights.check(checked)
    for text in checked.texts:
        for check in (*IN_ALL, *CHECKS.get(checked.kind.key, ())):
            check(checked, text)
    languages.check(checked)
    return sorted(checked.findings, key=lambda finding: finding.severity)


def words_of_market(document: Document, rules: Rules, market: str) -> list[Finding]:
    """What the word rules of a market find in content that is used there, errors first.

    Nothing where the content is under these rules by what it says of itself: then `validate` has
    looked already.
    """
    wanted = folded(market)
    phrases = [replace(one, market="") for one in rules.phrases if folded(one.market) == wanted]
    checked = Checked(document, replace(rules, phrases=tuple(phrases)))
    if not wanted or not phrases or wording.is_market_asked(market, checked):
        return []
    for text in checked.texts:
        wording.check_phrases(checked, text, wording.plain_of(text))
    return sorted(checked.findings, key=lambda finding: finding.severity)
