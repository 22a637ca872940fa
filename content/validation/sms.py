"""Text messages: how many are sent, what makes them more, and how people end them."""

import re
import unicodedata

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cjops.core.wording import listing
from content.segments import SINGLE, Forcing, Segmentation, segmentation
from content.validation.checked import NAMED, Checked, Text

MAX_SEGMENTS = 3
# A message in another script needs Unicode anyway; one that could do without has so few of them.
FEW = 6
_PROMOTES = re.compile(
    r"\b(?:special[ ]offer|discount|sale|vouchers?|coupon|bonus|cashback|limited[ ]time)\b"
    r"|[0-9]\s?%[ ]off|优惠|折扣|特惠|抽奖|红包|限时|立减|赢取"
    r"|優惠|抽獎|紅包|限時|立減|贏取",
    re.IGNORECASE,
)
_LEAVING = re.compile(
    r"\b(?:stop|unsubscribe|opt[\s-]?out|end|quit|cancel)\b"
    r"|退订|退訂|拒收|回\s*[TtRr]|取消订阅|取消訂閱|停止接收",
    re.IGNORECASE,
)


def check(checked: Checked, text: Text) -> None:
    """One text message."""
    sent = segmentation(text.filled("text"))
    if sent.count > MAX_SEGMENTS:
        message = ngettext(
            "%(language)s: the text is sent as %(count)s message. Each costs by itself, and some "
            "arrive late: shorten it to %(most)s at most.",
            "%(language)s: the text is sent as %(count)s messages. Each costs by itself, and some "
            "arrive late: shorten it to %(most)s at most.",
            sent.count,
        )
        checked.found(
            "many-segments", message, "text", text=text, count=sent.count, most=MAX_SEGMENTS
        )
    check_alphabet(checked, text, segmentation(text["text"]))
    check_leaving(checked, text)


def check_alphabet(checked: Checked, text: Text, written: Segmentation) -> None:
    """Single characters that halve what fits a message, though others would do."""
    forcing = written.forcing
    letters = [one for one in forcing if unicodedata.east_asian_width(one.character) in "WF"]
    in_vain = [one for one in forcing if one.instead is not None]
    if not forcing or len(forcing) > FEW or len(letters) > len(in_vain):
        return
    line = text["text"].count("\n", 0, forcing[0].position) + 1 if "\n" in text["text"] else 0
    message = _(
        "%(language)s: %(names)s is in no alphabet of text messages, so the whole text is sent in "
        "Unicode and %(limit)s characters fit a message instead of %(usual)s."
    )
    checked.found(
        "sms-unicode",
        message,
        "text",
        text=text,
        line=line,
        names=listing([_named(one) for one in forcing], NAMED),
        limit=SINGLE["ucs-2"],
        usual=SINGLE["gsm-7"],
    )


def _named(one: Forcing) -> str:
    shown = one.character if one.character.isprintable() else f"U+{ord(one.character):04X}"
    shown = f"U+{ord(one.character):04X}" if one.character.isspace() else shown
    words = {"character": shown, "position": one.position + 1}
    if one.instead is None:
        return _("“%(character)s” (character %(position)s)") % words
    if not one.instead.strip():
        return _("“%(character)s” (character %(position)s; write a blank or nothing)") % words
    words["instead"] = one.instead
    return _("“%(character)s” (character %(position)s; write %(instead)s instead)") % words


def check_leaving(checked: Checked, text: Text) -> None:
    """What promotes something says how to receive no more of it; other messages need not."""
    said = text["text"]
    is_promoting = bool(checked.topics & checked.rules.promoting_tags) or bool(
        _PROMOTES.search(said)
    )
    if said and is_promoting and not _LEAVING.search(said):
        message = _(
            "%(language)s: the text promotes something and does not say how to receive no more of "
            "it. Add that, such as “Reply STOP to opt out” or “回T退订”."
        )
        checked.found("opt-out-missing", message, "text", text=text)
