"""Keys that somebody may not read: those of restricted subjects that they do not see."""

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Q, Value

from governance.visibility import SUBJECTS
from people.models import User

# What facts of policies are compared with keys of subjects, and with tags: taxonomy:concept.
OF_SUBJECTS = ("keys", "journeys")
OF_TAGS = "tags"
# What is on a subject, and of what entries of the audit can be.
LEADING = (
    "people.Grant",
    "content.Picture",
    "content.SentTest",
    "governance.Change",
    "governance.Delegation",
    "governance.FreezeWindow",
    "governance.Halt",
)


@dataclass(frozen=True, slots=True)
class Hidden:
    """The keys, by what they are keys of."""

    subjects: frozenset[str] = frozenset()
    taxonomies: frozenset[str] = frozenset()

    def __call__(self, choices: str, key: str, /) -> bool:
        """Whether a key of these choices (`Fact.choices`) is one of them."""
        if choices in OF_SUBJECTS:
            return key in self.subjects
        return choices == OF_TAGS and key.partition(":")[0] in self.taxonomies

    def __bool__(self) -> bool:
        return bool(self.subjects)


def hidden_from(reader: User | None) -> Hidden:
    """Those of one reader, in one query; nothing is hidden from the portal itself (None)."""
    if reader is None or reader.has_perm("people.see_everything"):
        return Hidden()
    first, *rest = (_unseen(app, model, kind, reader) for app, model, kind in SUBJECTS)
    found = list(first.union(*rest, all=True))
    return Hidden(
        subjects=frozenset(key for key, _kind in found),
        taxonomies=frozenset(key for key, kind in found if kind == "taxonomy"),
    )


def _unseen(app: str, model: str, kind: str, reader: User) -> Any:
    unseen = _unseen_rows(app, model, reader)
    return unseen.annotate(what=Value(kind)).values_list("key", "what")


def _unseen_rows(app: str, model: str, reader: User) -> Any:
    rows: Any = apps.get_model(app, model)._default_manager.order_by()
    return rows.filter(is_restricted=True).exclude(pk__in=rows.visible_to(reader).values("pk"))


def about_hidden(reader: User) -> Q:
    """The condition that an audit entry is about something that the reader does not see: a subject
    or what is on one, be it deleted by now."""
    found = Q(pk__in=())
    if reader.has_perm("people.see_everything"):
        return found
    leading = [apps.get_model(label) for label in LEADING]
    for app, name, kind in SUBJECTS:
        unseen = _unseen_rows(app, name, reader).values("pk")
        found |= Q(about=apps.get_model(app, name)._meta.label_lower, about_id__in=unseen)
        for model in leading:
            if any(one.name == kind for one in model._meta.fields):
                found |= Q(
                    about=model._meta.label_lower, about_id__in=_leading(model, kind, unseen)
                )
    return found


def _leading(model: Any, kind: str, unseen: Any) -> Any:
    """Ids of rows on these subjects; past ones too, where a history is kept of them."""
    if not hasattr(model, "history"):
        return model._default_manager.filter(**{f"{kind}__in": unseen}).order_by().values("pk")
    return model.history.filter(**{f"{kind}__in": unseen}).order_by().values("id")
