"""Why somebody may see and do something, or not: grant by grant, with the portal's own verdicts.

Nothing is ruled here: `policies`, `halts` and `visible_to` answer, and the grants that stand behind
the answer are put beside it.
"""

from governance.explaining.answering import Answer, Explanation, explain
from governance.explaining.asking import About, can_ask, can_ask_about_others, find, find_person
from governance.explaining.telling import GrantLine

__all__ = [
    "About",
    "Answer",
    "Explanation",
    "GrantLine",
    "can_ask",
    "can_ask_about_others",
    "explain",
    "find",
    "find_person",
]
