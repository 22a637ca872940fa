"""What is wrong with a policy, in whole sentences that say what to do."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.ruling.problems import Problem

# By code; a sentence under "code nearest" is for when there is a name it was probably meant to be.
SENTENCES: dict[str, Any] = {
    "bad_character": gettext_lazy(
        "The character %(character)s cannot be seen or turns text around: take it out."
    ),
    "empty_any": gettext_lazy("“any” of nothing would never hold: name at least one condition."),
    "empty_text": gettext_lazy("This text is empty: write something or leave the member out."),
    "escalates_in_a_circle": gettext_lazy(
        "Everybody named here is asked from the start: name somebody else for when it is overdue."
    ),
    "how_many": gettext_lazy("This list holds between %(low)s and %(high)s entries."),
    "missing_member": gettext_lazy("“%(member)s” is missing here: add it."),
    "mixed_condition": gettext_lazy(
        "“%(kind)s” stands alone: move what is beside it into a condition of its own."
    ),
    "no_such_person": gettext_lazy(
        "Nobody active has the e-mail address “%(name)s”: correct it or name somebody else."
    ),
    "no_such_person nearest": gettext_lazy(
        "Nobody active has the e-mail address “%(name)s”. Is it “%(nearest)s”?"
    ),
    "no_such_role": gettext_lazy("There is no role “%(name)s”: name one that there is."),
    "no_such_role nearest": gettext_lazy("There is no role “%(name)s”. Is it “%(nearest)s”?"),
    "no_such_team": gettext_lazy("There is no team “%(name)s”: name one that there is."),
    "no_such_team nearest": gettext_lazy("There is no team “%(name)s”. Is it “%(nearest)s”?"),
    "no_such_team_kind": gettext_lazy(
        "There is no kind of team “%(name)s”: name one that there is."
    ),
    "no_such_team_kind nearest": gettext_lazy(
        "There is no kind of team “%(name)s”. Is it “%(nearest)s”?"
    ),
    "no_such_value": gettext_lazy(
        "There is no “%(name)s” here, so that this would never be found: name one that there is."
    ),
    "no_such_value nearest": gettext_lazy(
        "There is no “%(name)s” here, so that this would never be found. Is it “%(nearest)s”?"
    ),
    "not_a_condition": gettext_lazy(
        "A condition is an object with “all”, “any” or “not”, or with “fact”, “op” and “value”."
    ),
    "not_a_key": gettext_lazy(
        "A key is up to 100 letters, digits, hyphens, dots and underscores: write one here."
    ),
    "not_a_list": gettext_lazy("This has to be a list."),
    "not_a_number": gettext_lazy("This has to be a number without quotation marks."),
    "not_a_slug": gettext_lazy(
        "Write up to %(limit)s small letters, digits and single hyphens between them."
    ),
    "not_a_whole_number": gettext_lazy(
        "This has to be a whole number from %(low)s to %(high)s without quotation marks."
    ),
    "not_an_email": gettext_lazy("“%(value)s” is no e-mail address: write it in full."),
    "not_an_object": gettext_lazy("This has to be an object: names, each with a value."),
    "not_names": gettext_lazy("Write a text, or an object of texts by language with “en” in it."),
    "not_one_line": gettext_lazy("This has to be one line of 1 to %(limit)s characters."),
    "not_text": gettext_lazy("This has to be text; put it in quotation marks."),
    "not_true_or_false": gettext_lazy("This has to be true or false, without quotation marks."),
    "not_yaml": gettext_lazy(
        "From here on this is no valid YAML (%(reason)s): look at indentation, colons and "
        "quotation marks."
    ),
    "of_needs_counts": gettext_lazy(
        "“of” picks one of several counts, and “%(fact)s” has none: take it out."
    ),
    "one_source": gettext_lazy("Name exactly one of %(known)s here."),
    "only_true": gettext_lazy(
        "“%(member)s” can only be true: take the entry out where they are not wanted."
    ),
    "quorum_too_high": gettext_lazy(
        "%(quorum)s people have to decide, and only %(people)s are named: name more or ask fewer."
    ),
    "remind_too_late": gettext_lazy(
        "A reminder goes out before the decision is due: remind after fewer than %(hours)s hours."
    ),
    "repeated": gettext_lazy("“%(value)s” stands in this list twice: keep one."),
    "repeated_key": gettext_lazy("The key “%(key)s” is taken: give each its own."),
    "repeated_person": gettext_lazy("%(email)s is named here twice: keep one."),
    "repeated_reviewer": gettext_lazy("The same reviewers are named here twice: keep one."),
    "too_deep": gettext_lazy("Conditions stand at most %(limit)s deep: move this one further up."),
    "too_long": gettext_lazy("This text has more than %(limit)s characters: shorten it."),
    "too_many_nodes": gettext_lazy(
        "A policy has at most %(limit)s conditions and groups: split it into several policies."
    ),
    "unknown_fact": gettext_lazy("There is no fact “%(fact)s”: name one that there is."),
    "unknown_fact nearest": gettext_lazy("There is no fact “%(fact)s”. Is it “%(nearest)s”?"),
    "unknown_member": gettext_lazy("“%(member)s” has no meaning here: take it out."),
    "unknown_member nearest": gettext_lazy(
        "“%(member)s” has no meaning here. Is it “%(nearest)s”?"
    ),
    "unknown_op": gettext_lazy("“%(fact)s” cannot be asked with “%(op)s”: use one of %(known)s."),
    "unknown_schema": gettext_lazy("“schema” has to be “%(known)s”."),
    "unknown_word": gettext_lazy("“%(word)s” has no meaning here: use one of %(known)s."),
    "unknown_word nearest": gettext_lazy("“%(word)s” has no meaning here. Is it “%(nearest)s”?"),
    "who_needs_team": gettext_lazy("“who” belongs beside “team”: take it out here."),
    "yaml_alias": gettext_lazy(
        "“*%(name)s” refers to another place, which is not accepted: write it out here."
    ),
    "yaml_anchor": gettext_lazy(
        "“&%(name)s” names a place to refer to, which is not accepted: take it out."
    ),
    "yaml_deep": gettext_lazy("Lists and objects stand at most %(limit)s deep."),
    "yaml_documents": gettext_lazy(
        "A second document begins here: put all policies into one list."
    ),
    "yaml_empty": gettext_lazy("There is nothing here: begin with “schema: policies/1”."),
    "yaml_long": gettext_lazy("The text is longer than %(limit)s bytes: split it."),
    "yaml_merge": gettext_lazy("“<<” takes over from elsewhere, which is not accepted."),
    "yaml_name": gettext_lazy("The name of a value has to be text."),
    "yaml_nodes": gettext_lazy("There are more than %(limit)s values: split the text."),
    "yaml_repeated": gettext_lazy("“%(name)s” stands here twice: keep one."),
    "yaml_tab": gettext_lazy("There is a tab here: use blanks."),
    "yaml_tag": gettext_lazy("The tag “%(name)s” is not accepted: take it out."),
}


def problem_sentence(problem: Problem) -> str:
    """What is wrong and what to do, in the active language."""
    code = problem.code
    if problem.params.get("nearest") and f"{code} nearest" in SENTENCES:
        code = f"{code} nearest"
    return str(SENTENCES[code]) % dict(problem.params)


def placed_sentence(line: int, column: int, problem: Problem) -> str:
    """The same with its place in a text."""
    return _("Line %(line)s, column %(column)s: %(problem)s") % {
        "line": line,
        "column": column,
        "problem": problem_sentence(problem),
    }
