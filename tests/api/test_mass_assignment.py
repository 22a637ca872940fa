"""What nobody is asked for cannot be sent along: by forms, by programs, by the administration."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection, models, transaction
from django.test import Client, RequestFactory

from cjops.core.api.fields import Input
from governance.models import Change
from people.models import Channel, Role, Team, User
from tests.api.access import CALLS
from tests.api.conftest import ApiClient, Bank, as_outermost, is_problem
from tests.doors import PAGE, WRITES
from tests.governance.posting import as_posted
from tests.test_permission_matrix import address, changes

__all__ = ["changes"]

# What decides who may do what, who did what, and where a thing stands.
PROTECTED = (
    "is_superuser", "is_staff", "is_active", "user_permissions", "groups", "grants", "role",
    "owner", "owners", "state", "number", "created_by", "created_at", "author", "actor", "user",
    "giver", "id", "pk", "live_version", "published_number", "base_version", "approved_by",
    "reviewer", "decided_by", "met_at", "is_broken_glass", "sequence", "previous", "hash",
)  # fmt: skip
OF_PEOPLE = (User, Team, Role, Channel)


@cache
def _statement() -> str:
    parts = []
    for model in apps.get_models():
        names = [
            connection.ops.quote_name(field.column)
            for field in model._meta.concrete_fields
            if isinstance(field, models.BooleanField)
            or field.choices
            or (field.is_relation and field.related_model in OF_PEOPLE)
        ]
        table = model._meta.db_table
        if names and not model._meta.label.startswith(("admin.", "sessions.")):
            parts.append(
                f"SELECT '{table}', string_agg(t::text, ' ' ORDER BY t::text)"
                f' FROM (SELECT {", ".join(names)} FROM "{table}") t'
            )
    return " UNION ALL ".join(parts)


def standing() -> dict[str, str]:
    """Who stands where with what rights: every row by its switches, choices and people."""
    with connection.cursor() as cursor:
        cursor.execute(_statement())
        return dict(cursor.fetchall())


def sent_along(user: User) -> dict[str, str]:
    """All of it, with values that would stand for something."""
    switches = {name: "on" for name in PROTECTED if name.startswith("is_")}
    return dict.fromkeys(PROTECTED, str(user.pk)) | {"state": "published"} | switches


def outcome(client: Client, url: str, sent: dict[str, Any]) -> tuple[int, dict[str, str]]:
    """The status, and who stands where afterwards; it is undone."""
    with as_outermost():
        status = client.post(url, sent).status_code
        after = standing()
        transaction.set_rollback(True)
    return status, after


def test_forms_take_nothing_that_they_do_not_ask_for(
    client: Client, cast: Any, changes: dict[Any, Any]
) -> None:
    wrong, tried = [], 0
    for route, arguments, sent, _expected in WRITES:
        url = address(changes, route, arguments)
        number = changes.get(arguments.get("number"))
        for name in ("mei", "omar"):
            client.force_login(cast.named(name))
            body = sent
            if body is PAGE:
                page = client.get(url)
                if page.status_code != 200:
                    continue
                body = as_posted(page.content.decode()) | {"name": "Another name"}
            if number is not None and "number" in arguments:
                body = {**body, "digest": Change.objects.get(pk=number).digest}
            plain = outcome(client, url, body)
            if plain[0] >= 400:
                continue
            tried += 1
            # Below what the form itself asks for.
            more = outcome(client, url, {**sent_along(cast.zoe), **body})
            if more != plain:
                differ = [label for label in plain[1] if plain[1][label] != more[1][label]]
                wrong.append(f"{route} {arguments} as {name}: {plain[0]}, {more[0]}, {differ}")
            break
    assert not wrong, "\n" + "\n".join(wrong)
    assert tried > 40


@pytest.mark.parametrize("field", ["is_staff", "is_superuser"])
def test_the_comparison_sees_what_would_change(cast: Any, field: str) -> None:
    before = standing()
    User.objects.filter(pk=cast.zoe.pk).update(**{field: True})
    assert standing() != before


def test_programs_are_refused_what_no_call_asks_for(bank: Bank, draft: Any) -> None:
    number = draft()
    wrong, tried = [], 0
    for method, path, body, _outcomes in CALLS:
        if method == "GET" or not isinstance(body, dict):
            continue
        for client in (bank.mei, bank.omar):
            plain, done = _called(client, method, path.format(n=number), body)
            if plain.status_code >= 300:
                continue
            tried += 1
            more = sent_along(bank.user("zoe"))
            more.pop("giver")
            # As many as one answer names.
            for some in (list(more.items())[:15], list(more.items())[15:]):
                answer, after = _called(
                    client, method, path.format(n=number), {**body, **dict(some)}
                )
                if answer.status_code == 400:
                    refused = set(is_problem(answer, 400)["errors"])
                    fine = dict(some).keys() - body.keys() <= refused
                else:
                    # A call that reads no body does what it does without.
                    fine = (answer.status_code, after) == (plain.status_code, done)
                if not fine:
                    wrong.append(f"{method} {path}: {answer.status_code}, {sorted(dict(some))}")
            break
    assert not wrong, "\n" + "\n".join(wrong)
    assert tried > 10


def _called(client: ApiClient, method: str, path: str, body: Any) -> tuple[Any, Any]:
    with as_outermost():
        answer = client.send(method, path, body)
        after = standing()
        transaction.set_rollback(True)
    return answer, after


def _inputs(parent: type[Input] = Input) -> Iterator[type[Input]]:
    for one in parent.__subclasses__():
        yield one
        yield from _inputs(one)


# Filters of lists, which are looked for and not written.
ASKED_FOR = {
    "AssetFilters": {"state"},
    "ChangeFilters": {"state", "author"},
    "JourneyFilters": {"state", "owner"},
    "LedgerFilters": {"actor"},
    # Governance leads delegate for somebody else; the service asks who it is that does.
    "DelegationIn": {"giver"},
}


def test_no_body_declares_what_is_protected() -> None:
    declared = {one.__name__: set(one().fields) & set(PROTECTED) for one in _inputs()}
    assert {name: found for name, found in declared.items() if found} == ASKED_FOR


# What whoever administers the portal may set by hand, and nothing else of the protected.
BY_HAND: dict[str, set[str]] = {
    "people.User": {"is_staff", "is_superuser", "user_permissions"},
    "people.Grant": {"user", "role"},
    "governance.Policy": {"created_at"},
}


def test_the_administration_sets_no_more_by_hand_than_is_listed(cast: Any) -> None:
    request = RequestFactory().get("/admin/")
    request.user = User(is_superuser=True, is_staff=True, is_active=True)
    found = {}
    for model, page in admin.site._registry.items():
        fields: set[str] = set()
        for existing in (None, model._base_manager.first()):
            if existing is None:
                may = page.has_add_permission(request)
            else:
                may = page.has_change_permission(request, existing)
            if not may:
                continue
            form = page.get_form(request, existing, change=existing is not None)
            fields |= set(form.base_fields) - set(page.get_readonly_fields(request, existing))
        if fields & set(PROTECTED):
            found[model._meta.label] = fields & set(PROTECTED)
    assert found == BY_HAND
