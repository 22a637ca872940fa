"""Every address that can be asked for, with the keys and numbers of what is hidden and what is not.

Each comes as a pair: the address, and the same with the key or number of something that there is
not. What is hidden has to answer like that, byte by byte.
"""

from collections.abc import Iterator
from itertools import product
from typing import Any

from tests.bad_input.test_walk import ADMIN, PORTAL
from tests.leaks.scene import FIRST_NUMBER, KEY, MISSING_KEY, POLICY, WORD, Scene

MISSING_NUMBER = 7_799_999
# A hidden change in each of these; the other states add nothing.
STATES = ("draft", "in_review", "scheduled", "published")
TABS = ("changes", "story", "conversation", "checks", "revisions", "deciders")
JOURNEY_TABS = ("map", "flow", "content", "story", "versions", "changes", "people", "draft")
SEARCHES = {
    "/journeys/": ("q", "market", "product_line"),
    "/content/": ("q", "tag", "collection"),
    "/changes/": ("q",),
    "/people/": ("q",),
    "/why/": ("subject",),
    "/content/onboarding-welcome/submit/": ("q", "replace"),
    "/content/onboarding-welcome/replace/": ("q",),
    "/content/+compose/": ("q",),
    "/content/+unused/": ("q",),
    "/changes/concepts/": ("tags/more",),
    "/journeys/account-opening/steps/welcome-email/submit/": ("q", "asset"),
    "/api/v1/journeys/": ("q", "market", "product_line"),
    "/api/v1/assets/": ("q",),
    "/api/v1/library/facets/": ("q",),
    "/api/v1/changes/": ("subject",),
    "/api/v1/why/": ("subject",),
    "/api/v1/ledger/": ("subject", "change"),
}
FLAGS = ({"mine": "author"}, {"mine": "decide"}, {"mine": "reviewed"}, {"state": "all"},
         {"state": "published"}, {"action": "comment"}, {"kind": "journey"},
         {"page": "2"}, {"limit": "200"})  # fmt: skip


def open_and_hidden(scene: Scene, route: str, name: str) -> tuple[list[str], list[str]]:
    """What an argument can be: of things that are open, and of hidden ones."""
    journeys = (["account-opening", "child"], [one.key for one in scene.hidden])
    assets = (["onboarding-welcome"], [scene.asset.key])
    numbers = (
        [str(one.number) for one in scene.open_changes],
        [str(scene.changes[state].number) for state in STATES],
    )
    by_start: tuple[tuple[str, tuple[list[str], list[str]]], ...] = (
        ("content/", assets),
        ("assets/", assets),
        ("people/", (["email", "vault"], [])),
        ("teams/", (["email", "vault"], [])),
        ("policies/", (["owner", POLICY], [])),
        ("taxonomies/", ([], [scene.taxonomy.key])),
    )
    start = route.removeprefix("api/v1/")
    if name == "journey":
        return journeys
    if name == "step":
        return ["welcome-email"], [f"{KEY}-wait"]
    if name == "key" and not start.startswith("changes/"):
        return next((found for prefix, found in by_start if start.startswith(prefix)), journeys)
    if name in ("origin", "other"):
        return assets
    if name == "sha256":
        return [scene.picture, "0" * 64], [scene.hidden_picture]
    if name == "number" and start.startswith("changes/"):
        return numbers
    known: dict[str, list[str]] = {
        "number": ["1", "2"],
        "a": ["1"],
        "b": ["2"],
        "element": ["steps"],
        "key": ["welcome-email"],
        "action": ["comment", "queue", "approve"],
        "side": ["after"],
        "place": ["steps/welcome-email/name", "steps/welcome-email/body/en"],
        "kind": ["journey"],
        "digest": ["0" * 64],
        "suggestion": ["1"],
        "remark": ["1"],
        "form": ["csv"],
        "pk": ["1"],
        "x": ["x"],
        "version": ["1"],
        "token": ["0123456789"],
    }
    return known[name], []


def addresses(scene: Scene) -> Iterator[tuple[str, str]]:
    """Every page and endpoint with each of them, and the same of what there is not."""
    for route, arguments, _name in PORTAL:
        shape = "/" + route.replace("{0}", "{}", 1).replace("{0}", "x")
        choices = [open_and_hidden(scene, route, name) for _kind, name in arguments]
        seen = [one for one, _hidden in choices]
        for place, (_open, hidden) in enumerate(choices):
            others = [(one or more)[:1] for one, more in choices]
            for wanted in hidden:
                missing = str(MISSING_NUMBER) if wanted.isdecimal() else MISSING_KEY + wanted[5:]
                for filled in product(*others[:place], [wanted], *others[place + 1 :]):
                    absent = (*filled[:place], missing, *filled[place + 1 :])
                    yield shape.format(*filled), shape.format(*absent)
        for filled in product(*seen):
            address = shape.format(*filled)
            yield address, address
    yield from _of_subjects_by_kind(scene)


