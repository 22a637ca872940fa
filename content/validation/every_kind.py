"""What is looked at in every kind of content."""

from django.utils.translation import gettext as _

from content.definition import language_of
from content.kinds import FIELDS
from content.validation.checked import Checked, Text
from content.validation.spoken import MAX_PROSE


def check_whole(checked: Checked) -> None:
    """Its name and its languages."""
    # An asset that was never live starts without a header, and so without languages.
    if not checked.document.get("name"):
        checked.found("name-missing", _("Give the asset a name."), "name")
    if not checked.texts:
        message = _("The asset says nothing yet: add a language.")
        checked.found("no-rendition", message, "renditions")
        return
    tags = {language_of(text.rendition) for text in checked.texts}
    # "zh" asks for any Chinese, "zh-hant" for that one.
    spoken = tags | {tag.partition("-")[0] for tag in tags}
    sentences = {
        "en": _("There is no English version."),
        "zh": _("There is no Chinese version."),
    }
    for language in checked.rules.languages:
        if language not in spoken:
            message = sentences.get(language) or _("There is no version in “%(tag)s”.")
            checked.found("language-missing", message, "renditions", tag=language)


def check_text(checked: Checked, text: Text) -> None:
    """Fields that must say something, and fields that this kind has no use for."""
    for one in checked.kind.written:
        if one.empty and not text[one.name]:
            message = _("%(language)s: “%(field)s” is empty. Fill it in.")
            checked.found(one.empty, message, one.name, text=text, field=one.label)
    is_prose = checked.kind.has("body") and checked.kind.field("body").input == "prose"
    if is_prose and len(text["body"]) > MAX_PROSE:
        message = _("%(language)s: the text is longer than %(limit)s characters. Shorten it.")
        checked.found("prose-too-long", message, "body", text=text, limit=MAX_PROSE)
    for name in FIELDS:
        if text[name] and not checked.kind.has(name):
            message = _("%(language)s: the field “%(name)s” has no use in this kind of asset.")
            checked.found("field-unused", message, name, text=text, name=name)
