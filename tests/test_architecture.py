"""Rules of the house that a reader of the code should be able to rely on."""

import ast
from functools import cache

from django.apps import apps
from simple_history.exceptions import NotHistoricalModelError
from simple_history.utils import get_history_manager_for_model

from tests.sources import ROOT, for_each, nodes

PACKAGES = ("cjops", "people", "tags", "content", "journeys", "governance")
SOURCES = [
    path
    for package in PACKAGES
    for path in sorted((ROOT / package).rglob("*.py"))
    if "migrations" not in path.parts
]
LONGEST = 420


def calls(path, wanted):
    """Every call of a function or method of that name."""
    for node in nodes(path):
        if isinstance(node, ast.Call):
            called = node.func
            found = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            if found == wanted:
                yield node


def keywords(call):
    return {keyword.arg for keyword in call.keywords}


@for_each(SOURCES)
def test_every_atomic_says_whether_it_is_an_entry_or_a_helper(path):
    bare = [
        call.lineno
        for call in calls(path, "atomic")
        if not {"durable", "savepoint"} & keywords(call)
    ]
    assert bare == []


LOWER_SERVICES = [
    path for path in SOURCES if path.stem == "services" and path.parent.name != "governance"
]


@for_each(LOWER_SERVICES)
def test_a_service_that_may_refuse_leaves_the_callers_transaction_usable(path):
    """`savepoint=False` and a refusal would doom whatever else the caller has under way.

    Governance's own helpers are apart: what refuses them ends the step that they are part of.
    """
    for function in nodes(path):
        if not isinstance(function, ast.FunctionDef):
            continue
        joins = any("savepoint=False" in ast.unparse(one) for one in function.decorator_list)
        refuses = "Raises" in (ast.get_docstring(function) or "") or any(
            isinstance(node, ast.Raise) for node in ast.walk(function)
        )
        assert not (joins and refuses), function.name


# What meets a request or a form; the rest serves pages, API, commands and workers alike.
WEB = {
    "views", "api", "admin", "grant_admin", "person_admin", "forms", "urls", "middleware",
    "context", "adapters", "authentication", "account_views", "proving", "origins", "devices",
    "person_pages", "oidc_views", "second_factor_forms", "templatetags", "element_forms",
    "rendition_form", "writing",
}  # fmt: skip


@for_each(
    [
        path
        for path in SOURCES
        if path.relative_to(ROOT).parts[0] != "cjops"
        and not WEB & {path.stem, *path.relative_to(ROOT).parts}
    ]
)
def test_no_domain_module_is_told_of_a_request(path):
    """What import-linter cannot say of one part of Django, and the same for templates."""
    for node in nodes(path):
        modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            modules = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        for module in modules:
            assert not module.startswith(("django.http", "django.shortcuts", "django.views"))


@for_each(SOURCES)
def test_every_row_lock_names_its_table_and_spares_foreign_keys(path):
    for call in calls(path, "select_for_update"):
        assert {"of", "no_key"} <= keywords(call), f"line {call.lineno}"


@for_each(SOURCES)
def test_no_room_is_longer_than_a_reader_can_hold(path):
    assert len(path.read_text().splitlines()) <= LONGEST


@for_each(SOURCES)
def test_no_module_has_a_name_that_says_nothing(path):
    assert path.stem not in {"utils", "helpers", "managers", "signals", "misc", "common"}


def own_models():
    return [
        model
        for model in apps.get_models()
        if model.__module__.partition(".")[0] in PACKAGES
        and not model.__name__.startswith("Historical")
        and not model._meta.auto_created
    ]


@for_each(own_models(), lambda model: model._meta.label)
def test_every_model_says_what_it_is(model):
    assert model.__doc__
    assert not model.__doc__.startswith(f"{model.__name__}(")


@cache
def tracked_names():
    names = set()
    for model in own_models():
        try:
            get_history_manager_for_model(model)
        except NotHistoricalModelError:
            continue
        names.add(model.__name__)
    return names


BULK = {"update", "bulk_create", "bulk_update"}


@for_each(SOURCES)
def test_no_bulk_write_passes_by_the_history_of_a_tracked_model(path):
    """`Model.objects....update()` and its like leave no history row."""
    tracked = tracked_names()
    for node in nodes(path):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        if node.func.attr not in BULK:
            continue
        root = node.func.value
        while isinstance(root, ast.Call | ast.Attribute):
            root = root.func if isinstance(root, ast.Call) else root.value
        assert getattr(root, "id", "") not in tracked, f"line {node.lineno}"


def test_foreign_keys_are_real_ones():
    for model in own_models():
        for field in model._meta.get_fields(include_hidden=True):
            assert field.__class__.__name__ != "GenericForeignKey", model


@for_each(sorted((ROOT / "templates").rglob("*.html")))
def test_no_template_has_inline_script_style_or_handlers(path):
    text = path.read_text()
    for forbidden in ("<style", " style=", "javascript:", " onclick=", " onload=", " onsubmit="):
        assert forbidden not in text
    for tag in text.split("<script")[1:]:
        assert "src=" in tag.partition(">")[0]