def _of_subjects_by_kind(scene: Scene) -> Iterator[tuple[str, str]]:
    for kind, key in (("asset", scene.asset.key), ("taxonomy", scene.taxonomy.key)):
        yield f"/changes/new/{kind}/{key}/", f"/changes/new/{kind}/{MISSING_KEY}{key[5:]}/"


def with_queries(scene: Scene) -> Iterator[tuple[str, str]]:
    """Lists and pages, with searches that would find what is hidden."""
    lists = [
        "/" + route for route, arguments, _name in PORTAL
        if not arguments and not route.startswith(("accounts/", "health/", "metrics"))
    ]  # fmt: skip
    for change in scene.open_changes:
        lists += [f"/changes/{change.number}/", f"/changes/{change.number}/edit/",
                  f"/changes/{change.number}/edit/steps/welcome-email/"]  # fmt: skip
    words = [(f"{KEY}-parent", f"{MISSING_KEY}-parent"), (WORD, "Zqnone"), (WORD.lower(), "zqnone"),
             (f"CR-{FIRST_NUMBER}", f"CR-{MISSING_NUMBER}"),
             (str(FIRST_NUMBER), str(MISSING_NUMBER)),
             (f"{KEY}-topics:{KEY}-cards", f"{MISSING_KEY}-topics:{MISSING_KEY}-cards"),
             (f"{KEY}-asset", f"{MISSING_KEY}-asset")]  # fmt: skip
    for (path, names), (wanted, missing) in product(SEARCHES.items(), words):
        for name in names:
            yield f"{path}?{name}={wanted}", f"{path}?{name}={missing}"
    for kind, what in (("journey", "parent"), ("asset", "asset"), ("taxonomy", "topics")):
        yield (f"/why/?subject={kind}:{KEY}-{what}", f"/why/?subject={kind}:{MISSING_KEY}-{what}")
    for path in lists:
        for flags in FLAGS:
            query = "&".join(f"{name}={value}" for name, value in flags.items())
            yield f"{path}?{query}", f"{path}?{query}"


def tabs(scene: Scene) -> Iterator[tuple[str, str]]:
    """Every part of the pages of open changes and journeys."""
    for change, tab in product(scene.open_changes, TABS):
        for htmx in ("", "&since=review"):
            yield (f"/changes/{change.number}/?tab={tab}{htmx}",) * 2
    for key, tab in product(("account-opening", "child"), JOURNEY_TABS):
        yield (f"/journeys/{key}/?tab={tab}",) * 2


def absent(word: str) -> str:
    """The same word for something that there is not."""
    for one, other in ((WORD, "Zqnone"), (KEY, MISSING_KEY), (str(FIRST_NUMBER), MISSING_NUMBER)):
        word = word.replace(one, str(other))
    return word


def of_open_rows(rows: dict[str, list[Any]]) -> Iterator[str]:
    """The administration's pages about these, such as what was edited in them."""
    for route, arguments, name in ADMIN:
        if arguments and [one for _kind, one in arguments] == ["object_id"]:
            model = name.removeprefix("admin:").rpartition("_")[0]
            yield from (f"/{route.format(pk)}" for pk in rows.get(model, []))
    yield from (f"/admin/people/user/{pk}/switch-off/" for pk in rows.get("people_user", []))


def of_admin(rows: dict[str, list[Any]]) -> Iterator[tuple[str, str]]:
    """The administration: lists, every row that is hidden, and what it looks up by name."""
    for route, arguments, name in ADMIN:
        model = name.removeprefix("admin:").rpartition("_")[0]
        if not arguments:
            yield f"/{route}", f"/{route}"
            for word in (WORD, KEY, str(FIRST_NUMBER)) if name.endswith("_changelist") else ():
                yield f"/{route}?q={word}", f"/{route}?q={absent(word)}"
        elif [name for _kind, name in arguments] == ["object_id"]:
            for pk in rows.get(model, []):
                yield f"/{route.format(pk)}", f"/{route.format(MISSING_NUMBER)}"
    for app, model, field in (
        ("journeys", "journey", "parent"),
        ("governance", "freezewindow", "journey"),
    ):
        query = f"app_label={app}&model_name={model}&field_name={field}"
        for word, missing in ((WORD, "Zqnone"), ("", "")):
            yield (f"/admin/autocomplete/?{query}&term={word}",
                   f"/admin/autocomplete/?{query}&term={missing}")  # fmt: skip
