"""Does a taxonomy make sense?"""

from django.utils.translation import gettext as _

from cjops.core.findings import Finding, Severity, pointer
from cjops.documents import Document


def validate(document: Document) -> list[Finding]:
    """What is wrong or doubtful in a document that fits the schema: errors first.

    Takes time linear in the number of concepts.
    """
    found: list[Finding] = []
    if not document["name"]:
        message = _("Give the taxonomy a name.")
        found.append(Finding("error", "name-missing", pointer("name"), message))
    broader = {concept["key"]: concept["broader"] for concept in document["concepts"]}
    circular = in_circles(broader)
    labels: set[tuple[str | None, str]] = set()
    for number, concept in enumerate(document["concepts"]):
        found += about(concept, number, broader, circular)
        label = (concept["broader"], concept["label"].casefold())
        if concept["label"] and label in labels:
            found.append(
                finding(
                    "warning",
                    "label-repeated",
                    number,
                    concept,
                    _("“%(label)s” stands twice under the same broader concept."),
                )
            )
        labels.add(label)
    return sorted(found, key=lambda one: one.severity)


def about(
    concept: Document, number: int, broader: dict[str, str | None], circular: set[str]
) -> list[Finding]:
    """What is wrong with one concept."""
    found = []
    if not concept["label"]:
        message = _("The concept “%(key)s” needs a label.")
        found.append(finding("error", "label-missing", number, concept, message, "label"))
    if concept["broader"] and concept["broader"] not in broader:
        message = _("The broader concept “%(broader)s” of “%(label)s” does not exist.")
        found.append(finding("error", "broader-unknown", number, concept, message, "broader"))
    if concept["key"] in circular:
        message = _("“%(label)s” stands below itself. Choose another broader concept.")
        found.append(finding("error", "broader-circular", number, concept, message, "broader"))
    return found


def finding(
    severity: Severity, code: str, number: int, concept: Document, message: str, field: str = ""
) -> Finding:
    """A finding about one concept; `message` may name its key, label and broader concept."""
    words = {
        "key": concept["key"],
        "label": concept["label"] or concept["key"],
        "broader": concept["broader"] or "",
    }
    place = pointer("concepts", number, *([field] if field else []))
    return Finding(severity, code, place, message % words, "concepts", concept["key"])


def in_circles(broader: dict[str, str | None]) -> set[str]:
    """Keys from which following `broader` comes back to the same key."""
    circular: set[str] = set()
    done: set[str] = set()
    for start in broader:
        path: list[str] = []
        on_path: set[str] = set()
        key: str | None = start
        while key in broader and key not in done and key not in on_path:
            path.append(key)
            on_path.add(key)
            key = broader[key]
        if key in on_path:
            circular.update(path[path.index(key) :])
        done.update(path)
    return circular
